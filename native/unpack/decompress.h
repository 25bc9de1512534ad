/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BERTH_UNPACK_DECOMPRESS_H
#define BERTH_UNPACK_DECOMPRESS_H

#include <stdbool.h>
#include <sys/types.h>

#include "stream.h"

/* Where compressed bytes come from: like read(2), but a failure sets err. */
typedef ssize_t decompress_source(void *context, void *data, size_t size, struct error *err);

/*
 * Reads the source to its end, decompresses it and writes it to the stream, which it finishes. What it is compressed with
 * is told by its first bytes: gzip, zstd, bzip2, xz, or nothing. A blob that ends early is "unexpected EOF", as Docker says.
 */
void decompress(decompress_source *source, void *context, struct stream *out);

/* How many first bytes tell what a blob is compressed with, and whether they say that it is not. */
#define DECOMPRESS_MAGIC 6
bool decompress_is_plain(const unsigned char *head, size_t size);

/* The source that is a descriptor; the context points to it. */
decompress_source decompress_from_fd;

#endif
