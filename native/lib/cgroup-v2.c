#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cgroup-file.h"
#include "fd.h"

/*
 * Switches the controllers on for the children of a cgroup, one by one: one that may not be (a domain with processes
 * in it, a real-time task) must not take the others with it. A limit that then has no file fails with its name.
 */
static void enable_children(const struct cgroup *cg)
{
	static const char *const controllers[] = { "+cpuset", "+cpu",  "+io",	"+memory",
						   "+pids",   "+hugetlb", "+rdma", "+misc" };
	char have[512];
	struct error ignored;

	if (cgroup_read(cg, 0, "cgroup.controllers", have, sizeof(have)) < 0)
		return;
	for (size_t i = 0; i < sizeof(controllers) / sizeof(controllers[0]); i++)
		if (strstr(have, controllers[i] + 1))
			cgroup_write(cg, 0, "cgroup.subtree_control", &ignored, "%s", controllers[i]);
}

int cgroup_v2_create(struct cgroup *cg, struct error *err)
{
	char path[PATH_MAX], members[32];
	struct cgroup step = *cg;

	snprintf(step.path, sizeof(step.path), "/");
	for (size_t i = 1; cg->path[i - 1]; i++) {
		if (cg->path[i] && cg->path[i] != '/')
			continue;
		enable_children(&step);
		memcpy(step.path, cg->path, i);
		step.path[i] = '\0';
		cgroup_directory(&step, 0, path, sizeof(path));
		if (!mkdir(path, 0755))
			cg->made |= !cg->path[i];
		else if (errno != EEXIST)
			return error_set(err, errno, "mkdir %s", path);
	}
	if (!cg->made && cgroup_read(cg, 0, "cgroup.procs", members, sizeof(members)) > 0)
		return error_text(err, EBUSY, "container's cgroup is not empty: %s is in %s", members, cg->path);
	return 0;
}

static int write_or_max(const struct cgroup *cg, const char *file, int64_t value, struct error *err)
{
	return value < 0 ? cgroup_write(cg, 0, file, err, "max") :
			   cgroup_write(cg, 0, file, err, "%lld", (long long)value);
}

static int check_usage(const struct cgroup *cg, int64_t limit, struct error *err)
{
	char text[32];

	if (limit <= 0 || cgroup_read(cg, 0, "memory.current", text, sizeof(text)) < 0)
		return 0;
	if (strtoll(text, NULL, 10) > limit)
		return error_text(err, EBUSY, "rejecting memory limit %lld < usage %s", (long long)limit, text);
	return 0;
}

/* OCI counts memory and swap together, v2 swap alone. */
static int apply_swap(const struct cgroup *cg, const struct plan_resources *r, int64_t memory, struct error *err)
{
	int64_t swap = r->present & RES_MEMORY_SWAP ? r->memory_swap : 0;

	if (memory == -1 && swap == 0)
		swap = -1;
	if (swap == 0)
		return 0;
	if (swap < 0) {
		/* Without swap accounting there is nothing to lift. */
		if (write_or_max(cg, "memory.swap.max", -1, err) && error_code(err) != ENOENT)
			return -1;
		return 0;
	}
	if (memory <= 0)
		return error_text(err, EINVAL, "unable to set swap limit without memory limit");
	if (swap < memory)
		return error_text(err, EINVAL, "memory+swap limit should be >= memory limit");
	return write_or_max(cg, "memory.swap.max", swap - memory, err);
}

static int apply_memory(const struct cgroup *cg, const struct plan_resources *r, struct error *err)
{
	int64_t memory = r->present & RES_MEMORY ? r->memory : 0;

	if (r->present & RES_CHECK_BEFORE_UPDATE && check_usage(cg, memory, err))
		return -1;
	if (apply_swap(cg, r, memory, err))
		return -1;
	if (memory && write_or_max(cg, "memory.max", memory, err))
		return -1;
	if (r->present & RES_MEMORY_RESERVATION && r->memory_reservation)
		return write_or_max(cg, "memory.low", r->memory_reservation, err);
	return 0;
}

