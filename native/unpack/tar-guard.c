/* SPDX-License-Identifier: Apache-2.0 */
#include "tar-guard.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* What Docker (Go's archive/tar) takes of an extended header. */
#define EXTENSION_MOST (1u << 20)

enum { SIZE_AT = 124, SIZE_LEN = 12, SUM_AT = 148, SUM_LEN = 8, TYPE_AT = 156, MAGIC_AT = 257 };

void tar_guard_init(struct tar_guard *g, tar_source *source, void *context)
{
	*g = (struct tar_guard){.source = source, .context = context};
}

void tar_guard_free(struct tar_guard *g)
{
	free(g->extension);
	g->extension = NULL;
}

bool tar_guard_ended_bare(const struct tar_guard *g)
{
	return g->extended && (g->part == TAR_END || g->null_block);
}

static int invalid(struct error *err)
{
	return error_text(err, 0, "archive/tar: invalid tar header");
}

/* The next bytes of the source, at most `most`. Returns how many, 0 at the end, -1 with err set. */
static long take(struct tar_guard *g, size_t most, const unsigned char **data, struct error *err)
{
	if (g->piece_len == 0) {
		const void *piece = NULL;
		long n = g->source(g->context, &piece, err);
		if (n <= 0)
			return n;
		g->piece = piece;
		g->piece_len = (size_t)n;
	}
	size_t n = g->piece_len < most ? g->piece_len : most;
	*data = g->piece;
	g->piece += n;
	g->piece_len -= n;
	return (long)n;
}

/* Returns 1 with `out` filled, 0 when there was nothing any more, -1 with err set. */
static int take_whole(struct tar_guard *g, unsigned char *out, size_t size, struct error *err)
{
	size_t len = 0;

	while (len < size) {
		const unsigned char *data;
		long n = take(g, size - len, &data, err);
		if (n < 0)
			return -1;
		if (n == 0)
			return len == 0 ? 0 : error_text(err, 0, "unexpected EOF");
		memcpy(out + len, data, (size_t)n);
		len += (size_t)n;
	}
	return 1;
}

/* A number in octal digits, with spaces and NULs around them. */
static int octal(const unsigned char *field, size_t len, uint64_t *value)
{
	*value = 0;
	while (len > 0 && (*field == ' ' || *field == '\0')) {
		field++;
		len--;
	}
	for (; len > 0 && *field != ' ' && *field != '\0'; field++, len--) {
		if (*field < '0' || *field > '7' || *value >> 61)
			return -1;
		*value = *value << 3 | (uint64_t)(*field - '0');
	}
	return 0;
}

/* The size of an entry: octal, or with the first bit set a signed number of the other 95. */
static int head_size(const unsigned char *head, uint64_t *size)
{
	const unsigned char *field = head + SIZE_AT;

	if (!(field[0] & 0x80))
		return octal(field, SIZE_LEN, size) < 0 || *size > INT64_MAX ? -1 : 0;
	*size = field[0] & 0x7f;
	for (int i = 1; i < SIZE_LEN; i++) {
		if (*size >> 55)
			return -1;
		*size = *size << 8 | field[i];
	}
	return 0;
}

static bool is_null(const unsigned char *block)
{
	return block[0] == 0 && memcmp(block, block + 1, TAR_BLOCK - 1) == 0;
}

/* The sum of the bytes, with spaces for itself; old programs took them as signed. */
static bool sum_is_right(const unsigned char *head)
{
	uint64_t told, plain = 0;
	int64_t with_sign = 0;

	for (int i = 0; i < TAR_BLOCK; i++) {
		unsigned char c = i >= SUM_AT && i < SUM_AT + SUM_LEN ? ' ' : head[i];
		plain += c;
		with_sign += (signed char)c;
	}
	return octal(head + SUM_AT, SUM_LEN, &told) == 0 && (told == plain || (int64_t)told == with_sign);
}

/* Reads "LENGTH KEY=VALUE\n" at `at`. Returns the record's length, 0 when there is none. */
static size_t record_at(struct tar_guard *g, const char *at, size_t left)
{
	static const char size_key[] = "size=";
	size_t length = 0, digits = 0;

	while (digits < left && digits < 8 && at[digits] >= '0' && at[digits] <= '9')
		length = length * 10 + (size_t)(at[digits++] - '0');
	if (digits == 0 || length > left || length < digits + 4 || at[digits] != ' ' || at[length - 1] != '\n')
		return 0;
	const char *key = at + digits + 1, *end = at + length - 1, *equals = memchr(key, '=', (size_t)(end - key));
	if (!equals || equals == key || memchr(key, '\0', (size_t)(equals - key)))
		return 0;
	if (strncmp(key, size_key, sizeof(size_key) - 1) != 0)
		return length;
	/* An empty value takes back what another record said. */
	g->has_pax_size = equals + 1 < end;
	g->pax_size = 0;
	for (const char *c = equals + 1; c < end; c++) {
		if (*c < '0' || *c > '9' || g->pax_size > INT64_MAX / 10 - 1)
			return 0;
		g->pax_size = g->pax_size * 10 + (uint64_t)(*c - '0');
	}
	return length;
}

