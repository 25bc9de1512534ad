/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BERTH_UNPACK_TAR_GUARD_H
#define BERTH_UNPACK_TAR_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"

#define TAR_BLOCK 512

/* The tar, piece by piece: the next one, valid until the next call. Returns its length, 0 at the end, -1 with err set. */
typedef long tar_source(void *context, const void **data, struct error *err);

enum tar_part { TAR_HEAD, TAR_EXTENSION, TAR_CONTENT, TAR_END };

/*
 * The headers of a tar, looked at on its way to libarchive, which makes files of types it does not know, and takes more for a
 * header than Docker does: what Docker refuses ends the stream with dockerd's words, and what came before has been handed over.
 * No piece goes beyond the header of an entry or its content, so `type` is that of the entry whose header was handed over last.
 */
struct tar_guard {
	tar_source *source;
	void *context;
	/* What is left of the source's piece. */
	const unsigned char *piece;
	size_t piece_len;
	enum tar_part part;
	unsigned char head[TAR_BLOCK];
	/* Of an extended header: its records, padded; the size of the entry that they name. */
	unsigned char *extension;
	size_t extension_size;
	unsigned char extension_type;
	uint64_t pax_size;
	bool has_pax_size;
	bool extended;	   /* an entry must follow */
	bool null_block;   /* the one before was; two are the end */
	uint64_t content; /* bytes that are left of it, with its padding */
	unsigned char type;
};

void tar_guard_init(struct tar_guard *g, tar_source *source, void *context);
void tar_guard_free(struct tar_guard *g);

/* As a tar_source: the same bytes, but for extended headers that say nothing. */
long tar_guard_next(struct tar_guard *g, const void **data, struct error *err);

/* Whether the archive ended after an extended header without its entry: for Docker, an end like any other. */
bool tar_guard_ended_bare(const struct tar_guard *g);

#endif
