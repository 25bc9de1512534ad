/* Handing a seccomp listener to the agent that a specification names. */
#pragma once

#include <sys/types.h>

struct error;
struct plan;

/*
 * Sends the descriptor to plan's seccomp.listener_path with the state of the process, as the runtime specification's
 * container process state has it. Nothing to do without a path. Returns 0, or -1 with err set.
 */
int listener_send(const struct plan *plan, pid_t container, pid_t pid, const char *status, int listener,
		  struct error *err);
