#include "seccomp-filter.h"

#include <errno.h>
#include <json-c/json.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "error.h"
#include "fd.h"
#include "json.h"
#include "seccomp-cache.h"
#include "seccomp-unknown.h"

struct name {
	const char *text;
	uint32_t value;
};

static const struct name flag_names[] = {
	{ "SECCOMP_FILTER_FLAG_TSYNC", SECCOMP_FILTER_FLAG_TSYNC },
	{ "SECCOMP_FILTER_FLAG_LOG", SECCOMP_FILTER_FLAG_LOG },
	{ "SECCOMP_FILTER_FLAG_SPEC_ALLOW", SECCOMP_FILTER_FLAG_SPEC_ALLOW },
	{ "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", 1UL << 5 },
	{ NULL, 0 },
};

static const struct name operators[] = {
	{ "SCMP_CMP_NE", SCMP_CMP_NE }, { "SCMP_CMP_LT", SCMP_CMP_LT }, { "SCMP_CMP_LE", SCMP_CMP_LE },
	{ "SCMP_CMP_EQ", SCMP_CMP_EQ }, { "SCMP_CMP_GE", SCMP_CMP_GE }, { "SCMP_CMP_GT", SCMP_CMP_GT },
	{ "SCMP_CMP_MASKED_EQ", SCMP_CMP_MASKED_EQ }, { NULL, 0 },
};

static const struct name actions[] = {
	{ "SCMP_ACT_KILL", SCMP_ACT_KILL_THREAD },
	{ "SCMP_ACT_KILL_THREAD", SCMP_ACT_KILL_THREAD },
	{ "SCMP_ACT_KILL_PROCESS", SCMP_ACT_KILL_PROCESS },
	{ "SCMP_ACT_TRAP", SCMP_ACT_TRAP },
	{ "SCMP_ACT_ERRNO", SCMP_ACT_ERRNO(0) },
	{ "SCMP_ACT_TRACE", SCMP_ACT_TRACE(0) },
	{ "SCMP_ACT_ALLOW", SCMP_ACT_ALLOW },
	{ "SCMP_ACT_LOG", SCMP_ACT_LOG },
	{ "SCMP_ACT_NOTIFY", SCMP_ACT_NOTIFY },
	{ NULL, 0 },
};

static bool name_find(const struct name *names, const char *text, uint32_t *value)
{
	for (; text && names->text; names++) {
		if (strcmp(names->text, text))
			continue;
		*value = names->value;
		return true;
	}
	return false;
}

/* An action with its errno; EPERM when the profile names none. */
static uint32_t parse_action(struct parse *p, struct json_object *object, const char *key, const char *errno_key)
{
	const char *text = json_text(p, object, key);
	uint32_t action = 0, code = json_u32(p, object, errno_key, EPERM);

	if (!name_find(actions, text, &action))
		parse_fail(p, EINVAL, "seccomp: unknown action %s", text ? text : "(none)");
	if (action == SCMP_ACT_ERRNO(0) || action == SCMP_ACT_TRACE(0))
		action |= code & 0xffff;
	return action;
}

/* "SCMP_ARCH_X86_64" as libseccomp numbers it. */
static uint32_t parse_arch(const char *text)
{
	char name[32];
	size_t n = 0;

	if (!strncmp(text, "SCMP_ARCH_", 10))
		text += 10;
	for (; text[n] && n < sizeof(name) - 1; n++)
		name[n] = (char)(text[n] >= 'A' && text[n] <= 'Z' ? text[n] + 32 : text[n]);
	name[n] = '\0';
	return seccomp_arch_resolve_name(name);
}

