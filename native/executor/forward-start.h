/* Starting the process that forwards a container's log to a server: native/forward/main.c. */
#ifndef BERTH_EXECUTOR_FORWARD_START_H
#define BERTH_EXECUTOR_FORWARD_START_H

#include <json-c/json_object.h>

#include "../lib/error.h"
#include "keep.h"

/*
 * Starts `program` (or `<program>-http`, which speaks HTTP, too) with `config` and waits until it has connected, where its driver does at the start. `place` are the cgroups it moves
 * to. `cancel` becoming readable gives up. *socket is then the shim's end; closing it, and what is added to `keeping`, ends the forwarder. Returns 0, or -1
 * with err set, stage "log": the driver's own words.
 */
int forward_start(const char *program, const char *place, struct json_object *config, int cancel, struct keeping *keeping,
		  int *socket, struct error *err);

#endif
