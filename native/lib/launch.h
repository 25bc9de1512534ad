/*
 * Carrying out a plan. Nothing here blocks longer than the kernel does, except where said: the caller polls
 * launch->sync and calls launch_continue. The calling process must have one thread. No JSON, no libseccomp.
 *
 *   container:  launch_container -> (poll sync) launch_continue until READY -> launch_release -> (poll sync)
 *               launch_continue until STARTED
 *   exec:       launch_exec, then the same
 *
 * The child is the caller's; reaping it (pidfd) is the caller's, too. See sync.h for what passes between them.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "cgroup.h"
#include "error.h"

struct plan;

/* What a bind mount of the plan shows, opened already: a detached mount (open_tree, fsmount). The descriptor stays the caller's. */
struct launch_source {
	uint32_t mount; /* index in plan->mounts */
	int fd;
};

/* Descriptors the process gets. With PROCESS_TERMINAL stdio is ignored, and launch->console is its pty. */
struct launch_io {
	int stdio[3]; /* dup'ed by the child to 0, 1, 2; -1: /dev/null. They stay the caller's. */
	int rootfs; /* a detached mount (fsmount, open_tree) that becomes the root; -1: plan->rootfs is a directory */
	const struct launch_source *sources; /* instead of the plan's paths */
	unsigned source_count;
	int netns; /* joined instead of what the plan says of the network namespace; -1: as planned */
	int userns; /* the same of the user namespace */
	int release; /* instead of launch_release by the caller: one byte read here lets the process exec; 0: none */
	int report; /* with release: where a failure after that byte is written, as a struct sync_message; 0: none */
	int preserve; /* --preserve-fds: descriptors 3 .. 3+preserve-1 stay open for the process */
};

enum launch_state {
	LAUNCH_AGAIN, /* nothing yet, poll */
	LAUNCH_READY, /* set up, waits for launch_release */
	LAUNCH_STARTED, /* execve has happened */
	LAUNCH_FAILED, /* err says why; the child is ending, reap it, then launch_abort */
};

struct launch {
	pid_t pid; /* as the caller sees it */
	int pidfd;
	int sync; /* poll for POLLIN; -1 after STARTED */
	int console; /* pty master, non-blocking is the caller's choice; -1: no terminal. From READY on. The caller's to close */
	int seccomp_notify; /* the listener of a filter with notify, unless it went to the plan's listener_path; -1 */
	struct cgroup cgroup;
	bool cgroup_made; /* launch_abort removes it */
	pid_t helper; /* checkpoint_restore: the process that has CRIU make init, and is its parent until it ends; 0 */
	bool ready;
	pid_t container_pid; /* of init: pid itself, or for an exec the container's */
	const struct plan *plan;
	const struct plan *filter; /* the plan whose seccomp filter is loaded */
};

/*
 * Makes cgroup, namespaces and init of a container. Blocks for prestart and createRuntime hooks only (in
 * launch_continue). On failure all is undone. Returns 0, or -1 with err set: stage and runc's words.
 */
int launch_container(struct launch *l, const struct plan *plan, const struct launch_io *io, struct error *err);

/*
 * Makes a process in the container whose init is behind pidfd. plan is an exec plan; container is the container's
 * own plan (its seccomp filter is used when the exec plan was made with inherit_seccomp). Undone on failure.
 */
int launch_exec(struct launch *l, const struct plan *plan, const struct plan *container, pid_t init_pid, int init_pidfd,
		const struct cgroup *cgroup, const struct launch_io *io, struct error *err);

/* Takes what has come on sync, without blocking. LAUNCH_FAILED sets err. */
enum launch_state launch_continue(struct launch *l, struct error *err);

/* Blocks until the state is no longer AGAIN. */
enum launch_state launch_await(struct launch *l, struct error *err);

/* Lets the process exec. Follow with launch_continue until STARTED or FAILED. Returns 0, or -1 with err set. */
int launch_release(struct launch *l, struct error *err);

/* Kills what is there, reaps the child, closes all of l, removes the cgroup when launch_container made it. */
void launch_abort(struct launch *l);

/* For checkpoint.h: what launch_container begins with. The cgroup of the plan, if it has one, with its limits. */
void launch_init(struct launch *l, const struct plan *plan);
int launch_make_cgroup(struct launch *l, const struct plan *plan, struct error *err);

/* Closes sync, pidfd and the listener; not console. For a process that has started or been given to another. */
void launch_close(struct launch *l);

/*
 * Runs the hooks of a point in the caller's namespaces, the OCI state on their stdin. pid 0 with status "stopped".
 * Blocks. Returns 0, or -1 with err set for the first that failed (poststart, poststop: run all, report the first).
 */
int hooks_run(const struct plan *plan, int point, const char *status, pid_t pid, struct error *err);
