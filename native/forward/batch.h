/*
 * Messages for a stream, gathered while further lines are ready: one write of many costs a fraction of many writes. A single line
 * waits for nothing, for it is the last that is ready.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../shim/buf.h"
#include "wire.h"

/* All zero: empty. */
struct batch {
	struct buf bytes; /* to be appended to */
	size_t *ends; /* of its messages, in bytes */
	size_t count, room;
};

/* How a stream that does not take a message is replaced; the same for each message. */
struct batch_patience {
	int64_t tries; /* new connections, then the message is lost */
	int (*dial)(void *owner); /* 0 when there is one */
	void (*pause)(void *owner, int64_t tried); /* before each but the first; NULL: none */
	void *owner;
};

/* A message ends here. Whether there is enough for a write now. */
bool batch_end(struct batch *b);

/* Sends everything. A message that had been written in part goes again as a whole over the next connection. Empty afterwards. */
void batch_flush(struct batch *b, struct wire *w, const struct batch_patience *patience);
