#include "cgroup-undo.h"

#include <stdlib.h>
#include <string.h>

#include "cgroup-file.h"
#include "fd.h"

#define TEXT_BYTES 65536
#define LIMITS_MOST 24

/* How a file is written back. */
enum form {
	WHOLE, /* what was read is what is written */
	OOM_CONTROL, /* several lines, of which one counts */
	BY_DEVICE, /* a line a device; 0 takes a limit away */
	IO_MAX, /* the same on v2, where max does */
};

static const struct limit_file {
	enum cgroup_controller controller;
	enum form form;
	const char *file;
} v1_files[] = {
	{ CGROUP_CPU, WHOLE, "cpu.shares" },
	{ CGROUP_CPU, WHOLE, "cpu.cfs_period_us" },
	{ CGROUP_CPU, WHOLE, "cpu.cfs_quota_us" },
	{ CGROUP_CPU, WHOLE, "cpu.cfs_burst_us" },
	{ CGROUP_CPU, WHOLE, "cpu.rt_period_us" },
	{ CGROUP_CPU, WHOLE, "cpu.rt_runtime_us" },
	{ CGROUP_CPUSET, WHOLE, "cpuset.cpus" },
	{ CGROUP_CPUSET, WHOLE, "cpuset.mems" },
	{ CGROUP_MEMORY, WHOLE, "memory.limit_in_bytes" },
	{ CGROUP_MEMORY, WHOLE, "memory.memsw.limit_in_bytes" },
	{ CGROUP_MEMORY, WHOLE, "memory.soft_limit_in_bytes" },
	{ CGROUP_MEMORY, WHOLE, "memory.kmem.tcp.limit_in_bytes" },
	{ CGROUP_MEMORY, WHOLE, "memory.swappiness" },
	{ CGROUP_MEMORY, OOM_CONTROL, "memory.oom_control" },
	{ CGROUP_PIDS, WHOLE, "pids.max" },
	{ CGROUP_BLKIO, WHOLE, "blkio.weight" },
	{ CGROUP_BLKIO, WHOLE, "blkio.bfq.weight" },
	{ CGROUP_BLKIO, BY_DEVICE, "blkio.throttle.read_bps_device" },
	{ CGROUP_BLKIO, BY_DEVICE, "blkio.throttle.write_bps_device" },
	{ CGROUP_BLKIO, BY_DEVICE, "blkio.throttle.read_iops_device" },
	{ CGROUP_BLKIO, BY_DEVICE, "blkio.throttle.write_iops_device" },
}, v2_files[] = {
	{ CGROUP_CPU, WHOLE, "cpu.weight" },
	{ CGROUP_CPU, WHOLE, "cpu.max" },
	{ CGROUP_CPU, WHOLE, "cpu.max.burst" },
	{ CGROUP_CPUSET, WHOLE, "cpuset.cpus" },
	{ CGROUP_CPUSET, WHOLE, "cpuset.mems" },
	{ CGROUP_MEMORY, WHOLE, "memory.max" },
	{ CGROUP_MEMORY, WHOLE, "memory.swap.max" },
	{ CGROUP_MEMORY, WHOLE, "memory.low" },
	{ CGROUP_PIDS, WHOLE, "pids.max" },
	{ CGROUP_BLKIO, WHOLE, "io.weight" },
	{ CGROUP_BLKIO, WHOLE, "io.bfq.weight" },
	{ CGROUP_BLKIO, IO_MAX, "io.max" },
};

struct cgroup_limits {
	const struct limit_file *files;
	unsigned count;
	char *texts[LIMITS_MOST]; /* NULL: no such file */
};

struct cgroup_limits *cgroup_limits_read(const struct cgroup *cg)
{
	struct cgroup_limits *limits = calloc(1, sizeof(*limits));
	scoped_memory char *text = malloc(TEXT_BYTES);
	bool v2 = cg->machine.version == 2;

	if (!limits || !text) {
		free(limits);
		return NULL;
	}
	limits->files = v2 ? v2_files : v1_files;
	limits->count = v2 ? sizeof(v2_files) / sizeof(v2_files[0]) : sizeof(v1_files) / sizeof(v1_files[0]);
	for (unsigned i = 0; i < limits->count; i++)
		if (cgroup_read(cg, limits->files[i].controller, limits->files[i].file, text, TEXT_BYTES) >= 0)
			limits->texts[i] = strdup(text);
	return limits;
}

void cgroup_limits_free(struct cgroup_limits *limits)
{
	for (unsigned i = 0; limits && i < limits->count; i++)
		free(limits->texts[i]);
	free(limits);
}

static bool names_device(const char *lines, const char *device, size_t length)
{
	for (const char *at = lines; at && *at; at = strchr(at, '\n') ? strchr(at, '\n') + 1 : NULL)
		if (!strncmp(at, device, length) && at[length] == ' ')
			return true;
	return false;
}

/* Takes away limits of devices that had none, then sets again those that were. */
static void restore_devices(const struct cgroup *cg, const struct limit_file *f, const char *before, const char *now)
{
	struct error ignored;

	for (const char *at = now; at && *at; at = strchr(at, '\n') ? strchr(at, '\n') + 1 : NULL) {
		int length = (int)strcspn(at, " \n");

		if (!names_device(before, at, (size_t)length))
			cgroup_write(cg, f->controller, f->file, &ignored, "%.*s %s", length, at,
				     f->form == IO_MAX ? "rbps=max wbps=max riops=max wiops=max" : "0");
	}
	for (const char *at = before; at && *at; at = strchr(at, '\n') ? strchr(at, '\n') + 1 : NULL)
		cgroup_write(cg, f->controller, f->file, &ignored, "%.*s", (int)strcspn(at, "\n"), at);
}

/* Returns whether it was otherwise. */
static bool restore_file(const struct cgroup *cg, const struct limit_file *f, const char *before, char *now)
{
	struct error ignored;

	if (cgroup_read(cg, f->controller, f->file, now, TEXT_BYTES) < 0)
		return false;
	if (f->form == OOM_CONTROL) {
		int64_t disabled = cgroup_field(before, "oom_kill_disable");

		if (cgroup_field(now, "oom_kill_disable") == disabled)
			return false;
		cgroup_write(cg, f->controller, f->file, &ignored, "%d", (int)disabled);
		return true;
	}
	if (!strcmp(before, now))
		return false;
	if (f->form == WHOLE)
		cgroup_write(cg, f->controller, f->file, &ignored, "%s\n", before);
	else
		restore_devices(cg, f, before, now);
	return true;
}

/* Some bound each other, so that one may go through only after another: at most as often as there are such pairs. */
#define PASSES 3

void cgroup_limits_restore(const struct cgroup *cg, const struct cgroup_limits *limits)
{
	scoped_memory char *now = malloc(TEXT_BYTES);
	bool changed = now;

	for (int pass = 0; changed && pass < PASSES; pass++) {
		changed = false;
		for (unsigned i = 0; i < limits->count; i++)
			if (limits->texts[i])
				changed |= restore_file(cg, &limits->files[i], limits->texts[i], now);
	}
}
