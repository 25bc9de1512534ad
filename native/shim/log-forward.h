/*
 * Lines on their way to the forwarder, the process that sends a container's log to a server: records (log-record.h) over a socket
 * that keeps messages apart, each a number of whole records, so that the next forwarder goes on where a killed one has read to. What
 * the socket does not take waits here; while something waits the container's output is not read, so the forwarder decides whether a
 * slow server holds the container up.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"
#include "loop.h"

struct forward {
	struct loop *loop;
	struct source source; /* fd -1: there is no forwarder, or it has gone */
	struct buf waiting;
	struct timer patience;
	bool finishing;
	bool full; /* the socket took nothing the last time */
	bool drops; /* the container is not to wait: lines may be lost */
	bool down; /* the forwarder has died, and is not there again yet */
	uint64_t sent; /* bytes the socket has taken */
	void (*drained)(struct forward *f); /* nothing waits any more */
};

/* Takes over the socket. Returns 0, or -1 with errno (the socket stays the caller's). */
int forward_open(struct forward *f, struct loop *loop, int socket);

/*
 * Adds one line, or piece `ordinal` (from 1; 0: a whole line) of a long one, of stream 0 stdout or 1 stderr. Sent by
 * forward_flush, or on the way when there is much.
 */
void forward_line(struct forward *f, int stream, const char *text, size_t n, uint32_t ordinal, bool last, uint64_t ns);

/* Sends what can be sent. */
void forward_flush(struct forward *f);

/* Whether something waits for the forwarder. */
bool forward_waits(const struct forward *f);

/* The forwarder has died (`up` false), or has been started again. */
void forward_changed(struct forward *f, bool up);

/* What waits is dropped, and so is what follows: the forwarder gets the end of the log. */
void forward_give_up(struct forward *f);

/* No line follows. What waits is still sent, for at most FORWARD_PATIENCE_NS; `drained` is called when that is over. */
void forward_finish(struct forward *f);

/* As long as the reference waits for a log that does not end. */
#define FORWARD_PATIENCE_NS 10000000000ULL
