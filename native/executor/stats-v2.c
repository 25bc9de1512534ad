#include <stdlib.h>
#include <string.h>

#include "stats.h"

/* In the order of the alphabet, as they are shown. */
static const char *const memory_names[] = {
	"active_anon",
	"active_file",
	"anon",
	"anon_thp",
	"file",
	"file_dirty",
	"file_mapped",
	"file_writeback",
	"inactive_anon",
	"inactive_file",
	"kernel_stack",
	"pgactivate",
	"pgdeactivate",
	"pgfault",
	"pglazyfree",
	"pglazyfreed",
	"pgmajfault",
	"pgrefill",
	"pgscan",
	"pgsteal",
	"shmem",
	"slab",
	"slab_reclaimable",
	"slab_unreclaimable",
	"sock",
	"thp_collapse_alloc",
	"thp_fault_alloc",
	"unevictable",
	"workingset_activate",
	"workingset_nodereclaim",
	"workingset_refault",
	NULL,
};

enum { CPU, MEMORY, MEMORY_USAGE, MEMORY_LIMIT, MEMORY_EVENTS, PIDS, PIDS_LIMIT, BLOCK };

static const struct stats_source sources[] = {
	{ CGROUP_CPU, CPU, "cpu.stat" },
	{ CGROUP_MEMORY, MEMORY, "memory.stat" },
	{ CGROUP_MEMORY, MEMORY_USAGE, "memory.current" },
	{ CGROUP_MEMORY, MEMORY_LIMIT, "memory.max" },
	{ CGROUP_MEMORY, MEMORY_EVENTS, "memory.events" },
	{ CGROUP_PIDS, PIDS, "pids.current" },
	{ CGROUP_PIDS, PIDS_LIMIT, "pids.max" },
	{ CGROUP_BLKIO, BLOCK, "io.stat" },
};

static void put_cpu(struct stats *s)
{
	stats_add(s, ",\"cpu\":{");
	stats_put(s, "total", stats_field(s, "usage_usec") * 1000);
	stats_put(s, "user", stats_field(s, "user_usec") * 1000);
	stats_put(s, "kernel", stats_field(s, "system_usec") * 1000);
	stats_put(s, "periods", stats_field(s, "nr_periods"));
	stats_put(s, "throttledPeriods", stats_field(s, "nr_throttled"));
	stats_put(s, "throttledTime", stats_field(s, "throttled_usec") * 1000);
	stats_add(s, "}");
}

static void put_memory(struct stats *s)
{
	if (!stats_begin_memory(s, &sources[MEMORY], memory_names, &sources[MEMORY_USAGE], &sources[MEMORY_LIMIT]))
		return;
	if (stats_file(s, &sources[MEMORY_EVENTS]) > 0)
		stats_put(s, "failures", stats_field(s, "oom"));
	stats_add(s, "}");
}

static uint64_t bytes(const char *line, const char *name)
{
	const char *at = strstr(line, name);

	return at ? strtoull(at + strlen(name), NULL, 10) : 0;
}

/* "8:0 rbytes=4096 wbytes=0 rios=1 wios=0 dbytes=0 dios=0"; only bytes have a place in the answer. */
static void add_block_entries(struct stats *s, uint64_t major, uint64_t minor, char *rest)
{
	stats_add_device(s, major, minor, "read", bytes(rest, " rbytes="));
	stats_add_device(s, major, minor, "write", bytes(rest, " wbytes="));
}

static void put_block(struct stats *s)
{
	size_t start;

	if (stats_file(s, &sources[BLOCK]) < 0)
		return;
	stats_add(s, ",\"block\":{");
	start = s->length;
	stats_add(s, "\"serviceBytes\":[");
	stats_each_device(s, add_block_entries);
	if (stats_last(s) == '[')
		s->length = start;
	else
		stats_add(s, "]");
	stats_add(s, "}");
}

int stats_v2(struct stats *s)
{
	/* cpu.stat is there whatever controllers there are: gone with the cgroup only. */
	if (stats_file(s, &sources[CPU]) < 0)
		return -1;
	put_cpu(s);
	put_memory(s);
	/* Without a limit it is the greatest number there is, as the reference shows it. */
	stats_put_pids(s, &sources[PIDS], &sources[PIDS_LIMIT], UINT64_MAX);
	put_block(s);
	return 0;
}
