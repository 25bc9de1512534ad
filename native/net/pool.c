#include "pool.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#include "../lib/error.h"

#define POOL_MOST 8
/* After a failure (no memory, too many namespaces) the refill tries again this much later, or when one is taken. */
#define RETRY_SECONDS 5

struct pool {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t taken;
	struct netns ready[POOL_MOST];
	unsigned count;
	unsigned size;
	bool stopping;
};

static void wait_for_room(struct pool *p, bool failed)
{
	struct timespec until;

	if (!failed) {
		while (!p->stopping && p->count >= p->size)
			pthread_cond_wait(&p->taken, &p->lock);
		return;
	}
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += RETRY_SECONDS;
	pthread_cond_timedwait(&p->taken, &p->lock, &until);
}

static void *refill(void *arg)
{
	struct pool *p = arg;
	bool failed = false;

	pthread_mutex_lock(&p->lock);
	for (;;) {
		struct error err;
		struct netns made;

		wait_for_room(p, failed);
		if (p->stopping)
			break;
		pthread_mutex_unlock(&p->lock);
		failed = netns_make(&made, 1, &err) != 0;
		pthread_mutex_lock(&p->lock);
		if (failed)
			continue;
		if (p->stopping || p->count >= p->size)
			netns_close(&made);
		else
			p->ready[p->count++] = made;
	}
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

struct pool *pool_start(unsigned size, struct error *err)
{
	struct pool *p = calloc(1, sizeof(*p));
	pthread_attr_t attr;
	int code;

	if (!p) {
		error_text(err, ENOMEM, "no memory for the pool of network namespaces");
		return NULL;
	}
	p->size = size < POOL_MOST ? size : POOL_MOST;
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->taken, NULL);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 128 * 1024);
	code = pthread_create(&p->thread, &attr, refill, p);
	pthread_attr_destroy(&attr);
	if (code) {
		free(p);
		error_set(err, code, "start the pool of network namespaces");
		return NULL;
	}
	return p;
}

void pool_stop(struct pool *p)
{
	if (!p)
		return;
	pthread_mutex_lock(&p->lock);
	p->stopping = true;
	pthread_cond_broadcast(&p->taken);
	pthread_mutex_unlock(&p->lock);
	pthread_join(p->thread, NULL);
	while (p->count > 0)
		netns_close(&p->ready[--p->count]);
	pthread_cond_destroy(&p->taken);
	pthread_mutex_destroy(&p->lock);
	free(p);
}

int pool_take(struct pool *p, struct netns *out, struct error *err)
{
	bool found;

	pthread_mutex_lock(&p->lock);
	found = p->count > 0;
	if (found)
		*out = p->ready[--p->count];
	pthread_cond_signal(&p->taken);
	pthread_mutex_unlock(&p->lock);
	return found ? 0 : netns_make(out, 1, err);
}

unsigned pool_ready(struct pool *p)
{
	unsigned count;

	pthread_mutex_lock(&p->lock);
	count = p->count;
	pthread_mutex_unlock(&p->lock);
	return count;
}
