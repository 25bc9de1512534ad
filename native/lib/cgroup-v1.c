#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cgroup-file.h"
#include "fd.h"

/*
 * A new cpuset is empty and takes no process: it starts with what its parent has. So may be one that was there: made by somebody
 * else, or by one who was cut off.
 */
static int inherit_cpuset(struct cgroup *cg, char *path, struct error *err)
{
	static const char *const files[] = { "cpuset.cpus", "cpuset.mems" };
	struct cgroup here = *cg, parent = *cg;
	char *slash;

	snprintf(here.path, sizeof(here.path), "%s", path);
	snprintf(parent.path, sizeof(parent.path), "%s", path);
	slash = strrchr(parent.path, '/');
	slash[slash == parent.path] = '\0';
	for (int i = 0; i < 2; i++) {
		char text[4096];

		if (cgroup_read(&here, CGROUP_CPUSET, files[i], text, sizeof(text)) > 0)
			continue;
		if (cgroup_read(&parent, CGROUP_CPUSET, files[i], text, sizeof(text)) < 0)
			return error_set(err, errno, "%s of %s", files[i], parent.path);
		if (cgroup_write(&here, CGROUP_CPUSET, files[i], err, "%s", text))
			return -1;
	}
	return 0;
}

/* Makes the path in one hierarchy. Usually only the last part is missing. */
static int make_path(struct cgroup *cg, enum cgroup_controller controller, struct error *err)
{
	char path[PATH_MAX], part[CGROUP_PATH_MAX];
	bool cpuset = !strcmp(cg->machine.mount[controller], cg->machine.mount[CGROUP_CPUSET]);

	if (cgroup_directory(cg, controller, path, sizeof(path)) < 0)
		return error_set(err, errno, "cgroup path");
	if (!cpuset && !mkdir(path, 0755)) {
		cg->made |= 1ULL << controller;
		return 0;
	}
	for (size_t i = 1; cg->path[i - 1]; i++) {
		struct cgroup step = *cg;

		if (cg->path[i] && cg->path[i] != '/')
			continue;
		memcpy(part, cg->path, i);
		part[i] = '\0';
		snprintf(step.path, sizeof(step.path), "%s", part);
		cgroup_directory(&step, controller, path, sizeof(path));
		if (!mkdir(path, 0755)) {
			if (!cg->path[i])
				cg->made |= 1ULL << controller;
		} else if (errno != EEXIST) {
			return error_set(err, errno, "mkdir %s", path);
		}
		if (cpuset && inherit_cpuset(cg, part, err))
			return -1;
	}
	return 0;
}

int cgroup_v1_create(struct cgroup *cg, struct error *err)
{
	for (int i = 0; i < CGROUP_CONTROLLERS; i++) {
		char members[32];

		if (cgroup_repeats(cg, i))
			continue;
		if (make_path(cg, i, err))
			return -1;
		if (!(cg->made >> i & 1) && cgroup_read(cg, i, "cgroup.procs", members, sizeof(members)) > 0)
			return error_text(err, EBUSY, "container's cgroup is not empty: %s is in %s", members, cg->path);
	}
	return 0;
}

static int set_limit(const struct cgroup *cg, const char *file, int64_t limit, struct error *err)
{
	char usage[32] = "", peak[32] = "";

	if (!cgroup_write(cg, CGROUP_MEMORY, file, err, "%lld", (long long)limit))
		return 0;
	if (error_code(err) != EBUSY)
		return -1;
	cgroup_read(cg, CGROUP_MEMORY, "memory.usage_in_bytes", usage, sizeof(usage));
	cgroup_read(cg, CGROUP_MEMORY, "memory.max_usage_in_bytes", peak, sizeof(peak));
	return error_set(err, EBUSY, "unable to set memory limit to %lld (current usage: %s, peak usage: %s)",
			 (long long)limit, usage, peak);
}

