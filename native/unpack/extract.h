/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BERTH_UNPACK_EXTRACT_H
#define BERTH_UNPACK_EXTRACT_H

#include "error.h"
#include "stream.h"
#include "tree.h"

/*
 * Reads a layer's tar from the stream, to the stream's end, and makes its files in the tree, whiteouts as overlayfs knows them.
 * Returns 0, or -1 with err set: what was made so far stays, the caller throws the directory away.
 * The locale must be a UTF-8 one: libarchive takes the names of PAX headers through it.
 */
int extract(struct stream *in, struct tree *t, struct error *err);

#endif
