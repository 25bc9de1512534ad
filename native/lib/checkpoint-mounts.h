/*
 * The mounts CRIU is to leave out. In a checkpoint each goes by a name that the next run knows, too: the destination in the
 * plan of a bind mount, `cgroup:<hierarchy>`, or `cgroup2`.
 */
#pragma once

#include "criu.h"
#include "launch.h"

struct plan;

/* Names those of the container whose init is pid, for a dump. Returns 0, or -1 with err set. */
int checkpoint_name_mounts(struct criu_message *options, const struct plan *plan, pid_t pid, struct error *err);

/*
 * Shows where they are, for a restore, and where the root filesystem is. The caller has a mount namespace of its own, and
 * in it an empty directory at stage, in which they are attached. It is in the container's cgroup already, and in its cgroup
 * namespace. Returns 0, or -1 with err set.
 */
int checkpoint_attach_mounts(const struct plan *plan, const struct launch_io *io, const char *stage, struct error *err);

/* The options for what checkpoint_attach_mounts attaches. */
void checkpoint_place_mounts(struct criu_message *options, const struct plan *plan, const struct cgroup *cgroup,
			     const char *stage);
