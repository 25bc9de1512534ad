/*
 * Control groups: one interface over v1, v2 and hybrid (which counts as v1; a controller that lives in the v2 tree
 * of a hybrid machine is not there). No allocation: a struct cgroup may be copied, and moved between processes that
 * share the mount layout.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct error;
struct plan;
struct plan_resources;

enum cgroup_controller {
	CGROUP_CPU,
	CGROUP_CPUACCT,
	CGROUP_CPUSET,
	CGROUP_MEMORY,
	CGROUP_DEVICES,
	CGROUP_FREEZER,
	CGROUP_BLKIO,
	CGROUP_PIDS,
	CGROUP_HUGETLB,
	CGROUP_NET_CLS,
	CGROUP_NET_PRIO,
	CGROUP_PERF_EVENT,
	CGROUP_RDMA,
	CGROUP_MISC,
	CGROUP_NAMED, /* v1: name=systemd; its membership is what tools look at */
	CGROUP_UNIFIED, /* hybrid: the v2 tree beside, where a service manager tracks its services */
	CGROUP_CONTROLLERS,
};

#define CGROUP_PATH_MAX 512

/* What the machine has. */
struct cgroup_machine {
	int version; /* 1, 2; 0: no cgroups at all */
	bool hybrid; /* version 1, with a v2 tree beside */
	uint32_t controllers; /* 1 << enum cgroup_controller */
	char mount[CGROUP_CONTROLLERS][64]; /* v1: mount point of the controller's hierarchy; v2: all in [0] */
};

struct cgroup {
	struct cgroup_machine machine;
	char path[CGROUP_PATH_MAX]; /* below every root, with a leading '/'; "" : none */
	uint64_t made; /* the depth of what cgroup_create made, so that a failure removes no more */
};

/* The name of a controller as the kernel lists it. */
const char *cgroup_controller_name(enum cgroup_controller controller);

/* Looks at /proc/self/mountinfo. Returns 0, or -1 with err set. */
int cgroup_probe(struct cgroup_machine *machine, struct error *err);

/* Names a cgroup without touching it. path must be absolute without "." or ".." parts (EINVAL). */
int cgroup_open(struct cgroup *cg, const char *path, struct error *err);

/* The same where cg->machine has been looked at already. */
int cgroup_name(struct cgroup *cg, const char *path, struct error *err);

/* The directory of the cgroup in the hierarchy of a controller. Returns its length, or -1 when there is none. */
int cgroup_directory(const struct cgroup *cg, enum cgroup_controller controller, char *buf, size_t size);

/*
 * Makes the cgroup in every hierarchy, with inherited cpusets (v1) or controllers enabled on the way (v2), and
 * applies the resources. On failure, what was made is removed. EEXIST is no failure unless processes are in it (EBUSY).
 */
int cgroup_create(struct cgroup *cg, const struct plan *plan, struct error *err);

/* Applies resources to an existing cgroup: only those present, in the order the kernel accepts. 0, or -1 with err. */
int cgroup_update(const struct cgroup *cg, const struct plan *plan, struct error *err);

/* v2, and the v2 tree of a hybrid machine: an O_PATH descriptor for CLONE_INTO_CGROUP. v1: -1 with errno ENOSYS. */
int cgroup_clone_fd(const struct cgroup *cg);

/*
 * v1: moves the calling thread by writing 0 to `tasks` of every hierarchy, which takes no global lock; right only
 * while the process has one thread. v2: nothing, CLONE_INTO_CGROUP has done it. Returns 0, or -1 with err set.
 */
int cgroup_join(const struct cgroup *cg, struct error *err);

/* v2 without CLONE_INTO_CGROUP, or a foreign process: writes pid to cgroup.procs everywhere. */
int cgroup_add(const struct cgroup *cg, pid_t pid, struct error *err);

/* Asks for frozen or thawed. Follow with cgroup_frozen until it says so. Returns 0, or -1 with err set. */
int cgroup_freeze(const struct cgroup *cg, bool frozen, struct error *err);

/*
 * Lets all in it go on and, on v1, all in the cgroups below, whoever froze those: there a process that is frozen does not
 * even die. Returns 0, or -1 with err set.
 */
int cgroup_thaw(const struct cgroup *cg, struct error *err);

/* 1 frozen, 0 thawed, 2 still freezing or thawing, -1 with err set. */
int cgroup_frozen(const struct cgroup *cg, struct error *err);

/* Waits at most timeout_ms for the state (0 or 1). Returns 0, or -1 with err set (ETIMEDOUT). */
int cgroup_await(const struct cgroup *cg, bool frozen, int timeout_ms, struct error *err);

/* Sends signal to every process in it and below (cgroup.kill for SIGKILL on v2). Returns 0 also when it is gone. */
int cgroup_kill(const struct cgroup *cg, int signal, struct error *err);

/*
 * Removes it and what is below, everywhere. Returns 0 (also when gone), 1 when the kernel still counts an ending
 * process in it (EBUSY: call again soon), -1 with err set.
 */
int cgroup_remove(const struct cgroup *cg, struct error *err);

/*
 * A descriptor that becomes readable (v1: POLLIN, read 8 bytes; v2: POLLIN on inotify of memory.events) when
 * something happened in the memory cgroup; then ask cgroup_oom_kills(). Returns it, or -1 with err set (no memory controller).
 */
int cgroup_oom_open(const struct cgroup *cg, struct error *err);

/* How many processes the kernel killed in it for lack of memory; -1 when that cannot be known. */
int64_t cgroup_oom_kills(const struct cgroup *cg);

/* Writes the pids in it and below into pids, at most room; returns how many there are, or -1 with err set. */
int cgroup_pids(const struct cgroup *cg, pid_t *pids, size_t room, struct error *err);
