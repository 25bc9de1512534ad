/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BERTH_ARCHIVE_GO_PATH_H
#define BERTH_ARCHIVE_GO_PATH_H

#include <stdbool.h>
#include <stddef.h>

/* Paths as Go's path/filepath and dockerd's own helpers see them, because they show in names and messages. All pure. */

/* Bytes of the longest path, with the final NUL; the kernel's own limit. */
#define GO_PATH_CAP 4096

/* filepath.Clean. Returns 0, or -1 when it does not fit. `out` may not be `path`. */
int go_clean(const char *path, char *out, size_t size);

/* filepath.Base: "." for the empty path, "/" for slashes alone. `out` holds at least strlen(path) + 2 bytes. */
void go_base(const char *path, char *out, size_t size);

/*
 * The absolute, cleaned form of a path that a client gave, with a final "/" or "/." kept, for they say that what is in a
 * directory is meant. Returns 0, or -1 when it does not fit.
 */
int go_absolute(const char *path, char *out, size_t size);

/* Whether a cleaned relative path leaves the directory it starts in. */
bool go_climbs(const char *cleaned);

#endif
