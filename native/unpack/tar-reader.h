/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BERTH_UNPACK_TAR_READER_H
#define BERTH_UNPACK_TAR_READER_H

#include <archive.h>
#include <archive_entry.h>

#include "error.h"
#include "tar-guard.h"

/* A tar as libarchive reads it, with what Docker refuses refused, and failures in dockerd's words. */
struct tar_reader {
	struct archive *archive;
	struct tar_guard guard;
	struct error source_error;
	bool source_failed;
};

/* `source` must stay good until the reader is closed, which is needed after a failure as well. Returns 0, or -1 with err set. */
int tar_reader_open(struct tar_reader *r, tar_source *source, void *context, struct error *err);
void tar_reader_close(struct tar_reader *r);

/* Returns 1 with the next entry, which is good until the next call; 0 at the end; -1 with err set. */
int tar_reader_next(struct tar_reader *r, struct archive_entry **entry, struct error *err);

/* What went wrong while the archive was read. Returns -1. */
int tar_reader_failure(struct tar_reader *r, struct error *err);

#endif
