#pragma once

#include <sys/types.h>

struct error;

/* Writes the number beside and renames it, so that a reader sees all of it or nothing. NULL: nothing to do.
 */
int pid_file_write(const char *path, pid_t pid, struct error *err);
