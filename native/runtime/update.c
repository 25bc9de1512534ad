#include <errno.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "bundle.h"
#include "fd.h"
#include "options.h"
#include "plan_parse.h"
#include "runtime.h"
#include "state.h"

/* What each option sets in an OCI linux.resources object. */
static const struct setting {
	const char *option, *group, *key;
	enum { NUMBER, SIZE, TEXT } kind;
} settings[] = {
	{ "blkio-weight", "blockIO", "weight", NUMBER },
	{ "cpu-period", "cpu", "period", NUMBER },
	{ "cpu-quota", "cpu", "quota", NUMBER },
	{ "cpu-burst", "cpu", "burst", NUMBER },
	{ "cpu-share", "cpu", "shares", NUMBER },
	{ "cpu-rt-period", "cpu", "realtimePeriod", NUMBER },
	{ "cpu-rt-runtime", "cpu", "realtimeRuntime", NUMBER },
	{ "cpu-idle", "cpu", "idle", NUMBER },
	{ "cpuset-cpus", "cpu", "cpus", TEXT },
	{ "cpuset-mems", "cpu", "mems", TEXT },
	{ "memory", "memory", "limit", SIZE },
	{ "memory-reservation", "memory", "reservation", SIZE },
	{ "memory-swap", "memory", "swap", SIZE },
	{ "pids-limit", "pids", "limit", NUMBER },
};

#define SETTINGS (sizeof(settings) / sizeof(settings[0]))

static struct json_object *group_of(struct json_object *resources, const char *name)
{
	struct json_object *group;

	if (json_object_object_get_ex(resources, name, &group))
		return group;
	group = json_object_new_object();
	json_object_object_add(resources, name, group);
	return group;
}

/* "64m", "1g", "-1", in bytes. */
static int parse_size(const char *name, const char *text, long long *size, struct error *err)
{
	static const char units[] = "bkmgtp";
	char *end;
	const char *unit;

	errno = 0;
	*size = strtoll(text, &end, 10);
	if (end == text || errno)
		return error_text(err, EINVAL, "invalid value for %s: %s", name, text);
	if (!*end)
		return 0;
	unit = strchr(units, *end | 0x20);
	if (!unit || (end[1] && ((end[1] | 0x20) != 'b' || end[2])) ||
	    __builtin_mul_overflow(*size, 1LL << 10 * (unit - units), size))
		return error_text(err, EINVAL, "invalid value for %s: %s", name, text);
	return 0;
}

static int apply_settings(struct json_object *resources, const char *const *values, struct error *err)
{
	for (size_t i = 0; i < SETTINGS; i++) {
		const struct setting *s = &settings[i];
		struct json_object *value = NULL;
		long long number = 0;

		if (!values[i])
			continue;
		if (s->kind == TEXT)
			value = json_object_new_string(values[i]);
		else if (s->kind == SIZE ? parse_size(s->option, values[i], &number, err)
					 : number_parse(s->option, values[i], &number, err))
			return -1;
		else
			value = json_object_new_int64(number);
		json_object_object_add(group_of(resources, s->group), s->key, value);
	}
	return 0;
}

static int apply(struct container *c, struct json_object *resources, struct error *err)
{
	const struct plan *plan;
	int result;
	scoped_fd int fd = plan_from_resources(resources, c->id, err);

	if (fd < 0 || !(plan = plan_map(fd, err)))
		return -1;
	result = cgroup_update(&c->cgroup, plan, err);
	plan_unmap(plan);
	return result;
}

int command_update(const struct globals *g, int argc, char **argv, struct error *err)
{
	const char *values[SETTINGS] = { 0 }, *file = NULL;
	struct option flags[SETTINGS + 2] = { { "resources", 'r', OPTION_TEXT, &file } };
	struct container c;
	struct json_object *resources;
	int result = -1, at;

	for (size_t i = 0; i < SETTINGS; i++)
		flags[i + 1] = (struct option){ settings[i].option, 0, OPTION_TEXT, &values[i] };
	at = options_parse(flags, argc, argv, err);
	if (at < 0 || argc - at != 1)
		return at < 0 ? -1
			      : error_text(err, EINVAL, "update: \"update\" requires exactly 1 argument(s)");
	if (state_load_locked(g, argv[at], &c, err))
		return -1;
	resources = file ? json_load(file, err) : json_object_new_object();
	if (state_status(&c) == STATUS_STOPPED)
		error_text(err, ESRCH, "container not running");
	else if (resources && !apply_settings(resources, values, err))
		result = apply(&c, resources, err);
	json_object_put(resources);
	state_close(&c);
	return result;
}
