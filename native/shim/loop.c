#include "loop.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

enum { BATCH = 32 };

static uint64_t clock_ns(clockid_t clock)
{
	struct timespec ts;
	clock_gettime(clock, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

uint64_t monotonic_ns(void)
{
	return clock_ns(CLOCK_MONOTONIC);
}

uint64_t wall_ns(void)
{
	return clock_ns(CLOCK_REALTIME);
}

int loop_open(struct loop *loop)
{
	*loop = (struct loop){ .epoll = epoll_create1(EPOLL_CLOEXEC) };
	return loop->epoll < 0 ? -1 : 0;
}

int loop_add(struct loop *loop, struct source *source, int fd, uint32_t events, source_ready *ready)
{
	struct epoll_event event = { .events = events, .data.ptr = source };
	if (epoll_ctl(loop->epoll, EPOLL_CTL_ADD, fd, &event))
		return -1;
	*source = (struct source){ .fd = fd, .events = events, .ready = ready };
	return 0;
}

void loop_want(struct loop *loop, struct source *source, uint32_t events)
{
	struct epoll_event event = { .events = events, .data.ptr = source };
	if (!source->ready || source->events == events)
		return;
	if (!epoll_ctl(loop->epoll, EPOLL_CTL_MOD, source->fd, &event))
		source->events = events;
}

void loop_remove(struct loop *loop, struct source *source)
{
	if (!source->ready)
		return;
	epoll_ctl(loop->epoll, EPOLL_CTL_DEL, source->fd, NULL);
	source->ready = NULL;
}

void timer_set(struct loop *loop, struct timer *timer, uint64_t delay_ns, timer_fire *fire)
{
	timer_unset(loop, timer);
	timer->at = monotonic_ns() + delay_ns;
	timer->fire = fire;
	struct timer **at = &loop->timers;
	while (*at && (*at)->at <= timer->at)
		at = &(*at)->next;
	timer->next = *at;
	*at = timer;
}

void timer_unset(struct loop *loop, struct timer *timer)
{
	if (!timer->at)
		return;
	struct timer **at = &loop->timers;
	while (*at && *at != timer)
		at = &(*at)->next;
	if (*at)
		*at = timer->next;
	timer->at = 0;
}

void loop_free(struct loop *loop, void *memory)
{
	if (!memory)
		return;
	if (loop->grave_count == loop->grave_room) {
		size_t room = loop->grave_room ? loop->grave_room * 2 : 8;
		void **graves = realloc(loop->graves, room * sizeof(*graves));
		/* Without memory for the list the block is leaked: freeing it now could be a use after free.
		 */
		if (!graves)
			return;
		loop->graves = graves;
		loop->grave_room = room;
	}
	loop->graves[loop->grave_count++] = memory;
}

static void graves_empty(struct loop *loop)
{
	for (size_t i = 0; i < loop->grave_count; i++)
		free(loop->graves[i]);
	free(loop->graves);
	loop->graves = NULL;
	loop->grave_count = loop->grave_room = 0;
}

/* Milliseconds until the first timer, rounded up; -1 for none. */
static int wait_ms(const struct loop *loop)
{
	if (!loop->timers)
		return -1;
	uint64_t now = monotonic_ns();
	if (loop->timers->at <= now)
		return 0;
	uint64_t ms = (loop->timers->at - now + 999999) / 1000000;
	return ms > 60000 ? 60000 : (int)ms;
}

static void timers_run(struct loop *loop)
{
	if (!loop->timers)
		return;
	uint64_t now = monotonic_ns();
	while (loop->timers && loop->timers->at <= now) {
		struct timer *timer = loop->timers;
		loop->timers = timer->next;
		timer->at = 0;
		timer->fire(timer);
	}
}

void loop_run(struct loop *loop)
{
	struct epoll_event events[BATCH];
	static const struct timespec nap = { .tv_nsec = LOOP_NAP_NS };
	while (!loop->stop) {
		if (loop->nap)
			nanosleep(&nap, NULL);
		loop->nap = false;
		int n = epoll_wait(loop->epoll, events, BATCH, wait_ms(loop));
		for (int i = 0; i < n; i++) {
			struct source *source = events[i].data.ptr;
			if (source->ready)
				source->ready(source, events[i].events);
		}
		timers_run(loop);
		if (loop->grave_count)
			graves_empty(loop);
	}
}
