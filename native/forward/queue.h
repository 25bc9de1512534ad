/*
 * Lines between the thread that takes them from the shim and the one that sends them. Bounded: when it is full, the giver
 * waits, or, in a queue that drops, the new line is lost.
 */
#pragma once

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "log-record.h"

struct item {
	struct item *next;
	struct log_record head;
	char text[];
};

struct queue {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct item *first, **last;
	size_t bytes, count; /* held */
	size_t most_bytes, most_count; /* of text, of lines; at least one line always fits */
	bool drops;
	bool closed, finished;
	uint64_t taken, dropped;
	_Atomic uint64_t done; /* lines the sending thread is done with */
};

void queue_init(struct queue *q, size_t most_bytes, size_t most_count, bool drops);

/*
 * Waits until a line of n bytes fits, as long as lines are taken: false when none was for idle_ms. With one giver it then still fits.
 */
bool queue_await_room(struct queue *q, size_t n, unsigned idle_ms);

/* Adds a line, a copy of text. */
void queue_put(struct queue *q, const struct log_record *head, const char *text);

/*
 * All lines there are, as a list, each to be freed by the caller; waits for one wait_ms at most (-1: for ever). NULL: none came, or, when *over is
 * set, none will.
 */
struct item *queue_take(struct queue *q, int wait_ms, bool *over);

/* No line follows. */
void queue_close(struct queue *q);

/* Of the sending thread: everything has been done with the lines. */
void queue_finish(struct queue *q);

/* After queue_close: waits until queue_finish, at most idle_s seconds after the last line was taken. */
void queue_await(struct queue *q, unsigned idle_s);
