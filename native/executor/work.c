#include "work.h"

#include <errno.h>
#include <malloc.h>
#include <sched.h>
#include <stdbool.h>
#include <time.h>

/* Enough for a netlink answer buffer and a path or two. */
#define STACK_BYTES (256u * 1024)
#define IDLE_SECONDS 10

void lane_init(struct lane *lane, unsigned most)
{
	pthread_mutex_init(&lane->lock, NULL);
	pthread_cond_init(&lane->more, NULL);
	lane->first = NULL;
	lane->last = &lane->first;
	lane->idle = lane->threads = lane->waiting = 0;
	lane->most = most;
}

/* Called with the lock held. NULL: nothing came for a while. */
static struct work *next_work(struct lane *lane)
{
	struct timespec until;
	struct work *work;
	int code = 0;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += IDLE_SECONDS;
	lane->idle++;
	while (!lane->first && code != ETIMEDOUT)
		code = pthread_cond_timedwait(&lane->more, &lane->lock, &until);
	lane->idle--;
	work = lane->first;
	if (work) {
		lane->first = work->next;
		lane->waiting--;
		if (!lane->first)
			lane->last = &lane->first;
	}
	return work;
}

static void *serve(void *arg)
{
	struct lane *lane = arg;
	struct work *work;
	bool last;

	/* A working directory of its own: mounting an overlay moves it about. */
	(void)unshare(CLONE_FS);
	pthread_mutex_lock(&lane->lock);
	while ((work = next_work(lane)) != NULL) {
		pthread_mutex_unlock(&lane->lock);
		work->run(work);
		pthread_mutex_lock(&lane->lock);
	}
	last = --lane->threads == 0;
	pthread_mutex_unlock(&lane->lock);
	/* A burst is over: what it needed goes back to the kernel. */
	if (last)
		malloc_trim(0);
	return NULL;
}

static int add_thread(struct lane *lane)
{
	pthread_attr_t attr;
	pthread_t thread;
	int code;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_BYTES);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	code = pthread_create(&thread, &attr, serve, lane);
	pthread_attr_destroy(&attr);
	return code;
}

int lane_add(struct lane *lane, struct work *work)
{
	int result = 0;

	pthread_mutex_lock(&lane->lock);
	work->next = NULL;
	*lane->last = work;
	lane->last = &work->next;
	lane->waiting++;
	if (lane->idle < lane->waiting && lane->threads < lane->most) {
		lane->threads++;
		if (add_thread(lane) != 0 && --lane->threads == 0) {
			lane->first = NULL;
			lane->last = &lane->first;
			lane->waiting = 0;
			result = -1;
		}
	}
	pthread_cond_signal(&lane->more);
	pthread_mutex_unlock(&lane->lock);
	return result;
}
