/*
 * A plan: what an OCI config.json asks for, as flat, position-independent integers, strings and blobs in one sealed
 * memfd. Made by plan_parse.h (JSON, in the executor and the command line), carried out by launch.h (in the
 * shim, without JSON). Reading one checks every offset first, so that no plan can make the reader leave it.
 *
 * Strings are offsets from the start (0: absent). Lists are {offset, count}. Values are in the units of the OCI
 * runtime specification unless said otherwise.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;

typedef uint32_t plan_string;

struct plan_list {
	uint32_t at;
	uint32_t count;
};

struct plan_blob {
	uint32_t at;
	uint32_t size;
};

#define PLAN_MAGIC 0x4e414c5048545242ULL /* "BRTHPLAN" */
#define PLAN_VERSION 1
#define PLAN_SIZE_MAX (16u << 20)

enum plan_kind { PLAN_CONTAINER = 1, PLAN_EXEC = 2 };

struct plan_id_map {
	uint32_t inside, outside, count, reserved;
};

struct plan_namespace {
	uint32_t type; /* CLONE_NEW* */
	plan_string path; /* absent: a new one */
};

enum plan_mount_flags {
	PLAN_MOUNT_BIND = 1 << 0,
	PLAN_MOUNT_RECURSIVE = 1 << 1, /* rbind */
	PLAN_MOUNT_REMOUNT = 1 << 2,
	PLAN_MOUNT_TMPCOPYUP = 1 << 3,
	PLAN_MOUNT_IDMAP = 1 << 4, /* with the mount's own maps, or the container's when it has none */
	PLAN_MOUNT_IDMAP_RECURSIVE = 1 << 5,
	PLAN_MOUNT_NOFOLLOW_SOURCE = 1 << 6,
};

struct plan_mount {
	plan_string destination;
	plan_string source;
	plan_string type;
	plan_string data; /* comma-separated options for the file system itself */
	uint32_t flags; /* enum plan_mount_flags */
	uint32_t super; /* SB_* of mount(2) that belong to the file system: MS_SYNCHRONOUS, MS_DIRSYNC, MS_LAZYTIME... */
	uint64_t attr_set, attr_clear; /* MOUNT_ATTR_*, this mount */
	uint64_t tree_set, tree_clear; /* MOUNT_ATTR_*, the mount and all below ("rro"...) */
	uint32_t propagation[2]; /* MS_SHARED... with or without MS_REC, in order; 0: none */
	struct plan_list uid_maps, gid_maps; /* struct plan_id_map */
};

struct plan_device {
	plan_string path;
	uint32_t type; /* S_IFCHR, S_IFBLK, S_IFIFO */
	uint32_t major, minor;
	uint32_t mode; /* permission bits */
	uint32_t uid, gid;
};

struct plan_pair {
	plan_string key, value;
};

struct plan_rlimit {
	uint32_t resource, reserved;
	uint64_t soft, hard;
};

enum plan_hook_point {
	HOOK_PRESTART,
	HOOK_CREATE_RUNTIME,
	HOOK_CREATE_CONTAINER,
	HOOK_START_CONTAINER,
	HOOK_POSTSTART,
	HOOK_POSTSTOP,
	HOOK_POINTS,
};

struct plan_hook {
	plan_string path;
	uint32_t timeout_s; /* 0: none */
	struct plan_list args, env; /* plan_string */
};

struct plan_device_rule {
	uint32_t allow;
	uint32_t type; /* 'a', 'b', 'c' */
	int64_t major, minor; /* -1: any */
	uint32_t access; /* bits: 1 mknod, 2 read, 4 write (those of BPF_DEVCG_ACC_*) */
	uint32_t reserved;
};

struct plan_blkio_device {
	uint32_t kind; /* enum plan_blkio_kind */
	uint32_t major, minor, reserved;
	uint64_t value;
};

enum plan_blkio_kind {
	BLKIO_WEIGHT,
	BLKIO_LEAF_WEIGHT,
	BLKIO_READ_BPS,
	BLKIO_WRITE_BPS,
	BLKIO_READ_IOPS,
	BLKIO_WRITE_IOPS,
};

struct plan_hugetlb {
	plan_string size; /* "2MB" */
	uint32_t reserved;
	uint64_t limit;
};

enum plan_resource {
	RES_MEMORY = 1 << 0,
	RES_MEMORY_RESERVATION = 1 << 1,
	RES_MEMORY_SWAP = 1 << 2,
	RES_MEMORY_KERNEL_TCP = 1 << 3,
	RES_SWAPPINESS = 1 << 4,
	RES_OOM_DISABLE = 1 << 5,
	RES_CPU_SHARES = 1 << 6,
	RES_CPU_QUOTA = 1 << 7,
	RES_CPU_PERIOD = 1 << 8,
	RES_CPU_BURST = 1 << 9,
	RES_CPU_RT_RUNTIME = 1 << 10,
	RES_CPU_RT_PERIOD = 1 << 11,
	RES_CPU_IDLE = 1 << 12,
	RES_PIDS = 1 << 13,
	RES_BLKIO_WEIGHT = 1 << 14,
	RES_BLKIO_LEAF_WEIGHT = 1 << 15,
	RES_DEVICES = 1 << 16, /* device_rules is a whole policy, defaults of every container included */
	RES_CHECK_BEFORE_UPDATE = 1 << 17,
};

