/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BERTH_ARCHIVE_PATH_STAT_H
#define BERTH_ARCHIVE_PATH_STAT_H

#include <stdint.h>
#include <sys/stat.h>

#include "error.h"

/* os.FileMode of Go: permissions, and bits of its own for kinds. */
uint32_t go_file_mode(mode_t mode);

/*
 * Opens (O_PATH) what is at `path` of the root, a final link itself, with all links kept inside of the root. Returns the descriptor,
 * or -1 with err set to Go's words for lstat.
 */
int path_open(int root, const char *path, struct error *err);

/*
 * What the header X-Docker-Container-Path-Stat says of `path`, which is open as `fd`: JSON in base64. The target of a link is
 * followed to its end, or as far as it leads. The caller frees it. Returns NULL with err set.
 */
char *path_stat(int root, int fd, const char *path, struct error *err);

#endif
