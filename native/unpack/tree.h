/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BERTH_UNPACK_TREE_H
#define BERTH_UNPACK_TREE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "error.h"
#include "idmap.h"

/* The kernel's mark of a directory that hides what the layers below hold in it. Documentation/filesystems/overlayfs.rst. */
#define OPAQUE_XATTR "trusted.overlay.opaque"

/*
 * The directory a layer is unpacked into, and the layers below it. Every path is resolved by the kernel with the directory as
 * its root (openat2, RESOLVE_IN_ROOT), and what is then done is done on a descriptor and one name.
 */
struct tree;

/*
 * Takes over root_fd and the parents (nearest first), which tree_free() closes. What is made without being told an owner is that of the
 * maps' root (NULL: none); they stay the caller's. Returns NULL when out of memory.
 */
struct tree *tree_new(int root_fd, const int *parents, int parent_count, const struct idmaps *maps);
void tree_free(struct tree *t);

/*
 * The directory `path` (cleaned) as a descriptor that stays the tree's and is good until tree_dir() has been called for two others. Missing
 * ones are made, with the attributes they have in the layers below. Returns -1 with err set.
 */
int tree_dir(struct tree *t, const char *path, struct error *err);

/* Opens the directory `path` (cleaned) if it is there, itself no link. Returns a descriptor of the caller's, or -1. */
int tree_find_dir(const struct tree *t, const char *path);

/* What is at name in the directory dir_fd. Returns 1, 0 when there is nothing, -1 with err set. */
int tree_stat(int dir_fd, const char *name, struct stat *st, struct error *err);

/* Removes what is at name: a file, or a directory with all it holds. Takes back what was counted for it. */
int tree_remove(struct tree *t, int dir_fd, const char *name, struct error *err);

/*
 * Looks for a regular file at `path` (cleaned) in the layers below and copies it, with its attributes, to name in dir_fd.
 * Returns 1 when it was found and copied, 0 when there is none, -1 with err set.
 */
int tree_copy_up(struct tree *t, const char *path, int dir_fd, const char *name, struct error *err);

/* Gives the tree's root the attributes of the root below it, as a layer has that does not say otherwise. */
int tree_inherit_root(struct tree *t, struct error *err);

/* True for a whiteout: character device 0:0. */
bool tree_is_whiteout(const struct stat *st);

/* The maps between the owners an archive names and those on disk. */
const struct idmaps *tree_maps(const struct tree *t);

/* Counts a file just made. */
void tree_count(struct tree *t, uint64_t bytes);

/* Bytes of all files and links of this layer, as Docker counts them: each inode once, directories not at all. */
uint64_t tree_size(const struct tree *t);

#endif