static int read_records(struct tar_guard *g, size_t size, struct error *err)
{
	const char *at = (const char *)g->extension;

	while (size > 0) {
		size_t length = record_at(g, at, size);
		if (length == 0)
			return invalid(err);
		at += length;
		size -= length;
	}
	return 0;
}

/* What follows the head of an extended header, in one piece. */
static int read_extension(struct tar_guard *g, uint64_t size, struct error *err)
{
	size_t padded = (size + TAR_BLOCK - 1) & ~(uint64_t)(TAR_BLOCK - 1);
	unsigned char *room = realloc(g->extension, padded);

	if (!room)
		return error_set(err, ENOMEM, "unpack");
	g->extension = room;
	g->extension_size = padded;
	int got = take_whole(g, room, padded, err);
	if (got <= 0)
		return got < 0 ? -1 : error_text(err, 0, "unexpected EOF");
	/* Records for all that follow: Docker has no use for them, but looks at them. */
	if (g->extension_type == 'g') {
		struct tar_guard global = {.extension = g->extension};
		return read_records(&global, size, err);
	}
	if (g->extension_type != 'x')
		return 0;
	g->has_pax_size = false;
	return read_records(g, size, err);
}

/* An extended header: `extension_type` and its size are known. */
static int begin_extension(struct tar_guard *g, uint64_t size, struct error *err)
{
	if (size > EXTENSION_MOST)
		return error_text(err, 0, "archive/tar: header field too long");
	if (read_extension(g, size, err) < 0)
		return -1;
	g->extended = g->extension_type != 'g';
	g->part = TAR_EXTENSION;
	return 0;
}

/* The header of an entry: what Docker has no files for is refused, and how much content follows is known. */
static int begin_entry(struct tar_guard *g, uint64_t size, struct error *err)
{
	g->type = g->head[TYPE_AT];
	if (g->type == 'S' && memcmp(g->head + MAGIC_AT, "ustar  ", 8) != 0)
		return invalid(err);
	if (g->type > '6' || (g->type < '0' && g->type != '\0'))
		return error_text(err, 0, "unhandled tar header type %u", g->type);
	if (g->has_pax_size)
		size = g->pax_size;
	if (g->type >= '1')
		size = 0;
	g->content = (size + TAR_BLOCK - 1) & ~(uint64_t)(TAR_BLOCK - 1);
	g->part = g->content > 0 ? TAR_CONTENT : TAR_HEAD;
	g->extended = g->has_pax_size = false;
	return 0;
}

static bool is_extension(unsigned char type)
{
	return type == 'x' || type == 'g' || type == 'L' || type == 'K';
}

/* Reads the next block where a header must be. Returns 1 when it is to be handed over, 0 at the end, -1 with err set. */
static int next_head(struct tar_guard *g, struct error *err)
{
	uint64_t size;

	do {
		int got = take_whole(g, g->head, TAR_BLOCK, err);
		if (got < 0)
			return -1;
		if (got == 0 || is_null(g->head)) {
			if (got == 0 || g->null_block)
				g->part = TAR_END;
			g->null_block = true;
			return got;
		}
		if (g->null_block || !sum_is_right(g->head) || head_size(g->head, &size) < 0)
			return invalid(err);
		if (!is_extension(g->head[TYPE_AT]))
			return begin_entry(g, size, err) < 0 ? -1 : 1;
		g->extension_type = g->head[TYPE_AT];
		/* libarchive does not take one without a word in it. */
	} while (size == 0);
	return begin_extension(g, size, err) < 0 ? -1 : 1;
}

long tar_guard_next(struct tar_guard *g, const void **data, struct error *err)
{
	const unsigned char *bytes;
	long n;
	int got;

	switch (g->part) {
	case TAR_HEAD:
		got = next_head(g, err);
		*data = g->head;
		return got > 0 ? TAR_BLOCK : got;
	case TAR_EXTENSION:
		g->part = TAR_HEAD;
		*data = g->extension;
		return (long)g->extension_size;
	case TAR_CONTENT:
		n = take(g, g->content < SIZE_MAX ? (size_t)g->content : SIZE_MAX, &bytes, err);
		if (n <= 0)
			return n;
		*data = bytes;
		g->content -= (uint64_t)n;
		g->part = g->content > 0 ? TAR_CONTENT : TAR_HEAD;
		return n;
	case TAR_END:
	default:
		return 0;
	}
}
