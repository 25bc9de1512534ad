/* Starts a helper program: no shell, clean signals, the given descriptors as its standard streams. */
#pragma once

#include <spawn.h>

#include "children.h"

/* -1: /dev/null */
struct command_fds {
	int in, out, err;
};

/*
 * Starts argv[0], looked for in a fixed PATH, and has exited called with its wait status. The program finds
 * tool, an absolute path, by its PATH first; NULL: none. Returns 0, or -1 with errno.
 */
int command_start(struct children *children, struct child *child, const char *const argv[],
		  const struct command_fds *fds, const char *tool, child_exited *exited);

/* What every program is started with: a fixed PATH and nothing else; */
extern char *const command_environment[];

/* no signal blocked or ignored, and further `flags` of posix_spawn. Returns 0, or another number. */
int command_attributes(posix_spawnattr_t *attributes, short flags);