/* The kernel keeps memory <= memory+swap at every moment, so which goes first depends on what is there. */
static int apply_memory_limits(const struct cgroup *cg, const struct plan_resources *r, struct error *err)
{
	int64_t memory = r->present & RES_MEMORY ? r->memory : 0, swap = r->present & RES_MEMORY_SWAP ? r->memory_swap : 0;
	char text[32] = "";
	uint64_t current;

	if (memory == -1 && swap == 0 && cgroup_has_file(cg, CGROUP_MEMORY, "memory.memsw.limit_in_bytes"))
		swap = -1;
	if (memory == 0 && swap == 0)
		return 0;
	cgroup_read(cg, CGROUP_MEMORY, "memory.limit_in_bytes", text, sizeof(text));
	current = strtoull(text, NULL, 10);
	if (swap != 0 && memory != 0 && (swap == -1 || current < (uint64_t)swap))
		return set_limit(cg, "memory.memsw.limit_in_bytes", swap, err) ||
		       set_limit(cg, "memory.limit_in_bytes", memory, err);
	if (memory != 0 && set_limit(cg, "memory.limit_in_bytes", memory, err))
		return -1;
	return swap != 0 ? set_limit(cg, "memory.memsw.limit_in_bytes", swap, err) : 0;
}

/* Enabled is what a new one is; the file may be missing where nothing is to be changed. */
static int apply_oom(const struct cgroup *cg, bool disable, struct error *err)
{
	char text[256];

	if (!disable && (cgroup_read(cg, CGROUP_MEMORY, "memory.oom_control", text, sizeof(text)) < 0 ||
			 cgroup_field(text, "oom_kill_disable") != 1))
		return 0;
	return cgroup_write(cg, CGROUP_MEMORY, "memory.oom_control", err, "%d", disable);
}

static int apply_memory(const struct cgroup *cg, const struct plan_resources *r, struct error *err)
{
	if (apply_memory_limits(cg, r, err))
		return -1;
	if (r->present & RES_MEMORY_RESERVATION && r->memory_reservation &&
	    cgroup_write(cg, CGROUP_MEMORY, "memory.soft_limit_in_bytes", err, "%lld", (long long)r->memory_reservation))
		return -1;
	if (r->present & RES_MEMORY_KERNEL_TCP && r->memory_kernel_tcp &&
	    cgroup_write(cg, CGROUP_MEMORY, "memory.kmem.tcp.limit_in_bytes", err, "%lld",
			 (long long)r->memory_kernel_tcp))
		return -1;
	if (r->present & RES_OOM_DISABLE && apply_oom(cg, r->oom_disable, err))
		return -1;
	if (r->present & RES_SWAPPINESS && cgroup_write(cg, CGROUP_MEMORY, "memory.swappiness", err, "%u", r->swappiness))
		return -1;
	return 0;
}

static int apply_shares(const struct cgroup *cg, uint64_t shares, struct error *err)
{
	char text[32] = "";
	uint64_t kept;

	if (cgroup_write(cg, CGROUP_CPU, "cpu.shares", err, "%llu", (unsigned long long)shares))
		return -1;
	if (cgroup_read(cg, CGROUP_CPU, "cpu.shares", text, sizeof(text)) < 0)
		return error_set(err, errno, "cpu.shares");
	kept = strtoull(text, NULL, 10);
	if (shares > kept)
		return error_text(err, EINVAL, "the maximum allowed cpu-shares is %llu", (unsigned long long)kept);
	if (shares < kept)
		return error_text(err, EINVAL, "the minimum allowed cpu-shares is %llu", (unsigned long long)kept);
	return 0;
}

/* quota, period and burst bound each other; what is refused alone goes through after the others. */
static int apply_quota(const struct cgroup *cg, const struct plan_resources *r, struct error *err)
{
	bool period = r->present & RES_CPU_PERIOD && r->cpu_period, quota = r->present & RES_CPU_QUOTA && r->cpu_quota;
	bool burst = r->present & RES_CPU_BURST;

	if (burst && !cgroup_write(cg, CGROUP_CPU, "cpu.cfs_burst_us", err, "%llu", (unsigned long long)r->cpu_burst))
		burst = false;
	if (period && !cgroup_write(cg, CGROUP_CPU, "cpu.cfs_period_us", err, "%llu", (unsigned long long)r->cpu_period))
		period = false;
	else if (period && (error_code(err) != EINVAL || !quota))
		return -1;
	if (quota && cgroup_write(cg, CGROUP_CPU, "cpu.cfs_quota_us", err, "%lld", (long long)r->cpu_quota))
		return -1;
	if (period && cgroup_write(cg, CGROUP_CPU, "cpu.cfs_period_us", err, "%llu", (unsigned long long)r->cpu_period))
		return -1;
	return burst ? cgroup_write(cg, CGROUP_CPU, "cpu.cfs_burst_us", err, "%llu", (unsigned long long)r->cpu_burst) : 0;
}

