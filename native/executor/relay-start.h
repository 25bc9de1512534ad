/* Starting the relay of a container's ports on IPv6 addresses (native/net/relay.c). */
#ifndef BERTH_EXECUTOR_RELAY_START_H
#define BERTH_EXECUTOR_RELAY_START_H

#include "../net/sandbox.h"

/*
 * Starts one relay for all ports that have an IPv6 socket; none have: nothing is done. `place` is that of shims (shim-place.h). *hold becomes a descriptor of a pipe: the
 * relay ends when its last copy is closed (the shim keeps one). Returns 0, or -1 with err set.
 */
int relay_start(const char *program, const char *place, const struct sandbox_spec *spec, int *hold, struct error *err);

#endif
