/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BERTH_ARCHIVE_TAR_TREE_H
#define BERTH_ARCHIVE_TAR_TREE_H

#include <stdbool.h>

#include "error.h"
#include "idmap.h"
#include "send.h"

/*
 * A directory, or one other thing, as tar entries: by name, depth first, as Docker walks a tree. Sockets are left out. The tree may
 * change meanwhile: what vanishes is left out.
 */
struct tar_tree {
	struct sender *to;
	/* Goes before every name; NULL: the names begin below the root, which has no entry itself. */
	const char *prefix;
	/*
	 * The directory is the upper one of an overlay, and becomes a layer: its marks become names (OCI image-spec, layer.md,
	 * "Whiteouts").
	 */
	bool layer;
	/* From the owners on disk to those the entries name; what has an owner of no such id is left out, as by dockerd. NULL: as on disk. */
	const struct idmaps *maps;
};

/* Writes all that `dir` holds, itself included when there is a prefix. Returns 0, or -1 with err set. */
int tar_tree_dir(const struct tar_tree *t, int dir, struct error *err);

/* Writes the one entry `name` of `parent`, which is no directory, under the name of the prefix. */
int tar_tree_one(const struct tar_tree *t, int parent, const char *name, struct error *err);

/* The two blocks that end an archive. */
int tar_tree_end(const struct tar_tree *t, struct error *err);

#endif
