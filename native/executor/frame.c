#include "frame.h"

#include <stdlib.h>
#include <string.h>

#define KEEP_BYTES (64u << 10)

static void compact(struct frame *f)
{
	if (f->start == 0)
		return;
	memmove(f->buf, f->buf + f->start, f->end - f->start);
	f->end -= f->start;
	f->seen -= f->start;
	f->start = 0;
}

char *frame_room(struct frame *f, size_t want)
{
	size_t cap = f->cap ? f->cap : 4096;
	char *grown;

	compact(f);
	if (want > FRAME_MOST || f->end > FRAME_MOST - want)
		return NULL;
	while (cap - f->end < want)
		cap *= 2;
	if (cap != f->cap) {
		grown = realloc(f->buf, cap);
		if (!grown)
			return NULL;
		f->buf = grown;
		f->cap = cap;
	}
	return f->buf + f->end;
}

void frame_added(struct frame *f, size_t len)
{
	f->end += len;
}

char *frame_line(struct frame *f, size_t *len)
{
	char *newline, *line;

	if (f->seen == f->end)
		return NULL;
	newline = memchr(f->buf + f->seen, '\n', f->end - f->seen);
	if (!newline) {
		f->seen = f->end;
		return NULL;
	}
	*newline = '\0';
	line = f->buf + f->start;
	*len = (size_t)(newline - line);
	f->start = f->seen = (size_t)(newline - f->buf) + 1;
	return line;
}

void frame_rest(struct frame *f)
{
	if (f->start == f->end && f->cap > KEEP_BYTES)
		frame_free(f);
}

void frame_free(struct frame *f)
{
	free(f->buf);
	*f = (struct frame){ 0 };
}
