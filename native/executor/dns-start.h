/* Starting the name server of a container (native/dns). */
#ifndef BERTH_EXECUTOR_DNS_START_H
#define BERTH_EXECUTOR_DNS_START_H

#include <json-c/json_object.h>
#include <sys/types.h>

struct error;

/*
 * Starts one for the namespace by `dns`: {directory, name, inside}. It ends when `life` becomes readable or hangs up. `place` is that
 * of shims (shim-place.h). *pid is that of a process that forks it and ends: for dns_finish. Returns 0, or -1 with err set.
 */
int dns_start(const char *program, const char *place, struct json_object *dns, int netns_fd, int life, pid_t *pid,
	      struct error *err);

/* Reaps what dns_start left. *pid is 0 when nothing was started. Returns 0; -1 with err set when it did not come to serve. */
int dns_finish(pid_t *pid, struct error *err);

#endif
