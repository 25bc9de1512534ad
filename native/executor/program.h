/* Starting a program with chosen descriptors, and nothing else of ours: all others are close-on-exec. */
#ifndef BERTH_EXECUTOR_PROGRAM_H
#define BERTH_EXECUTOR_PROGRAM_H

#include <stdbool.h>
#include <sys/types.h>

#include "../lib/error.h"

#define SPAWN_FDS_MOST 256

/* Descriptor `from` of this process becomes `to` of the program. */
struct spawn_fd {
	int from;
	int to;
};

/*
 * Runs `program` (as fast as vfork: this thread waits for the exec only). Targets may be numbers that are in use here. With
 * `session` it leads a session of its own. PATH is its only environment. Returns 0, or -1 with err set.
 */
int spawn_program(const char *program, char *const argv[], const struct spawn_fd *fds, unsigned count, bool session,
		  pid_t *pid, struct error *err);

/* Waits for a program that is about to end. Returns its wait status. */
int spawn_collect(pid_t pid);

#endif
