/* Starting the name server of a container (native/dns). */
#ifndef BERTH_EXECUTOR_DNS_START_H
#define BERTH_EXECUTOR_DNS_START_H

#include <json-c/json_object.h>
#include <sys/types.h>

#include "keep.h"

/*
 * Starts one for the namespace by `dns`: {directory, name, inside}, and adds it to what is to be kept, whose end is its own. `place` is
 * that of shims (shim-place.h). *pid is that of a process that forks it and ends: for dns_finish. Returns 0, or -1 with err set.
 */
int dns_start(const char *program, const char *place, struct json_object *dns, int netns_fd, struct keeping *keeping, pid_t *pid,
	      struct error *err);

/* Reaps what dns_start left. *pid is 0 when nothing was started. Returns 0; -1 with err set when it did not come to serve. */
int dns_finish(pid_t *pid, struct error *err);

#endif
