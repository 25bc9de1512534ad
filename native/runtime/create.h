/* Making a container, for `create` and `run`. */
#pragma once

#include <stdbool.h>

#include "criu-place.h"
#include "launch.h"
#include "state.h"

struct create_options {
	const char *bundle, *console_socket, *pid_file;
	int preserve; /* --preserve-fds */
	bool no_pivot, no_new_keyring, no_subreaper;
	bool detach, keep; /* run */
	const struct criu_place *restore; /* from the checkpoint there; NULL: begun */
	bool stay;         /* the terminal is for the caller (in l->console), not for a socket */
};

/*
 * Makes the container up to the point where it waits for its start. On success l has its pid, pidfd and
 * console. On failure nothing is left of it.
 */
int create_container(const struct globals *g, const char *id, const struct create_options *options,
		     struct container *c, struct launch *l, struct error *err);

/* Lets a created, locked container go, unlocks it, runs the poststart hooks; ends it when one of them fails.
 */
int start_container(struct container *c, struct error *err);

/* Ends what is left of a stopped or killed container: cgroup, poststop hooks, state. Under state_lock. */
int destroy_container(const struct globals *g, struct container *c, struct error *err);

/* SIGKILL to init and to all in its cgroup; returns when init has ended, or -1 with err set. */
int kill_container(const struct container *c, struct error *err);
