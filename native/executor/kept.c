#include "kept.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define IDLE_MS 4000
#define SETS_MOST 512

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int kept_init(struct kept *kept, struct error *err)
{
	struct rlimit limit = { .rlim_cur = 1024 };

	/* Starts need descriptors, too: a quarter is ours. */
	getrlimit(RLIMIT_NOFILE, &limit);
	*kept = (struct kept){ .lock = PTHREAD_MUTEX_INITIALIZER, .most = SETS_MOST };
	if (limit.rlim_cur / 4 / KEPT_FILES < kept->most)
		kept->most = (unsigned)(limit.rlim_cur / 4 / KEPT_FILES);
	kept->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	return kept->timer < 0 ? error_set(err, errno, "timer") : 0;
}

static void set_free(struct kept_set *set)
{
	for (int i = 0; i < KEPT_FILES; i++)
		if (set->fds[i] >= 0)
			close(set->fds[i]);
	free(set);
}

struct kept_set *kept_take(struct kept *kept, const char *path)
{
	size_t length = strlen(path) + 1;
	struct kept_set *set = NULL;

	pthread_mutex_lock(&kept->lock);
	for (struct kept_set **at = &kept->sets; *at; at = &(*at)->next) {
		if (strcmp((*at)->path, path) != 0)
			continue;
		set = *at;
		*at = set->next;
		kept->count--;
		break;
	}
	pthread_mutex_unlock(&kept->lock);
	if (set)
		return set;
	set = malloc(sizeof(*set) + length);
	if (!set)
		return NULL;
	memset(set->fds, -1, sizeof(set->fds));
	memcpy(set->path, path, length);
	return set;
}

static void arm(struct kept *kept)
{
	struct itimerspec in = { .it_value.tv_sec = IDLE_MS / 1000 + 1 };

	timerfd_settime(kept->timer, 0, &in, NULL);
}

void kept_give(struct kept *kept, struct kept_set *set, int keep)
{
	set->used_ms = now_ms();
	pthread_mutex_lock(&kept->lock);
	keep = keep && kept->count < kept->most;
	if (keep) {
		if (kept->count++ == 0)
			arm(kept);
		set->next = kept->sets;
		kept->sets = set;
	}
	pthread_mutex_unlock(&kept->lock);
	if (!keep)
		set_free(set);
}

void kept_expire(struct kept *kept)
{
	int64_t oldest = now_ms() - IDLE_MS;
	struct kept_set *unused = NULL;
	uint64_t times;

	if (read(kept->timer, &times, sizeof(times)) < 0)
		return;
	pthread_mutex_lock(&kept->lock);
	for (struct kept_set **at = &kept->sets, *set; (set = *at);) {
		if (set->used_ms > oldest) {
			at = &set->next;
			continue;
		}
		*at = set->next;
		kept->count--;
		set->next = unused;
		unused = set;
	}
	if (kept->count > 0)
		arm(kept);
	pthread_mutex_unlock(&kept->lock);
	for (struct kept_set *next; unused; unused = next) {
		next = unused->next;
		set_free(unused);
	}
}
