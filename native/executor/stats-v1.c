#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "stats.h"

/* In the order of the alphabet, as they are shown. */
static const char *const memory_names[] = {
	"active_anon",
	"active_file",
	"cache",
	"dirty",
	"hierarchical_memory_limit",
	"hierarchical_memsw_limit",
	"inactive_anon",
	"inactive_file",
	"mapped_file",
	"pgfault",
	"pgmajfault",
	"pgpgin",
	"pgpgout",
	"rss",
	"rss_huge",
	"total_active_anon",
	"total_active_file",
	"total_cache",
	"total_dirty",
	"total_inactive_anon",
	"total_inactive_file",
	"total_mapped_file",
	"total_pgfault",
	"total_pgmajfault",
	"total_pgpgin",
	"total_pgpgout",
	"total_rss",
	"total_rss_huge",
	"total_unevictable",
	"total_writeback",
	"unevictable",
	"writeback",
	NULL,
};

enum {
	USAGE,
	PER_CPU,
	USER_SYSTEM,
	THROTTLING,
	MEMORY,
	MEMORY_USAGE,
	MEMORY_PEAK,
	MEMORY_LIMIT,
	MEMORY_FAILURES,
	PIDS,
	PIDS_LIMIT,
	BLOCK, /* and those after it */
	SOURCES = BLOCK + 10,
};

_Static_assert(SOURCES <= KEPT_FILES, "one place for each file");

static const struct stats_source sources[] = {
	{ CGROUP_CPUACCT, USAGE, "cpuacct.usage" },
	{ CGROUP_CPUACCT, PER_CPU, "cpuacct.usage_percpu" },
	{ CGROUP_CPUACCT, USER_SYSTEM, "cpuacct.stat" },
	{ CGROUP_CPU, THROTTLING, "cpu.stat" },
	{ CGROUP_MEMORY, MEMORY, "memory.stat" },
	{ CGROUP_MEMORY, MEMORY_USAGE, "memory.usage_in_bytes" },
	{ CGROUP_MEMORY, MEMORY_PEAK, "memory.max_usage_in_bytes" },
	{ CGROUP_MEMORY, MEMORY_LIMIT, "memory.limit_in_bytes" },
	{ CGROUP_MEMORY, MEMORY_FAILURES, "memory.failcnt" },
	{ CGROUP_PIDS, PIDS, "pids.current" },
	{ CGROUP_PIDS, PIDS_LIMIT, "pids.max" },
};

/* Absent when the hierarchy is not mounted; gone when it is, but has no such cgroup any more. */
static int put_cpu(struct stats *s)
{
	uint64_t tick = 1000000000ULL / (uint64_t)sysconf(_SC_CLK_TCK);
	char *at, *end;

	if (stats_file(s, &sources[USAGE]) < 0)
		return s->cg.machine.controllers >> CGROUP_CPUACCT & 1 ? -1 : 0;
	stats_add(s, ",\"cpu\":{");
	stats_put(s, "total", strtoull(s->room, NULL, 10));
	if (stats_file(s, &sources[PER_CPU]) > 0) {
		stats_add(s, ",\"perCpu\":[");
		at = s->room;
		for (uint64_t number = strtoull(at, &end, 10); end != at; number = strtoull(at, &end, 10)) {
			if (at != s->room)
				stats_add(s, ",");
			stats_add_number(s, number);
			at = end;
		}
		stats_add(s, "]");
	}
	if (stats_file(s, &sources[USER_SYSTEM]) > 0) {
		stats_put(s, "user", stats_field(s, "user") * tick);
		stats_put(s, "kernel", stats_field(s, "system") * tick);
	}
	if (stats_file(s, &sources[THROTTLING]) > 0) {
		stats_put(s, "periods", stats_field(s, "nr_periods"));
		stats_put(s, "throttledPeriods", stats_field(s, "nr_throttled"));
		stats_put(s, "throttledTime", stats_field(s, "throttled_time"));
	}
	stats_add(s, "}");
	return 0;
}

static void put_memory(struct stats *s)
{
	if (!stats_begin_memory(s, &sources[MEMORY], memory_names, &sources[MEMORY_USAGE], &sources[MEMORY_LIMIT]))
		return;
	stats_put(s, "max", stats_number(s, &sources[MEMORY_PEAK]));
	stats_put(s, "failures", stats_number(s, &sources[MEMORY_FAILURES]));
	stats_add(s, "}");
}

/* "8:0 Read 4096" or "8:0 4096"; "Total 4096" is about no device. */
static void add_block_entry(struct stats *s, uint64_t major, uint64_t minor, char *rest)
{
	char *operation = rest + strspn(rest, " "), *value = operation + strcspn(operation, " ");
	bool named = *value;

	if (named)
		*value++ = '\0';
	stats_add_device(s, major, minor, named ? operation : "", strtoull(named ? value : operation, NULL, 10));
}

#define BLOCK_LISTS 8

static const char *const block_lists[BLOCK_LISTS] = { "serviceBytes", "serviced", "queued", "serviceTime",
						      "waitTime",     "merged",	  "time",   "sectors" };

static const struct stats_source weighted[BLOCK_LISTS] = {
	{ CGROUP_BLKIO, BLOCK, "blkio.bfq.io_service_bytes_recursive" },
	{ CGROUP_BLKIO, BLOCK + 1, "blkio.bfq.io_serviced_recursive" },
	{ CGROUP_BLKIO, BLOCK + 2, "blkio.bfq.io_queued_recursive" },
	{ CGROUP_BLKIO, BLOCK + 3, "blkio.bfq.io_service_time_recursive" },
	{ CGROUP_BLKIO, BLOCK + 4, "blkio.bfq.io_wait_time_recursive" },
	{ CGROUP_BLKIO, BLOCK + 5, "blkio.bfq.io_merged_recursive" },
	{ CGROUP_BLKIO, BLOCK + 6, "blkio.bfq.time_recursive" },
	{ CGROUP_BLKIO, BLOCK + 7, "blkio.bfq.sectors_recursive" },
};

static const struct stats_source throttled[BLOCK_LISTS] = {
	{ CGROUP_BLKIO, BLOCK + 8, "blkio.throttle.io_service_bytes" },
	{ CGROUP_BLKIO, BLOCK + 9, "blkio.throttle.io_serviced" },
};

/* Returns whether there are any entries. */
static bool add_block(struct stats *s, const struct stats_source *lists)
{
	bool any = false;

	stats_add(s, ",\"block\":{");
	for (int i = 0; i < BLOCK_LISTS; i++) {
		stats_add(s, i > 0 ? ",\"" : "\"");
		stats_add(s, block_lists[i]);
		stats_add(s, "\":[");
		if (lists[i].file && stats_file(s, &lists[i]) >= 0)
			stats_each_device(s, add_block_entry);
		any = any || stats_last(s) != '[';
		stats_add(s, "]");
	}
	stats_add(s, "}");
	return any;
}

/* The scheduler counts where it is at work; else what passes the throttle is counted. */
static void put_block(struct stats *s)
{
	size_t start = s->length;

	if (!(s->cg.machine.controllers >> CGROUP_BLKIO & 1))
		return;
	if (stats_file(s, &weighted[0]) >= 0 && add_block(s, weighted))
		return;
	s->length = start;
	add_block(s, throttled);
}

int stats_v1(struct stats *s)
{
	if (put_cpu(s))
		return -1;
	put_memory(s);
	/* Without a limit it is 0 here. */
	stats_put_pids(s, &sources[PIDS], &sources[PIDS_LIMIT], 0);
	put_block(s);
	return 0;
}
