/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BERTH_UNPACK_HASH_H
#define BERTH_UNPACK_HASH_H

#include "stream.h"

/* Room for "sha256:" and 64 digits. */
#define DIGEST_SIZE 72

/* Reads the stream to its end as STREAM_HASH and writes the digest of it. Returns 0, or -1 with err set. */
int hash_stream(struct stream *in, char digest[static DIGEST_SIZE], struct error *err);

#endif
