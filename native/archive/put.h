/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BERTH_ARCHIVE_PUT_H
#define BERTH_ARCHIVE_PUT_H

#include <stdbool.h>
#include <sys/types.h>

#include "../unpack/tar-guard.h"
#include "error.h"
#include "idmap.h"

struct put {
	int dir;	   /* what the archive is unpacked into; nothing leaves it */
	const char *path;  /* its path in the container, for messages */
	bool keep_kind;	   /* a directory and something else do not replace one another */
	bool owned;	   /* everything belongs to uid and gid */
	uid_t uid;
	gid_t gid;
	const struct idmaps *maps; /* from the owners above, or named by the archive, to those on disk; NULL: the same */
};

/*
 * Unpacks a tar as `docker cp` does: what is there is replaced, directories are merged, the archive's own entry for the directory
 * itself is passed over. Links that the archive holds, or finds, are followed inside of the directory only. Returns 0, or -1 with
 * err set in dockerd's words.
 */
int put_archive(const struct put *p, tar_source *source, void *context, struct error *err);

#endif
