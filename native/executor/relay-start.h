/* Starting the relay of a container's ports on IPv6 addresses (native/net/relay.c). */
#ifndef BERTH_EXECUTOR_RELAY_START_H
#define BERTH_EXECUTOR_RELAY_START_H

#include <sys/types.h>

#include "../net/sandbox.h"
#include "keep.h"

/*
 * Starts one relay for all such ports, and adds it to what is to be kept, whose end is its own; does nothing when none is needed. `place` is
 * that of shims (shim-place.h). *pid is that of a process that forks it and ends: for relay_finish. Returns 0, or -1 with err set.
 */
int relay_start(const char *program, const char *place, const struct sandbox_spec *spec, struct keeping *keeping, pid_t *pid,
		struct error *err);

/* Reaps what relay_start left. *pid is 0 when nothing was started. */
void relay_finish(pid_t *pid);

#endif
