/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BERTH_UNPACK_PATH_H
#define BERTH_UNPACK_PATH_H

#include <stddef.h>

/* Bytes of the longest path an entry may have, with the final NUL; the kernel's own limit. */
#define PATH_CAP 4096

/*
 * Cleans an entry's name the way Docker does before it uses it: relative to the layer's root, without empty, "." and ".."
 * components; what would climb above the root stays at the root. The root itself is "".
 * Purely lexical: links are the kernel's business (RESOLVE_IN_ROOT). Returns 0, or -1 when it does not fit.
 */
int path_clean(const char *name, char *out, size_t size);

/* Splits a cleaned, non-empty path in place: *dir is its parent ("" for the root), *base its last component. */
void path_split(char *path, const char **dir, const char **base);

/* What a name means in a layer. OCI image-spec, layer.md, "Whiteouts". */
enum whiteout {
	WHITEOUT_NONE,	  /* an ordinary entry */
	WHITEOUT_FILE,	  /* hides `target` of the layers below */
	WHITEOUT_OPAQUE,  /* hides all that the directory holds in the layers below */
	WHITEOUT_META,	  /* aufs bookkeeping (.wh..wh.plnk and the like): not for us */
	WHITEOUT_INVALID, /* hides nothing that can exist: "", "." or ".." */
};

/* Recognises a whiteout by the last component of a path. *target points into `base` for WHITEOUT_FILE. */
enum whiteout path_whiteout(const char *base, const char **target);

#endif
