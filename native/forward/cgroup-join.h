/* Moves this process to cgroups: out of the daemon's service, whose end would be this one's. */
#pragma once

/* directories: separated by commas; what cannot be joined is passed over. */
void cgroups_join(const char *directories);