struct plan_resources {
	uint32_t present; /* enum plan_resource */
	uint32_t swappiness;
	int64_t memory, memory_reservation, memory_swap, memory_kernel_tcp;
	uint64_t cpu_shares, cpu_period, cpu_burst, cpu_rt_period;
	int64_t cpu_quota, cpu_rt_runtime, cpu_idle;
	int64_t pids;
	plan_string cpus, mems;
	uint32_t oom_disable;
	uint32_t blkio_weight, blkio_leaf_weight;
	struct plan_list device_rules; /* struct plan_device_rule */
	struct plan_list blkio_devices; /* struct plan_blkio_device */
	struct plan_list hugetlb; /* struct plan_hugetlb */
	struct plan_list unified; /* struct plan_pair: file of cgroup v2, content */
	uint32_t net_class;
	struct plan_list net_priorities; /* struct plan_pair: interface, number */
};

enum plan_process_flags {
	PROCESS_TERMINAL = 1 << 0,
	PROCESS_NO_NEW_PRIVILEGES = 1 << 1,
	PROCESS_UMASK = 1 << 2,
	PROCESS_OOM_SCORE = 1 << 3,
	PROCESS_CAPABILITIES = 1 << 4, /* absent: none; for an exec, those of its container */
	PROCESS_SCHEDULER = 1 << 5,
	PROCESS_IO_PRIORITY = 1 << 6,
};

struct plan_process {
	uint32_t flags; /* enum plan_process_flags */
	uint32_t console_height, console_width;
	uint32_t uid, gid, umask;
	int32_t oom_score_adj;
	plan_string cwd;
	plan_string apparmor, selinux_label;
	struct plan_list args, env; /* plan_string */
	struct plan_list groups; /* uint32_t: additional gids */
	struct plan_list rlimits; /* struct plan_rlimit */
	uint64_t cap_bounding, cap_effective, cap_permitted, cap_inheritable, cap_ambient; /* 1 << CAP_* */
	uint32_t sched_policy; /* SCHED_* */
	int32_t sched_nice, sched_priority;
	uint32_t sched_reserved;
	uint64_t sched_flags, sched_runtime, sched_deadline, sched_period;
	uint32_t io_class, io_priority;
};

struct plan_seccomp {
	struct plan_blob filter; /* struct sock_filter[]; size 0: no filter */
	uint32_t flags; /* SECCOMP_FILTER_FLAG_* */
	plan_string listener_path, listener_metadata; /* for SCMP_ACT_NOTIFY; the metadata as JSON */
};

enum plan_container_flags {
	CONTAINER_READONLY_ROOT = 1 << 0,
	CONTAINER_NO_PIVOT = 1 << 1,
	CONTAINER_NEW_KEYRING = 1 << 2, /* the default; --no-new-keyring clears it */
	CONTAINER_PERSONALITY = 1 << 3,
	CONTAINER_TIME_OFFSETS = 1 << 4,
	EXEC_INHERIT_SECCOMP = 1 << 5, /* an exec that takes the filter of its container */
};

/* The head of a plan. An exec plan has only kind, id, process and seccomp. */
struct plan {
	uint64_t magic;
	uint32_t version, size; /* size of all, head included */
	uint32_t kind; /* enum plan_kind */
	uint32_t flags; /* enum plan_container_flags */
	plan_string id, bundle;
	plan_string state_head; /* OCI state as JSON without its end: `{"ociVersion":..,"id":..,"bundle":..[,"annotations":{..}]` */
	plan_string rootfs; /* absolute: the directory, or where a root mount that comes as a descriptor is attached */
	plan_string hostname, domainname, mount_label;
	plan_string cgroup_path; /* below the root of every hierarchy, "" : none */
	uint32_t root_propagation; /* MS_PRIVATE | MS_REC...; 0: MS_REC|MS_SLAVE */
	uint32_t personality;
	struct plan_list namespaces; /* struct plan_namespace */
	struct plan_list uid_maps, gid_maps; /* struct plan_id_map */
	struct plan_list mounts; /* struct plan_mount, in order */
	struct plan_list devices; /* struct plan_device, the defaults included */
	struct plan_list masked_paths, readonly_paths; /* plan_string */
	struct plan_list sysctls; /* struct plan_pair, keys as paths below /proc/sys */
	struct plan_list hooks[HOOK_POINTS]; /* struct plan_hook */
	int64_t time_monotonic_s, time_monotonic_ns, time_boot_s, time_boot_ns;
	struct plan_process process;
	struct plan_resources resources;
	struct plan_seccomp seccomp;
};

/*
 * Maps a plan and checks all of it. The descriptor must be a memfd sealed against writing and shrinking, so that
 * what was checked stays so; it may be closed afterwards. Returns the plan, read-only, or NULL with err set.
 */
const struct plan *plan_map(int fd, struct error *err);

/* The check alone, for memory that nobody else writes to. size is that of the memory. Returns 0, or -1 with err set. */
int plan_check(const void *memory, size_t size, struct error *err);

void plan_unmap(const struct plan *plan);

/* A string of the plan; NULL when absent. */
static inline const char *plan_text(const struct plan *plan, plan_string at)
{
	return at ? (const char *)plan + at : NULL;
}

/* The first element of a list; NULL when empty. `const struct plan_mount *m = plan_items(plan, plan->mounts)`. */
static inline const void *plan_items(const struct plan *plan, struct plan_list list)
{
	return list.count ? (const char *)plan + list.at : NULL;
}

/* Element i of a list of strings. */
static inline const char *plan_text_at(const struct plan *plan, struct plan_list list, uint32_t i)
{
	return plan_text(plan, ((const plan_string *)plan_items(plan, list))[i]);
}

/*
 * A list of strings as a NULL-ended vector, with `before` in front of it when not NULL. Freed in one free().
 * Returns NULL when out of memory.
 */
char **plan_vector(const struct plan *plan, struct plan_list list, const char *before);

/* The path of the namespace of this type; *listed says whether the plan has one at all. NULL: a new one. */
const char *plan_namespace_path(const struct plan *plan, uint32_t type, bool *listed);
