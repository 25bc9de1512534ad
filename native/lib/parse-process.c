#include "parse-process.h"

#include <errno.h>
#include <linux/sched.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>

#include "capability.h"
#include "fd.h"
#include "plan_parse.h"

/* musl's <sched.h> and <linux/sched.h> name these differently. */
enum { POLICY_OTHER = 0, POLICY_FIFO = 1, POLICY_RR = 2, POLICY_BATCH = 3, POLICY_ISO = 4, POLICY_IDLE = 5, POLICY_DEADLINE = 6 };

struct word {
	const char *name;
	uint32_t value;
};

static const struct word limits[] = {
	{ "RLIMIT_AS", RLIMIT_AS },
	{ "RLIMIT_CORE", RLIMIT_CORE },
	{ "RLIMIT_CPU", RLIMIT_CPU },
	{ "RLIMIT_DATA", RLIMIT_DATA },
	{ "RLIMIT_FSIZE", RLIMIT_FSIZE },
	{ "RLIMIT_LOCKS", 10 },
	{ "RLIMIT_MEMLOCK", RLIMIT_MEMLOCK },
	{ "RLIMIT_MSGQUEUE", 12 },
	{ "RLIMIT_NICE", 13 },
	{ "RLIMIT_NOFILE", RLIMIT_NOFILE },
	{ "RLIMIT_NPROC", RLIMIT_NPROC },
	{ "RLIMIT_RSS", RLIMIT_RSS },
	{ "RLIMIT_RTPRIO", 14 },
	{ "RLIMIT_RTTIME", 15 },
	{ "RLIMIT_SIGPENDING", 11 },
	{ "RLIMIT_STACK", RLIMIT_STACK },
	{ NULL, 0 },
};

static const struct word policies[] = {
	{ "SCHED_OTHER", POLICY_OTHER }, { "SCHED_FIFO", POLICY_FIFO }, { "SCHED_RR", POLICY_RR },
	{ "SCHED_BATCH", POLICY_BATCH }, { "SCHED_ISO", POLICY_ISO },	{ "SCHED_IDLE", POLICY_IDLE },
	{ "SCHED_DEADLINE", POLICY_DEADLINE }, { NULL, 0 },
};

static const struct word policy_flags[] = {
	{ "SCHED_FLAG_RESET_ON_FORK", 0x01 },	{ "SCHED_FLAG_RECLAIM", 0x02 },
	{ "SCHED_FLAG_DL_OVERRUN", 0x04 },	{ "SCHED_FLAG_KEEP_POLICY", 0x08 },
	{ "SCHED_FLAG_KEEP_PARAMS", 0x10 },	{ "SCHED_FLAG_UTIL_CLAMP_MIN", 0x20 },
	{ "SCHED_FLAG_UTIL_CLAMP_MAX", 0x40 }, { NULL, 0 },
};

static const struct word io_classes[] = {
	{ "IOPRIO_CLASS_RT", 1 }, { "IOPRIO_CLASS_BE", 2 }, { "IOPRIO_CLASS_IDLE", 3 }, { NULL, 0 },
};

static bool word_find(const struct word *words, const char *name, uint32_t *value)
{
	for (; words->name; words++) {
		if (strcmp(words->name, name))
			continue;
		*value = words->value;
		return true;
	}
	return false;
}

static void parse_limits(struct parse *p, struct json_object *process)
{
	struct json_object *array = json_member(p, process, "rlimits", json_type_array);
	struct plan_rlimit *items;
	struct plan_list list = builder_list(&p->build, json_count(array), sizeof(*items), (void **)&items);

	for (uint32_t i = 0; i < list.count && !p->failed; i++) {
		struct json_object *item = json_element(p, array, i, json_type_object);
		const char *type = json_text(p, item, "type");

		if (!type || !word_find(limits, type, &items[i].resource))
			parse_fail(p, EINVAL, "wrong rlimit value: %s", type ? type : "");
		for (uint32_t j = 0; j < i && !p->failed; j++)
			if (items[j].resource == items[i].resource)
				parse_fail(p, EINVAL, "rlimit %s is listed twice", type);
		json_u64(p, item, "soft", &items[i].soft);
		json_u64(p, item, "hard", &items[i].hard);
	}
	builder_plan(&p->build)->process.rlimits = list;
}

