/*
 * Lines out of a byte stream: pure, so that it can be fuzzed. Bytes go in as they arrive; whole lines come out.
 */
#ifndef BERTH_EXECUTOR_FRAME_H
#define BERTH_EXECUTOR_FRAME_H

#include <stddef.h>

/* A line longer than this ends the conversation: the largest honest one is a spec of some hundred KiB. */
#define FRAME_MOST (16u << 20)

struct frame {
	char *buf;
	size_t cap;
	size_t start; /* of the first line not yet taken */
	size_t end;
	size_t seen; /* how far a newline has been looked for */
};

/* Room for at least `want` more bytes, at the returned address; NULL without memory or beyond FRAME_MOST. */
char *frame_room(struct frame *f, size_t want);

/* Says that `len` bytes were written there. */
void frame_added(struct frame *f, size_t len);

/*
 * The next whole line, NUL-terminated in place of its newline, valid until the next frame_room; *len is its length
 * (a line may hold NULs of its own). NULL when there is none yet.
 */
char *frame_line(struct frame *f, size_t *len);

/* Gives memory back when nothing is waiting in it and it has grown large. */
void frame_rest(struct frame *f);
void frame_free(struct frame *f);

#endif
