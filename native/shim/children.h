/*
 * The processes the shim is parent of: by birth, or because it is the subreaper of what runtimes leave
 * behind. All are reaped; those that are watched have somebody told.
 */
#pragma once

#include <sys/types.h>

#include "loop.h"

struct child;
typedef void child_exited(struct child *child, int status);

/* A watched process; embedded in its owner. */
struct child {
	pid_t pid; /* 0 while not watched */
	child_exited *exited;
	struct child *next;
};

enum { CHILDREN_UNKNOWN = 16 };

struct children {
	struct loop *loop;
	struct source signals;
	struct child *watched;
	/* Last processes reaped that nobody watched: a container may end before its runtime has told its pid.
	 */
	struct {
		pid_t pid;
		int status;
	} unknown[CHILDREN_UNKNOWN];
	unsigned unknown_next;
};

/* Blocks SIGCHLD and serves it from loop. Returns 0, or -1 with errno. */
int children_open(struct children *children, struct loop *loop);

/* Has exited called, with the wait status, once pid has ended; at once, before returning, when it was reaped
 * already. */
void child_watch(struct children *children, struct child *child, pid_t pid, child_exited *exited);

/* Stops watching; the process is still reaped. */
void child_unwatch(struct children *children, struct child *child);

/* Reaps everything that has ended, without waiting for the signal to be served. */
void children_reap(struct children *children);