/* Names this kernel or we do not know are left out, as the reference does with a warning. */
static uint64_t capability_mask(struct parse *p, struct json_object *sets, const char *key)
{
	struct json_object *array = json_member(p, sets, key, json_type_array);
	uint64_t set = 0;

	for (uint32_t i = 0; i < json_count(array) && !p->failed; i++) {
		struct json_object *name = json_element(p, array, i, json_type_string);
		int number = name ? capability_number(json_object_get_string(name)) : -1;

		if (number >= 0)
			set |= 1ULL << number;
	}
	return set;
}

static void parse_capabilities(struct parse *p, struct json_object *process, struct plan_process *out)
{
	struct json_object *sets = json_member(p, process, "capabilities", json_type_object);

	if (!sets)
		return;
	out->flags |= PROCESS_CAPABILITIES;
	out->cap_bounding = capability_mask(p, sets, "bounding");
	out->cap_effective = capability_mask(p, sets, "effective");
	out->cap_permitted = capability_mask(p, sets, "permitted");
	out->cap_inheritable = capability_mask(p, sets, "inheritable");
	out->cap_ambient = capability_mask(p, sets, "ambient");
}

static void parse_user(struct parse *p, struct json_object *process, const struct plan_options *options,
		       struct plan_process *out)
{
	struct json_object *user = json_member(p, process, "user", json_type_object);
	struct json_object *array = json_member(p, user, "additionalGids", json_type_array);
	uint32_t count = options->user_given ? options->group_count : json_count(array);
	uint32_t *groups;

	out->uid = options->user_given ? options->uid : json_u32(p, user, "uid", 0);
	out->gid = options->user_given ? options->gid : json_u32(p, user, "gid", 0);
	out->groups = builder_list(&p->build, count, sizeof(*groups), (void **)&groups);
	for (uint32_t i = 0; i < out->groups.count && !p->failed; i++) {
		struct json_object *gid = options->user_given ? NULL : json_element(p, array, i, json_type_int);
		int64_t number = options->user_given ? options->groups[i] : json_object_get_int64(gid);

		if (number < 0 || number > UINT32_MAX)
			parse_fail(p, ERANGE, "additionalGids is out of range");
		groups[i] = (uint32_t)number;
	}
	out->umask = json_u32(p, user, "umask", UINT32_MAX);
	if (out->umask != UINT32_MAX)
		out->flags |= PROCESS_UMASK;
}

static void parse_scheduler(struct parse *p, struct json_object *process, struct plan_process *out)
{
	struct json_object *scheduler = json_member(p, process, "scheduler", json_type_object);
	struct json_object *flags = json_member(p, scheduler, "flags", json_type_array);
	const char *policy = json_text(p, scheduler, "policy");

	if (!scheduler)
		return;
	out->flags |= PROCESS_SCHEDULER;
	if (!policy || !word_find(policies, policy, &out->sched_policy))
		parse_fail(p, EINVAL, "unknown scheduler policy %s", policy ? policy : "(none)");
	out->sched_nice = json_i32(p, scheduler, "nice");
	out->sched_priority = json_i32(p, scheduler, "priority");
	for (uint32_t i = 0; i < json_count(flags) && !p->failed; i++) {
		struct json_object *name = json_element(p, flags, i, json_type_string);
		uint32_t flag = 0;

		if (name && !word_find(policy_flags, json_object_get_string(name), &flag))
			parse_fail(p, EINVAL, "unknown scheduler flag %s", json_object_get_string(name));
		out->sched_flags |= flag;
	}
	json_u64(p, scheduler, "runtime", &out->sched_runtime);
	json_u64(p, scheduler, "deadline", &out->sched_deadline);
	json_u64(p, scheduler, "period", &out->sched_period);
}

static void parse_io_priority(struct parse *p, struct json_object *process, struct plan_process *out)
{
	struct json_object *priority = json_member(p, process, "ioPriority", json_type_object);
	const char *class = json_text(p, priority, "class");

	if (!priority)
		return;
	out->flags |= PROCESS_IO_PRIORITY;
	if (!class || !word_find(io_classes, class, &out->io_class))
		parse_fail(p, EINVAL, "unknown I/O priority class %s", class ? class : "(none)");
	out->io_priority = json_u32(p, priority, "priority", 0);
	if (out->io_priority > 7)
		parse_fail(p, EINVAL, "I/O priority %u is not in 0-7", out->io_priority);
}

