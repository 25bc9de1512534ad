/*
 * A container written down by CRIU, and made again from what was written. A checkpoint is a directory of CRIU's images and
 * the file `streams`: the names CRIU has for the pipes of the container's streams.
 *
 * What the runtime has put into the container, and not its processes, is left out and given anew: the root filesystem, bind
 * mounts, cgroups and their mounts, a network namespace that was made for it. All else (processes, memory, other mounts and
 * what is in a tmpfs, the other namespaces) is CRIU's.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "launch.h"

struct checkpoint {
	const char *criu; /* the program's path, absolute */
	const char *directory; /* of the checkpoint; it is there */
	const char *work; /* directory for CRIU's log meanwhile */
};

/* The pipes of init's streams by the inode of the pipe; 0: none, or none of ours any more. */
struct checkpoint_streams {
	uint64_t pipe[3];
};

/*
 * Writes down the container whose init is pid. Waits until it is done. The container is frozen meanwhile; then it goes on
 * (leave_running) or is killed. On failure it goes on, and what was written so far stays in the directory. has_netns: its
 * network namespace was made for it. Returns 0, or -1 with err set: what CRIU said.
 */
int checkpoint_dump(const struct checkpoint *c, const struct plan *plan, const struct cgroup *cgroup, pid_t pid,
		    const struct checkpoint_streams *streams, bool has_netns, bool leave_running, struct error *err);

/*
 * launch_container, from a checkpoint: io and the calls that follow are the same, with the process where it was instead of
 * the program's beginning. After STARTED init is a child of l->helper, until that ends: the caller must be its subreaper.
 */
int checkpoint_restore(const struct checkpoint *c, struct launch *l, const struct plan *plan, const struct launch_io *io,
		       struct error *err);

/* Whether a container of this plan can be written down at all. Returns 0, or -1 with err set: what stands in the way. */
int checkpoint_possible(const struct plan *plan, struct error *err);
