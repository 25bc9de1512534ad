/*
 * What containers have used so far: the counters of their control groups and network namespaces, written as the JSON of
 * container.stats (native/PROTOCOL.md). It is read each second of each container that is watched, so the text is written at
 * once, and the files stay open (kept.h).
 */
#ifndef BERTH_EXECUTOR_STATS_H
#define BERTH_EXECUTOR_STATS_H

#include <json-c/json_object.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "../lib/cgroup.h"
#include "../lib/error.h"
#include "kept.h"

/* Room for the longest file; longer ones are cut at a line. */
#define STATS_BYTES (64u << 10)

struct stats {
	struct cgroup cg; /* of the container at hand */
	char *room; /* STATS_BYTES: the file read last, as text */
	struct kept *kept;
	struct kept_set *files; /* of the container at hand */
	char *text; /* written so far; grows */
	size_t length, size;
	bool failed; /* no memory */
};

/* machine: as cgroup_probe found it. Returns 0, or -1 with err set. In both cases stats_close is due. */
int stats_open(struct stats *s, const struct cgroup_machine *machine, struct kept *kept, struct error *err);
void stats_close(struct stats *s);

/*
 * Writes a sample of the container, an object; `null` when its cgroup is gone. `names` (an array) are those of the interfaces in
 * the network namespace of process pid that are counted.
 */
void stats_container(struct stats *s, const char *path, pid_t pid, struct json_object *names);

/* Writes "machineTime":..,"processors":..: time all processors have spent, idle or not, in ns; how many are online. */
void stats_machine(struct stats *s);

/* A file of a cgroup, with its number among those that are kept. */
struct stats_source {
	enum cgroup_controller controller;
	int number; /* below KEPT_FILES */
	const char *file;
};

/* The two back ends write the members of a sample; -1 when the cgroup is gone. */
int stats_v1(struct stats *s);
int stats_v2(struct stats *s);

/* For the parts above: reading ... */

/* Reads a file as text, cut to whole lines. Returns its length, or -1 when there is none. */
ssize_t stats_file(struct stats *s, const struct stats_source *source);

/* The one number in a file; 0 without the file, UINT64_MAX for "max". */
uint64_t stats_number(struct stats *s, const struct stats_source *source);

/* The number after "name " at the beginning of a line of the file read last; 0 when it is not there. */
uint64_t stats_field(const struct stats *s, const char *name);

/* ... and writing: text as it is; a number, which is a string when a double cannot hold it; `"name":number` with a comma before. */
void stats_add(struct stats *s, const char *text);
void stats_add_number(struct stats *s, uint64_t number);
/* The character written last, '{' before any. */
char stats_last(const struct stats *s);
void stats_put(struct stats *s, const char *name, uint64_t number);

/* `"name":{"a":1,...}`, a comma before: for each of names (ended by NULL) its number in the "name number" lines read last. */
void stats_put_table(struct stats *s, const char *name, const char *const *names);

/* Members that both back ends write (stats-parts.c). */

/*
 * Begins `"memory":{` with what both have; the caller adds the rest and the brace. Returns false, having written nothing, when the
 * controller is not there.
 */
bool stats_begin_memory(struct stats *s, const struct stats_source *stat, const char *const *names,
			const struct stats_source *usage, const struct stats_source *limit);

/* `unlimited` is what "max" is shown as. */
void stats_put_pids(struct stats *s, const struct stats_source *current, const struct stats_source *limit, uint64_t unlimited);

/* The file read last, with lines "MAJOR:MINOR rest": `each` is called for those, and may change the rest. */
typedef void stats_device_line(struct stats *s, uint64_t major, uint64_t minor, char *rest);
void stats_each_device(struct stats *s, stats_device_line *each);

/* `[major,minor,"operation",value]` in a list, with a comma before unless it is the first there. */
void stats_add_device(struct stats *s, uint64_t major, uint64_t minor, const char *operation, uint64_t value);

#endif