static int apply_cpu(const struct cgroup *cg, const struct plan *plan, struct error *err)
{
	const struct plan_resources *r = &plan->resources;
	const char *cpus = plan_text(plan, r->cpus), *mems = plan_text(plan, r->mems);
	uint64_t period = r->present & RES_CPU_PERIOD ? r->cpu_period : 0;
	int64_t quota = r->present & RES_CPU_QUOTA ? r->cpu_quota : 0;

	if (r->present & RES_CPU_IDLE && cgroup_write(cg, 0, "cpu.idle", err, "%lld", (long long)r->cpu_idle))
		return -1;
	/* [2-262144] to [1-10000], the proportion that systemd and the reference use. */
	if (r->present & RES_CPU_SHARES && r->cpu_shares &&
	    cgroup_write(cg, 0, "cpu.weight", err, "%llu",
			 (unsigned long long)(1 + (((r->cpu_shares < 2 ? 2 : r->cpu_shares > 262144 ? 262144 :
												r->cpu_shares) -
						    2) *
						   9999) /
							  262142)))
		return -1;
	if (quota > 0 && cgroup_write(cg, 0, "cpu.max", err, "%lld %llu", (long long)quota,
				      (unsigned long long)(period ? period : 100000)))
		return -1;
	if (quota < 0 && !period && cgroup_write(cg, 0, "cpu.max", err, "max"))
		return -1;
	if (quota <= 0 && period && cgroup_write(cg, 0, "cpu.max", err, "max %llu", (unsigned long long)period))
		return -1;
	if (r->present & RES_CPU_BURST &&
	    cgroup_write(cg, 0, "cpu.max.burst", err, "%llu", (unsigned long long)r->cpu_burst))
		return -1;
	if (cpus && *cpus && cgroup_write(cg, 0, "cpuset.cpus", err, "%s", cpus))
		return -1;
	return mems && *mems ? cgroup_write(cg, 0, "cpuset.mems", err, "%s", mems) : 0;
}

static int apply_weight(const struct cgroup *cg, const struct plan *plan, struct error *err)
{
	const struct plan_resources *r = &plan->resources;
	uint64_t weight = r->blkio_weight;

	if (!(r->present & RES_BLKIO_WEIGHT) || !weight)
		return 0;
	if (cgroup_has_file(cg, 0, "io.bfq.weight"))
		return cgroup_write(cg, 0, "io.bfq.weight", err, "%llu", (unsigned long long)weight);
	/* [10-1000] to [1-10000] */
	return cgroup_write(cg, 0, "io.weight", err, "%llu",
			    (unsigned long long)(1 + (weight > 10 ? weight - 10 : 0) * 9999 / 990));
}

static int apply_io(const struct cgroup *cg, const struct plan *plan, struct error *err)
{
	static const char *const keys[] = {
		[BLKIO_READ_BPS] = "rbps",
		[BLKIO_WRITE_BPS] = "wbps",
		[BLKIO_READ_IOPS] = "riops",
		[BLKIO_WRITE_IOPS] = "wiops",
	};
	const struct plan_blkio_device *d = plan_items(plan, plan->resources.blkio_devices);

	for (uint32_t i = 0; i < plan->resources.blkio_devices.count; i++) {
		int result = 0;

		if (d[i].kind == BLKIO_WEIGHT)
			result = cgroup_write(cg, 0, "io.bfq.weight", err, "%u:%u %llu", d[i].major, d[i].minor,
					      (unsigned long long)d[i].value);
		else if (d[i].kind >= BLKIO_READ_BPS && d[i].kind <= BLKIO_WRITE_IOPS && !d[i].value)
			result = cgroup_write(cg, 0, "io.max", err, "%u:%u %s=max", d[i].major, d[i].minor,
					      keys[d[i].kind]);
		else if (d[i].kind >= BLKIO_READ_BPS && d[i].kind <= BLKIO_WRITE_IOPS)
			result = cgroup_write(cg, 0, "io.max", err, "%u:%u %s=%llu", d[i].major, d[i].minor,
					      keys[d[i].kind], (unsigned long long)d[i].value);
		if (result)
			return -1;
	}
	return apply_weight(cg, plan, err);
}

static int apply_huge(const struct cgroup *cg, const struct plan *plan, struct error *err)
{
	const struct plan_hugetlb *h = plan_items(plan, plan->resources.hugetlb);

	for (uint32_t i = 0; i < plan->resources.hugetlb.count; i++) {
		char file[64];

		snprintf(file, sizeof(file), "hugetlb.%.32s.max", plan_text(plan, h[i].size));
		if (cgroup_write(cg, 0, file, err, "%llu", (unsigned long long)h[i].limit))
			return -1;
		snprintf(file, sizeof(file), "hugetlb.%.32s.rsvd.max", plan_text(plan, h[i].size));
		if (cgroup_has_file(cg, 0, file) &&
		    cgroup_write(cg, 0, file, err, "%llu", (unsigned long long)h[i].limit))
			return -1;
	}
	return 0;
}

int cgroup_v2_apply(const struct cgroup *cg, const struct plan *plan, struct error *err)
{
	const struct plan_resources *r = &plan->resources;
	const struct plan_pair *pairs = plan_items(plan, r->unified);

	if (apply_cpu(cg, plan, err) || apply_memory(cg, r, err))
		return -1;
	if (r->present & RES_PIDS && r->pids && write_or_max(cg, "pids.max", r->pids, err))
		return -1;
	if (apply_io(cg, plan, err) || apply_huge(cg, plan, err))
		return -1;
	if (r->present & RES_DEVICES && cgroup_devices_attach(cg, plan, err))
		return -1;
	for (uint32_t i = 0; i < r->unified.count; i++)
		if (cgroup_write(cg, 0, plan_text(plan, pairs[i].key), err, "%s", plan_text(plan, pairs[i].value)))
			return -1;
	return 0;
}
