/* The process between clone and exec. Shared by the files that set it up; not by callers of launch.h. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "error.h"
#include "launch.h"
#include "plan.h"

#define CHILD_NAMESPACES 8

struct child {
	const struct plan *plan; /* of the process: the container's, or the exec's */
	const struct plan *container; /* the container's */
	struct launch_io io;
	struct cgroup cgroup;
	bool cgroup_joined; /* by who made the child */
	int sync;
	int proc; /* the host's /proc, O_PATH: cannot be replaced by a container */
	int root; /* the root of the container, O_PATH */
	int *sources; /* NULL, or per mount of the plan: what was opened for it already, or -1 */
	int joins[CHILD_NAMESPACES]; /* namespaces joined by descriptor */
	uint32_t join_types[CHILD_NAMESPACES];
	unsigned join_count;
	uint32_t unshare; /* namespaces the child makes itself, after it is in its cgroup */
	int init_pidfd; /* exec: whose namespaces to enter */
	uint32_t enter; /* exec: CLONE_NEW* to enter at once */
	int tell; /* exec: where the process in between tells the child's number */
	bool setgroups_denied; /* exec: in the user namespace, found out while there was a /proc to be trusted */
	int tty; /* slave of the console; -1 */
	char executable[4096]; /* what to exec, found before READY */
};

/* An exec takes from its container what its own process object leaves out. */
static inline const struct plan_process *child_capabilities(const struct child *c)
{
	return c->plan->process.flags & PROCESS_CAPABILITIES ? &c->plan->process : &c->container->process;
}

/* Sets up init, or an exec, reports by sync, and executes. Does not return. */
_Noreturn void child_run(struct child *c);

/*
 * For the process in between of an exec: enters cgroup, labels and namespaces, and gives up all descriptors but those the
 * child needs. A child born in the namespaces is seen by the container at once, and one that may trace (CAP_SYS_PTRACE)
 * gets at its root and its descriptors through /proc. Returns 0, or -1 with err set.
 */
int child_enter(struct child *c, struct error *err);

/* Takes the id 0 of the user namespace. The system calls themselves: see set_user. Returns 0, or -1 with errno (EINVAL: there is none). */
int child_become_root(void);

/* namespaces.c */
int child_enter_namespaces(struct child *c, struct error *err);
int child_name_host(struct child *c, struct error *err);
int child_loopback(struct child *c, struct error *err);
int child_sysctls(struct child *c, struct error *err);

/* rootfs.c */
int child_open_root(struct child *c, struct error *err);
int child_pivot(struct child *c, struct error *err);
int child_root_options(struct child *c, struct error *err);
int child_root_propagation(struct child *c, struct error *err);

/* mount.c, mount-cgroup.c, devices.c, mask.c */
int child_mounts(struct child *c, struct error *err);
int child_mount_options_late(struct child *c, struct error *err);
int mount_cgroup(struct child *c, const struct plan_mount *m, int target, struct error *err);
int child_devices(struct child *c, struct error *err);
int child_masks(struct child *c, struct error *err);

/* console.c */
int child_console(struct child *c, struct error *err);
int child_stdio(struct child *c, struct error *err);

/* identity.c */
int child_limits(struct child *c, struct error *err);
int child_labels(struct child *c, struct error *err);
int child_keyring(struct child *c, struct error *err);
int child_identity(struct child *c, struct error *err);
bool child_may_setgroups(const struct child *c);
int child_drop(struct child *c, struct error *err);

/* confine.c */
int child_seccomp(struct child *c, struct error *err);

/* executable.c */
int child_find_executable(struct child *c, struct error *err);
void child_exec_error(const struct child *c, int code, struct error *err);
