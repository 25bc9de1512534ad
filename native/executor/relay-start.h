/* Starting the relay of a container's ports on IPv6 addresses (native/net/relay.c). */
#ifndef BERTH_EXECUTOR_RELAY_START_H
#define BERTH_EXECUTOR_RELAY_START_H

#include <stdbool.h>
#include <sys/types.h>

#include "../net/sandbox.h"

struct relay {
	int hold; /* write end of a pipe: the relay ends when its last copy is closed; the shim keeps one. -1: no relay is needed */
	int life; /* its read end */
	pid_t pid; /* of the process that forks the relay and ends; 0: not started */
};

/* Makes the pipe if any port has an IPv6 socket, or somebody else needs it (`always`). Returns 0, or -1 with err set. */
int relay_prepare(const struct sandbox_spec *spec, bool always, struct relay *out, struct error *err);

/*
 * Starts one relay for all such ports; does nothing when none is needed. `place` is that of shims (shim-place.h). Returns 0, or -1
 * with err set.
 */
int relay_start(const char *program, const char *place, const struct sandbox_spec *spec, struct relay *relay,
		struct error *err);

/* Reaps what relay_start left and closes our ends. */
void relay_finish(struct relay *relay);

#endif