static void add_archs(struct parse *p, scmp_filter_ctx ctx, struct json_object *object)
{
	struct json_object *array = json_member(p, object, "architectures", json_type_array);

	for (uint32_t i = 0; i < json_count(array) && !p->failed; i++) {
		struct json_object *item = json_element(p, array, i, json_type_string);
		uint32_t arch = item ? parse_arch(json_object_get_string(item)) : 0;
		int result;

		if (!arch) {
			parse_fail(p, EINVAL, "seccomp: unknown architecture %s",
				   item ? json_object_get_string(item) : "");
			return;
		}
		result = seccomp_arch_add(ctx, arch);
		if (result && result != -EEXIST)
			parse_fail(p, -result, "seccomp: cannot add architecture %s", json_object_get_string(item));
	}
}

static unsigned parse_conditions(struct parse *p, struct json_object *rule, struct scmp_arg_cmp *cmp, unsigned room)
{
	struct json_object *array = json_member(p, rule, "args", json_type_array);
	unsigned n = json_count(array);

	if (n > room)
		parse_fail(p, EINVAL, "seccomp: more than %u conditions", room);
	for (unsigned i = 0; i < n && !p->failed; i++) {
		struct json_object *item = json_element(p, array, i, json_type_object);
		const char *op = json_text(p, item, "op");
		uint64_t value = 0, second = 0;
		uint32_t code = 0, index = json_u32(p, item, "index", 0);

		json_u64(p, item, "value", &value);
		json_u64(p, item, "valueTwo", &second);
		if (!name_find(operators, op, &code) || index > 5) {
			parse_fail(p, EINVAL, "seccomp: invalid condition on argument %u", index);
			break;
		}
		/* valueTwo is the datum and value the mask, as the runtime specification has it. */
		cmp[i] = (struct scmp_arg_cmp){ .arg = index, .op = (enum scmp_compare)code, .datum_a = value,
						.datum_b = second };
	}
	return p->failed ? 0 : n;
}

/* libseccomp refuses two conditions on one argument in a rule; each then is a rule of its own, as the reference has it. */
static bool repeats_argument(const struct scmp_arg_cmp *cmp, unsigned n)
{
	unsigned seen = 0;

	for (unsigned i = 0; i < n; i++) {
		if (seen >> cmp[i].arg & 1)
			return true;
		seen |= 1U << cmp[i].arg;
	}
	return false;
}

static int add_rule(scmp_filter_ctx ctx, uint32_t action, int number, const struct scmp_arg_cmp *cmp, unsigned n)
{
	int result = 0;

	if (!repeats_argument(cmp, n))
		return seccomp_rule_add_array(ctx, action, number, n, cmp);
	for (unsigned i = 0; i < n && !result; i++)
		result = seccomp_rule_add_array(ctx, action, number, 1, &cmp[i]);
	return result;
}

static void add_rules(struct parse *p, scmp_filter_ctx ctx, struct json_object *object, uint32_t otherwise)
{
	struct json_object *array = json_member(p, object, "syscalls", json_type_array);

	for (uint32_t i = 0; i < json_count(array) && !p->failed; i++) {
		struct json_object *rule = json_element(p, array, i, json_type_object);
		struct json_object *names = json_member(p, rule, "names", json_type_array);
		uint32_t action = parse_action(p, rule, "action", "errnoRet");
		bool asks = action == SCMP_ACT_NOTIFY;
		struct scmp_arg_cmp cmp[6];
		unsigned conditions = parse_conditions(p, rule, cmp, 6);

		for (uint32_t j = 0; j < json_count(names) && !p->failed && action != otherwise; j++) {
			struct json_object *name = json_element(p, names, j, json_type_string);
			int number = name ? seccomp_syscall_resolve_name(json_object_get_string(name)) : 0;

			/* Who is to be asked is told by it. */
			if (asks && name && !strcmp(json_object_get_string(name), "write"))
				parse_fail(p, EINVAL, "seccomp: SCMP_ACT_NOTIFY cannot be used for the write syscall");

			int result = number == __NR_SCMP_ERROR ? 0 : add_rule(ctx, action, number, cmp, conditions);

			/* A call this architecture does not have is no mistake of the profile. */
			if (result && result != -EDOM && result != -EEXIST)
				parse_fail(p, -result, "seccomp: rule for %s: %s",
					   name ? json_object_get_string(name) : "", errno_text(-result));
		}
	}
}

