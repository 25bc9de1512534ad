/* Removing a directory tree that others may have put things into. */
#pragma once

/*
 * Removes path and all below, following no link and crossing no mount point (which then stays, with what
 * leads to it). Returns 0, also when it is not there, or -1 with errno for what was in the way first.
 */
int directory_remove(const char *path);
