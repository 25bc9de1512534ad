/* What a shim that was killed has left behind. */
#ifndef BERTH_EXECUTOR_REAP_H
#define BERTH_EXECUTOR_REAP_H

#include "../lib/error.h"

struct executor;

/*
 * Kills the processes of the container and removes its cgroup, the mount of its bundle, the socket (NULL: none) and
 * state_dir. A shim that lives after all, waiting for its start, is told to forget first. cgroup is a path below the
 * hierarchies, NULL or empty for none. Blocks up to some seconds. Returns 0, or -1 with err set when processes do not end.
 */
int reap(struct executor *e, const char *socket, const char *cgroup, const char *state_dir, struct error *err);

#endif
