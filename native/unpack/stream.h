/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BERTH_UNPACK_STREAM_H
#define BERTH_UNPACK_STREAM_H

#include <stddef.h>

#include "error.h"

/*
 * The decompressed bytes of a layer on their way from one writer to two readers: a ring of chunks, each of which every reader
 * sees, in order, without a copy. Bounded: the writer waits for the slower reader.
 */
struct stream;

/* What stream_reserve() offers. */
#define STREAM_CHUNK_SIZE (256 * 1024)

enum stream_reader { STREAM_EXTRACT, STREAM_HASH, STREAM_READERS };

/* For the first `readers` of the readers: all, or the extracting one alone. Returns NULL when out of memory. */
struct stream *stream_new(unsigned readers);
void stream_free(struct stream *s);

/* Writer: a buffer of *size bytes to fill. Returns NULL when the readers have given up. */
void *stream_reserve(struct stream *s, size_t *size);

/* Writer: hands over the first `len` bytes of the buffer reserved last. */
void stream_commit(struct stream *s, size_t len);

/* Writer: no more bytes. `err` (NULL when all went well) is what the readers are told after the last chunk. */
void stream_finish(struct stream *s, const struct error *err);

/*
 * Reader: gives back the chunk read before and returns the next one, valid until the next call.
 * Returns its length, 0 at the end, or -1 with err set to the writer's error.
 */
long stream_read(struct stream *s, enum stream_reader reader, const void **data, struct error *err);

/* Either reader: nobody wants more. The writer's next stream_reserve() returns NULL, the other reader sees the end. */
void stream_abort(struct stream *s);

#endif
