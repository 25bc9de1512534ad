/* The names of rotated log files, and their compression. */
#pragma once

#include "children.h"

/*
 * Renames path to path.1, path.1[.gz] to path.2[.gz] and so on; what would become path.<max_files> is
 * removed. max_files counts path itself and is at least 2. Returns 0, or -1 with errno when path itself could
 * not be moved.
 */
int log_rotate(const char *path, unsigned max_files);

/*
 * Starts gzip(1) from path.1 to a temporary file; exited is called with its wait status. When it cannot be
 * started path.1 stays as it is.
 */
void log_compress(const char *path, struct children *children, struct child *child, child_exited *exited);

/* Puts path.1.gz in the place of path.1 when the compressor's wait status is success, else removes its
 * output. */
void log_compress_end(const char *path, int status);
