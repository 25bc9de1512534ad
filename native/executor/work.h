/*
 * Threads for work that may block. Each lane has its own, made on demand and ended when idle, so that a slow disk in
 * one lane never keeps a container start in another waiting.
 */
#ifndef BERTH_EXECUTOR_WORK_H
#define BERTH_EXECUTOR_WORK_H

#include <pthread.h>

struct work {
	struct work *next;
	void (*run)(struct work *);
};

struct lane {
	pthread_mutex_t lock;
	pthread_cond_t more;
	struct work *first, **last;
	unsigned idle, threads, most, waiting;
};

/* A lane that runs at most `most` pieces of work at once; the rest waits its turn. */
void lane_init(struct lane *lane, unsigned most);

/* Runs work->run(work) on a thread of the lane. Returns 0, or -1 if not even one thread could be had. */
int lane_add(struct lane *lane, struct work *work);

#endif