static int apply_cpu(const struct cgroup *cg, const struct plan *plan, struct error *err)
{
	const struct plan_resources *r = &plan->resources;
	const char *cpus = plan_text(plan, r->cpus), *mems = plan_text(plan, r->mems);

	if (r->present & RES_CPU_SHARES && r->cpu_shares && apply_shares(cg, r->cpu_shares, err))
		return -1;
	if (r->present & RES_CPU_RT_PERIOD && r->cpu_rt_period &&
	    cgroup_write(cg, CGROUP_CPU, "cpu.rt_period_us", err, "%llu", (unsigned long long)r->cpu_rt_period))
		return -1;
	if (r->present & RES_CPU_RT_RUNTIME && r->cpu_rt_runtime &&
	    cgroup_write(cg, CGROUP_CPU, "cpu.rt_runtime_us", err, "%lld", (long long)r->cpu_rt_runtime))
		return -1;
	if (r->present & RES_CPU_IDLE && cgroup_write(cg, CGROUP_CPU, "cpu.idle", err, "%lld", (long long)r->cpu_idle))
		return -1;
	if (apply_quota(cg, r, err))
		return -1;
	if (cpus && *cpus && cgroup_write(cg, CGROUP_CPUSET, "cpuset.cpus", err, "%s", cpus))
		return -1;
	return mems && *mems ? cgroup_write(cg, CGROUP_CPUSET, "cpuset.mems", err, "%s", mems) : 0;
}

static int apply_blkio(const struct cgroup *cg, const struct plan *plan, struct error *err)
{
	static const char *const files[] = {
		[BLKIO_WEIGHT] = "blkio.weight_device",
		[BLKIO_LEAF_WEIGHT] = "blkio.leaf_weight_device",
		[BLKIO_READ_BPS] = "blkio.throttle.read_bps_device",
		[BLKIO_WRITE_BPS] = "blkio.throttle.write_bps_device",
		[BLKIO_READ_IOPS] = "blkio.throttle.read_iops_device",
		[BLKIO_WRITE_IOPS] = "blkio.throttle.write_iops_device",
	};
	const struct plan_resources *r = &plan->resources;
	const struct plan_blkio_device *d = plan_items(plan, r->blkio_devices);
	bool bfq = !cgroup_has_file(cg, CGROUP_BLKIO, "blkio.weight") &&
		   cgroup_has_file(cg, CGROUP_BLKIO, "blkio.bfq.weight");

	if (r->present & RES_BLKIO_WEIGHT && r->blkio_weight &&
	    cgroup_write(cg, CGROUP_BLKIO, bfq ? "blkio.bfq.weight" : "blkio.weight", err, "%u", r->blkio_weight))
		return -1;
	if (r->present & RES_BLKIO_LEAF_WEIGHT && r->blkio_leaf_weight &&
	    cgroup_write(cg, CGROUP_BLKIO, "blkio.leaf_weight", err, "%u", r->blkio_leaf_weight))
		return -1;
	for (uint32_t i = 0; i < r->blkio_devices.count; i++) {
		const char *file = d[i].kind <= BLKIO_WRITE_IOPS ? files[d[i].kind] : "";

		if (bfq && d[i].kind == BLKIO_WEIGHT)
			file = "blkio.bfq.weight_device";
		if (cgroup_write(cg, CGROUP_BLKIO, file, err, "%u:%u %llu", d[i].major, d[i].minor,
				 (unsigned long long)d[i].value))
			return -1;
	}
	return 0;
}

static int apply_huge(const struct cgroup *cg, const struct plan *plan, struct error *err)
{
	const struct plan_hugetlb *h = plan_items(plan, plan->resources.hugetlb);

	for (uint32_t i = 0; i < plan->resources.hugetlb.count; i++) {
		char file[80];

		snprintf(file, sizeof(file), "hugetlb.%.32s.limit_in_bytes", plan_text(plan, h[i].size));
		if (cgroup_write(cg, CGROUP_HUGETLB, file, err, "%llu", (unsigned long long)h[i].limit))
			return -1;
		snprintf(file, sizeof(file), "hugetlb.%.32s.rsvd.limit_in_bytes", plan_text(plan, h[i].size));
		if (cgroup_has_file(cg, CGROUP_HUGETLB, file) &&
		    cgroup_write(cg, CGROUP_HUGETLB, file, err, "%llu", (unsigned long long)h[i].limit))
			return -1;
	}
	return 0;
}

