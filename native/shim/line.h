/*
 * The text of the control socket: `<seq> <verb> key=value ...`, and the launch parameters, which are the same
 * fields one a line. Pure. Source: native/PROTOCOL.md section 2.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"

enum { LINE_MAX_BYTES = 64 * 1024, LINE_MAX_FIELDS = 48 };

struct field {
	const char *key;
	const char *value;
};

struct line {
	uint64_t seq;
	const char *verb;
	struct field fields[LINE_MAX_FIELDS];
	unsigned count;
};

/*
 * Parses a request in place (text is cut up and decoded; line points into it). Returns 0, or -1 when it is
 * not a request: no number, no verb, an unknown character, a broken escape, a NUL, more than LINE_MAX_FIELDS
 * fields.
 */
int line_parse(char *text, struct line *line);

/* Parses `key=value\n` lines in place into line->fields. Returns 0 or -1 as line_parse does. */
int line_parse_fields(char *text, struct line *line);

/* The value of key, or NULL when it was not given. */
const char *line_get(const struct line *line, const char *key);

/* Whether key was given as 1. */
bool line_flag(const struct line *line, const char *key);

/* The decimal number of key in *value; missing returns fallback. Returns 0, or -1 for what is no number of at
 * most max. */
int line_number(const struct line *line, const char *key, uint64_t fallback, uint64_t max, uint64_t *value);

/* Appends value percent-encoded. Returns 0, or -1 without memory. */
int line_encode(struct buf *out, const char *value);

/* The same for n bytes of any value. */
int line_encode_bytes(struct buf *out, const char *bytes, size_t n);

/* Decodes hex digits into out of size max. Returns the number of bytes, or -1 for bad or too much input. */
int hex_decode(const char *text, unsigned char *out, size_t max);

/* Decodes base64 (padding optional), appending to out. Returns 0 or -1. */
int base64_decode(const char *text, struct buf *out);
