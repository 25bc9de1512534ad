/*
 * Files of control groups that are read again and again, kept open in between: opening one costs three times as much as reading
 * it. Whatever is not read any more is closed after a while; a file of a cgroup that has been removed reads as ENODEV.
 */
#ifndef BERTH_EXECUTOR_KEPT_H
#define BERTH_EXECUTOR_KEPT_H

#include <pthread.h>
#include <stdint.h>

#include "../lib/error.h"

#define KEPT_FILES 24

/* The files of one cgroup, by numbers the reader gives them. */
struct kept_set {
	struct kept_set *next;
	int64_t used_ms;
	int fds[KEPT_FILES]; /* -1: not opened yet; -2: there is no such file */
	char path[]; /* of the cgroup */
};

struct kept {
	pthread_mutex_t lock;
	struct kept_set *sets; /* those nobody uses at the moment */
	unsigned count, most;
	int timer; /* readable when kept_expire is due */
};

/* Returns 0, or -1 with err set. */
int kept_init(struct kept *kept, struct error *err);

/* The files of a cgroup, for the caller alone until they are given back; none are open when it is new. NULL: no memory. */
struct kept_set *kept_take(struct kept *kept, const char *path);

/* Gives them back. keep: they will be wanted again; else, or when there are too many, they are closed. */
void kept_give(struct kept *kept, struct kept_set *set, int keep);

/* Closes what has not been used lately. */
void kept_expire(struct kept *kept);

#endif