static int apply_net(const struct cgroup *cg, const struct plan *plan, struct error *err)
{
	const struct plan_pair *p = plan_items(plan, plan->resources.net_priorities);

	if (plan->resources.net_class &&
	    cgroup_write(cg, CGROUP_NET_CLS, "net_cls.classid", err, "%u", plan->resources.net_class))
		return -1;
	for (uint32_t i = 0; i < plan->resources.net_priorities.count; i++)
		if (cgroup_write(cg, CGROUP_NET_PRIO, "net_prio.ifpriomap", err, "%s %s", plan_text(plan, p[i].key),
				 plan_text(plan, p[i].value)))
			return -1;
	return 0;
}

static void device_number(char *buf, size_t size, int64_t number)
{
	if (number < 0)
		snprintf(buf, size, "*");
	else
		snprintf(buf, size, "%lld", (long long)number);
}

static bool overlap(const struct plan_device_rule *a, const struct plan_device_rule *b)
{
	return a->type == b->type && (a->major == b->major || a->major < 0 || b->major < 0) &&
	       (a->minor == b->minor || a->minor < 0 || b->minor < 0) && a->access & b->access;
}

/*
 * Each rule is a write, and Docker's lists repeat the defaults. One that says again what an earlier one has said, with
 * nothing contrary in between, changes nothing; nor does one that takes away what nobody has given.
 */
static bool changes(const struct plan_device_rule *rules, uint32_t start, uint32_t i, bool otherwise)
{
	for (uint32_t j = i; j > start; j--) {
		const struct plan_device_rule *earlier = &rules[j - 1];

		if (earlier->allow != rules[i].allow && overlap(earlier, &rules[i]))
			return true;
		if (earlier->allow == rules[i].allow && earlier->type == rules[i].type &&
		    earlier->major == rules[i].major && earlier->minor == rules[i].minor &&
		    (earlier->access & rules[i].access) == rules[i].access)
			return false;
	}
	return rules[i].allow != otherwise;
}

static int apply_devices(const struct cgroup *cg, const struct plan *plan, struct error *err)
{
	const struct plan_device_rule *rules = plan_items(plan, plan->resources.device_rules);
	bool allow;
	uint32_t start = cgroup_rules_start(plan, &allow), count = plan->resources.device_rules.count;

	if (!cgroup_has(cg, CGROUP_DEVICES)) {
		if (allow)
			return 0;
		return error_text(err, ENOENT, "devices cannot be restricted: the machine has no devices controller");
	}
	if (cgroup_write(cg, CGROUP_DEVICES, allow ? "devices.allow" : "devices.deny", err, "a"))
		return -1;
	for (uint32_t i = start; i < count; i++) {
		char major[24], minor[24];
		const struct plan_device_rule *rule = &rules[i];

		if (!changes(rules, start, i, allow))
			continue;
		device_number(major, sizeof(major), rule->major);
		device_number(minor, sizeof(minor), rule->minor);
		if (cgroup_write(cg, CGROUP_DEVICES, rule->allow ? "devices.allow" : "devices.deny", err,
				 "%c %s:%s %s%s%s", (int)rule->type, major, minor, rule->access & 2 ? "r" : "",
				 rule->access & 4 ? "w" : "", rule->access & 1 ? "m" : ""))
			return -1;
	}
	return 0;
}

int cgroup_v1_apply(const struct cgroup *cg, const struct plan *plan, struct error *err)
{
	const struct plan_resources *r = &plan->resources;

	if (r->present & RES_DEVICES && apply_devices(cg, plan, err))
		return -1;
	if (apply_cpu(cg, plan, err) || apply_memory(cg, r, err))
		return -1;
	if (r->present & RES_PIDS && r->pids &&
	    (r->pids > 0 ? cgroup_write(cg, CGROUP_PIDS, "pids.max", err, "%lld", (long long)r->pids) :
			   cgroup_write(cg, CGROUP_PIDS, "pids.max", err, "max")))
		return -1;
	if (apply_blkio(cg, plan, err) || apply_huge(cg, plan, err) || apply_net(cg, plan, err))
		return -1;
	if (r->unified.count)
		return error_text(err, EINVAL, "unified resources need cgroup v2");
	return 0;
}