static uint32_t parse_flags(struct parse *p, struct json_object *object)
{
	struct json_object *array = json_member(p, object, "flags", json_type_array);
	uint32_t flags = 0;

	if (!array)
		return SECCOMP_FILTER_FLAG_SPEC_ALLOW;
	for (uint32_t i = 0; i < json_count(array) && !p->failed; i++) {
		struct json_object *item = json_element(p, array, i, json_type_string);
		uint32_t flag = 0;

		if (!item || !name_find(flag_names, json_object_get_string(item), &flag))
			parse_fail(p, EINVAL, "seccomp flag %s is not known",
				   item ? json_object_get_string(item) : "");
		flags |= flag;
	}
	/* TSYNC is about other threads; a process that is about to exec has none, and with a listener it is refused. */
	return flags & ~(uint32_t)SECCOMP_FILTER_FLAG_TSYNC;
}

static bool notifies(struct json_object *object)
{
	return strstr(json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN), "\"SCMP_ACT_NOTIFY\"") != NULL;
}

static int export_filter(scmp_filter_ctx ctx, struct json_object *object, uint32_t otherwise,
			 struct seccomp_program *program, struct error *err)
{
	scoped_fd int fd = memfd_create("bpf", MFD_CLOEXEC);
	scoped_memory char *text = NULL;
	size_t size;
	int result;

	if (fd < 0)
		return error_set(err, errno, "seccomp");
	result = seccomp_export_bpf(ctx, fd);
	if (result)
		return error_set(err, -result, "seccomp: cannot compile the filter");
	if (lseek(fd, 0, SEEK_SET) < 0 || !(text = fd_read_text(fd, 1 << 22, &size, err)))
		return error_set(err, errno, "seccomp");
	return seccomp_unknown_calls(object, otherwise, text, size, program, err);
}

static int compile(struct parse *p, struct json_object *object, struct seccomp_program *program)
{
	uint32_t otherwise = parse_action(p, object, "defaultAction", "defaultErrnoRet");
	scmp_filter_ctx ctx = p->failed ? NULL : seccomp_init(otherwise);
	int result = -1;

	if (otherwise == SCMP_ACT_NOTIFY)
		parse_fail(p, EINVAL, "seccomp: SCMP_ACT_NOTIFY cannot be used as default action");
	if (!p->failed && !ctx)
		return error_text(p->err, EINVAL, "seccomp: cannot use the default action");
	if (ctx) {
		seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2);
		add_archs(p, ctx, object);
		add_rules(p, ctx, object, otherwise);
		program->flags = parse_flags(p, object);
		if (notifies(object))
			program->flags |= SECCOMP_FILTER_FLAG_NEW_LISTENER;
		if (!p->failed)
			result = export_filter(ctx, object, otherwise, program, p->err);
		seccomp_release(ctx);
	}
	return p->failed ? -1 : result;
}

int seccomp_compile(struct json_object *object, const char *cache, struct seccomp_program *program, struct error *err)
{
	const struct scmp_version *version = seccomp_version();
	struct parse p = { .err = err };
	scoped_memory char *key = NULL;
	int size, result;

	*program = (struct seccomp_program){ 0 };
	size = asprintf(&key, "1 %u %u.%u.%u %s", seccomp_arch_native(), version->major, version->minor,
			version->micro, json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN));
	if (size < 0) {
		key = NULL;
		return error_set(err, ENOMEM, "seccomp");
	}
	if (cache && seccomp_cache_read(cache, key, (size_t)size, program))
		return 0;
	result = compile(&p, object, program);
	if (!result && cache)
		seccomp_cache_write(cache, key, (size_t)size, program);
	return result;
}
