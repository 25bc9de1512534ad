/* One thread's event loop: descriptors, timers, and memory that must outlive the current batch of events. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct source;
struct timer;

/* Called with the epoll events of the descriptor. It may remove and free (by loop_free) any source, itself
 * too. */
typedef void source_ready(struct source *source, uint32_t events);
typedef void timer_fire(struct timer *timer);

/* A watched descriptor; embedded in its owner. The owner closes fd after loop_remove. */
struct source {
	int fd;
	uint32_t events;
	source_ready *ready; /* NULL while not watched */
};

/* A one-shot timer; embedded in its owner. */
struct timer {
	uint64_t at; /* monotonic ns; 0 while not set */
	timer_fire *fire;
	struct timer *next;
};

/*
 * Many small writes arrive one by one, each with a wake-up, unless the reader gives them time to gather.
 * Short against what a person or a request notices.
 */
enum { LOOP_NAP_NS = 500000 };

struct loop {
	int epoll;
	bool stop;            /* set to make loop_run return after the current batch */
	bool nap;             /* set to have the next wait begin with a nap of LOOP_NAP_NS */
	struct timer *timers; /* soonest first */
	void **graves;        /* freed after the batch */
	size_t grave_count, grave_room;
};

/* Nanoseconds of the monotonic clock, for timers. */
uint64_t monotonic_ns(void);

/* Nanoseconds since the epoch, for what is told to others. */
uint64_t wall_ns(void);

/* Returns 0, or -1 with errno. */
int loop_open(struct loop *loop);

/* Watches fd for events (level-triggered; EPOLLHUP and EPOLLERR always count). Returns 0, or -1 with errno.
 */
int loop_add(struct loop *loop, struct source *source, int fd, uint32_t events, source_ready *ready);

/* Changes what a watched descriptor is watched for; free of cost when it is the same. */
void loop_want(struct loop *loop, struct source *source, uint32_t events);

/* Stops watching; nothing of the current batch reaches source any more. Safe when not watched. */
void loop_remove(struct loop *loop, struct source *source);

/* Sets timer to fire once, delay_ns from now; replaces an earlier setting. */
void timer_set(struct loop *loop, struct timer *timer, uint64_t delay_ns, timer_fire *fire);

/* Unsets timer; safe when not set. */
void timer_unset(struct loop *loop, struct timer *timer);

/* Frees memory when the current batch is over, because an event of it may still name the source inside. */
void loop_free(struct loop *loop, void *memory);

/* Serves events until loop->stop. */
void loop_run(struct loop *loop);
