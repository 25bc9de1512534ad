/* Pieces of text the protocols share. All append to a buffer; without memory the buffer stays as it was. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "../shim/buf.h"

/* A JSON string in its quotes, as Go's encoder writes it. */
void text_json(struct buf *out, const char *text, size_t n);

/* The value of strftime for a time of the machine's zone. */
void text_time(struct buf *out, const char *format, uint64_t ns);

/* The offset of the machine's zone then, as RFC 3339 has it: "Z" or "+02:00". */
void text_zone(struct buf *out, uint64_t ns);

/* n random bytes. */
void text_random(void *bytes, size_t n);

/* n bytes as hex digits. */
void text_hex(struct buf *out, const void *bytes, size_t n);

/*
 * JSON text without its spaces and escaped as text_json escapes. Returns 0, or -1 when the text is no JSON value (then nothing
 * has been added). Source: RFC 8259, with Go's limit of 10,000 levels.
 */
int text_compact(struct buf *out, const char *text, size_t n);
