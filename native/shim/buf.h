/* A growing byte buffer consumed from the front. Zero-initialised is empty; memory goes back when it empties.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct buf {
	char *data;  /* start of the allocation */
	size_t head; /* bytes consumed */
	size_t len;  /* bytes held, from data + head */
	size_t cap;
};

/* First byte held; valid for b->len bytes until the next call on b. */
static inline char *buf_bytes(struct buf *b)
{
	return b->data + b->head;
}

/* Makes room for n more bytes and returns where they go (add to b->len what was written), or NULL without
 * memory. */
char *buf_reserve(struct buf *b, size_t n);

/* Appends n bytes. Returns 0, or -1 without memory (b unchanged). */
int buf_add(struct buf *b, const void *bytes, size_t n);

/* Appends formatted text. Returns 0, or -1 without memory. */
int buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Drops n bytes (at most b->len) from the front; an emptied buffer gives its memory back. */
void buf_consume(struct buf *b, size_t n);

/* Frees the memory and leaves b empty. */
void buf_free(struct buf *b);
