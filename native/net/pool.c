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

struct shelf {
	struct netns ready[POOL_MOST];
	unsigned count;
	unsigned size;
};

struct pool {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t taken;
	struct shelf shelves[2]; /* bare, with a veth */
	struct netns_owner owner; /* of what is on the shelves; without maps they are ours */
	bool stopping;
};

/* The emptiest shelf that has room; -1: all are full. */
static int shelf_to_fill(const struct pool *p)
{
	int found = -1;

	for (int i = 0; i < 2; i++)
		if (p->shelves[i].count < p->shelves[i].size &&
		    (found < 0 || p->shelves[i].count < p->shelves[found].count))
			found = i;
	return found;
}

static void wait_for_room(struct pool *p, bool failed)
{
	struct timespec until;

	if (!failed) {
		while (!p->stopping && shelf_to_fill(p) < 0)
			pthread_cond_wait(&p->taken, &p->lock);
		return;
	}
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += RETRY_SECONDS;
	pthread_cond_timedwait(&p->taken, &p->lock, &until);
}

static int make(struct netns *out, bool veth, const struct netns_owner *owner, struct error *err)
{
	return owner->uid_map || owner->user >= 0 ? netns_make_owned(out, veth, owner, err) : netns_make(out, veth, err);
}

static void *refill(void *arg)
{
	struct pool *p = arg;
	bool failed = false;

	pthread_mutex_lock(&p->lock);
	for (;;) {
		struct netns_owner owner;
		struct error err;
		struct netns made;
		int which;

		wait_for_room(p, failed);
		if (p->stopping)
			break;
		which = shelf_to_fill(p);
		failed = false;
		if (which < 0)
			continue;
		owner = p->owner;
		pthread_mutex_unlock(&p->lock);
		failed = make(&made, which == 1, &owner, &err) != 0;
		pthread_mutex_lock(&p->lock);
		if (failed)
			continue;
		if (p->stopping || owner.uid_map != p->owner.uid_map)
			netns_close(&made);
		else
			p->shelves[which].ready[p->shelves[which].count++] = made;
	}
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

static unsigned at_most(unsigned size)
{
	return size < POOL_MOST ? size : POOL_MOST;
}

struct pool *pool_start(unsigned size, unsigned bare, struct error *err)
{
	struct pool *p = calloc(1, sizeof(*p));
	pthread_attr_t attr;
	int code;

	if (!p) {
		error_text(err, ENOMEM, "no memory for the pool of network namespaces");
		return NULL;
	}
	p->owner.user = -1;
	p->shelves[0].size = at_most(bare);
	p->shelves[1].size = at_most(size);
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

static void empty(struct pool *p)
{
	for (int i = 0; i < 2; i++)
		while (p->shelves[i].count > 0)
			netns_close(&p->shelves[i].ready[--p->shelves[i].count]);
}

void pool_map_ids(struct pool *p, const char *uid_map, const char *gid_map)
{
	pthread_mutex_lock(&p->lock);
	p->owner.uid_map = uid_map;
	p->owner.gid_map = gid_map;
	empty(p);
	pthread_cond_signal(&p->taken);
	pthread_mutex_unlock(&p->lock);
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
	empty(p);
	pthread_cond_destroy(&p->taken);
	pthread_mutex_destroy(&p->lock);
	free(p);
}

int pool_take(struct pool *p, bool veth, const struct netns_owner *owner, struct netns *out, struct error *err)
{
	static const struct netns_owner ours = { .user = -1 };
	const struct netns_owner *wanted = owner ? owner : &ours;
	struct shelf *shelf = &p->shelves[veth];
	bool found;

	pthread_mutex_lock(&p->lock);
	found = shelf->count > 0 && wanted->user < 0 && wanted->uid_map == p->owner.uid_map;
	if (found)
		*out = shelf->ready[--shelf->count];
	pthread_cond_signal(&p->taken);
	pthread_mutex_unlock(&p->lock);
	return found ? 0 : make(out, veth, wanted, err);
}

unsigned pool_ready(struct pool *p)
{
	unsigned count;

	pthread_mutex_lock(&p->lock);
	count = p->shelves[1].count;
	pthread_mutex_unlock(&p->lock);
	return count;
}
