/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BERTH_UNPACK_DECOMPRESS_H
#define BERTH_UNPACK_DECOMPRESS_H

#include "stream.h"

/*
 * Reads the blob at `fd` to its end, decompresses it and writes it to the stream, which it finishes. What it is compressed with
 * is told by its first bytes: gzip, zstd, bzip2, xz, or nothing. A blob that ends early is "unexpected EOF", as Docker says.
 */
void decompress(int fd, struct stream *out);

#endif
