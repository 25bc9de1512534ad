#include <stdlib.h>
#include <string.h>

#include "stats.h"

bool stats_begin_memory(struct stats *s, const struct stats_source *stat, const char *const *names,
			const struct stats_source *usage, const struct stats_source *limit)
{
	if (stats_file(s, stat) < 0)
		return false;
	stats_add(s, ",\"memory\":{");
	stats_put_table(s, "stats", names);
	stats_put(s, "usage", stats_number(s, usage));
	stats_put(s, "limit", stats_number(s, limit));
	return true;
}

void stats_put_pids(struct stats *s, const struct stats_source *current, const struct stats_source *limit, uint64_t unlimited)
{
	uint64_t most;

	if (stats_file(s, current) < 0)
		return;
	stats_add(s, ",\"pids\":{");
	stats_put(s, "current", strtoull(s->room, NULL, 10));
	most = stats_number(s, limit);
	stats_put(s, "limit", most == UINT64_MAX ? unlimited : most);
	stats_add(s, "}");
}

void stats_each_device(struct stats *s, stats_device_line *each)
{
	for (char *line = s->room, *next; line && *line; line = next) {
		char *at;
		uint64_t major = strtoull(line, &at, 10), minor;

		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		if (at == line || *at != ':')
			continue;
		minor = strtoull(at + 1, &at, 10);
		each(s, major, minor, at);
	}
}

void stats_add_device(struct stats *s, uint64_t major, uint64_t minor, const char *operation, uint64_t value)
{
	stats_add(s, stats_last(s) == '[' ? "[" : ",[");
	stats_add_number(s, major);
	stats_add(s, ",");
	stats_add_number(s, minor);
	stats_add(s, ",\"");
	stats_add(s, operation);
	stats_add(s, "\",");
	stats_add_number(s, value);
	stats_add(s, "]");
}
