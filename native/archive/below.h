/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BERTH_ARCHIVE_BELOW_H
#define BERTH_ARCHIVE_BELOW_H

#include <stdbool.h>

#include "error.h"
#include "idmap.h"

/* Directories below another one, in the manner of Docker 28: absolute links begin at it, relative ones must not lead out of it. */

/* Opens the directory `path` (cleaned). Returns it, or -1 with errno, and with *said set when err is, too. */
int below_dir(int root, const char *path, bool *said, struct error *err);

/* Makes what is missing of a directory's path, for root of the maps, and opens it. Returns it, or -1 with errno. */
int below_make(int root, const char *path, const struct idmaps *maps);

/* Removes what is at name in the directory, with all it holds. Returns 0, or -1 with errno. */
int below_remove(int dir, const char *name);

#endif