/* The environment, with HOME added when it names none. */
static struct plan_list parse_environment(struct parse *p, struct json_object *process, const char *home)
{
	struct json_object *array = json_member(p, process, "env", json_type_array);
	char home_text[300];
	plan_string *items;
	struct plan_list list;

	for (uint32_t i = 0; i < json_count(array) && home && !p->failed; i++) {
		struct json_object *value = json_element(p, array, i, json_type_string);

		if (value && !strncmp(json_object_get_string(value), "HOME=", 5) && json_object_get_string_len(value) > 5)
			home = NULL;
	}
	list = builder_list(&p->build, json_count(array) + !!home, sizeof(*items), (void **)&items);
	for (uint32_t i = 0; i < list.count && i < json_count(array) && !p->failed; i++) {
		struct json_object *value = json_element(p, array, i, json_type_string);

		if (value && strlen(json_object_get_string(value)) != (size_t)json_object_get_string_len(value))
			parse_fail(p, EINVAL, "env holds a NUL character");
		items[i] = builder_text(&p->build, value ? json_object_get_string(value) : NULL);
	}
	if (home && list.count) {
		snprintf(home_text, sizeof(home_text), "HOME=%s", home);
		items[list.count - 1] = builder_text(&p->build, home_text);
	}
	return list;
}

/* Go finds no such program; for us the text would end at the NUL and be another one. */
static void check_program(struct parse *p, struct json_object *process)
{
	struct json_object *args = json_member(p, process, "args", json_type_array);
	struct json_object *first = json_count(args) ? json_object_array_get_idx(args, 0) : NULL;
	char shown[300];
	size_t n = 0;

	if (!first || !json_object_is_type(first, json_type_string))
		return;
	for (int i = 0; i < json_object_get_string_len(first) && n + 5 < sizeof(shown); i++) {
		char ch = json_object_get_string(first)[i];

		n += (size_t)snprintf(shown + n, sizeof(shown) - n, ch ? "%c" : "\\x00", ch);
	}
	if (strlen(json_object_get_string(first)) != (size_t)json_object_get_string_len(first))
		parse_fail(p, ENOENT, "exec: \"%s\": executable file not found in $PATH", shown);
}

void parse_process(struct parse *p, struct json_object *process, const struct plan_options *options)
{
	struct plan_process *out = &builder_plan(&p->build)->process;
	struct json_object *console = json_member(p, process, "consoleSize", json_type_object);
	const char *cwd = json_text(p, process, "cwd");
	int64_t number;

	if (json_flag(p, process, "terminal"))
		out->flags |= PROCESS_TERMINAL;
	if (json_flag(p, process, "noNewPrivileges"))
		out->flags |= PROCESS_NO_NEW_PRIVILEGES;
	out->console_height = json_u32(p, console, "height", 0);
	out->console_width = json_u32(p, console, "width", 0);
	check_program(p, process);
	out->args = json_texts(p, process, "args");
	out->env = parse_environment(p, process, options->home);
	out->cwd = builder_text(&p->build, cwd);
	out->apparmor = json_plan_text(p, process, "apparmorProfile");
	out->selinux_label = json_plan_text(p, process, "selinuxLabel");
	if (json_i64(p, process, "oomScoreAdj", &number)) {
		out->flags |= PROCESS_OOM_SCORE;
		out->oom_score_adj = (int32_t)number;
		if (number < -1000 || number > 1000)
			parse_fail(p, ERANGE, "oomScoreAdj %lld is not in -1000..1000", (long long)number);
	}
	parse_user(p, process, options, out);
	parse_limits(p, process);
	parse_capabilities(p, process, out);
	parse_scheduler(p, process, out);
	parse_io_priority(p, process, out);
	if (json_member(p, process, "execCPUAffinity", json_type_object))
		parse_fail(p, ENOTSUP, "execCPUAffinity is not supported");
	if (!process)
		parse_fail(p, EINVAL, "process property must not be empty");
	if (!out->args.count)
		parse_fail(p, EINVAL, "args must not be empty");
	if (!cwd || cwd[0] != '/')
		parse_fail(p, EINVAL, cwd && *cwd ? "Cwd must be an absolute path" : "Cwd property must not be empty");
}
