#include "plan_parse.h"

#include <errno.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <string.h>

#include "error.h"
#include "json.h"
#include "parse-linux.h"
#include "parse-mount.h"
#include "parse-process.h"
#include "parse-resources.h"
#include "seccomp-filter.h"

static int parse_open(struct parse *p, enum plan_kind kind, const char *id, struct error *err)
{
	*p = (struct parse){ .err = err };
	if (builder_open(&p->build))
		return error_set(err, errno, "plan");
	builder_plan(&p->build)->kind = kind;
	builder_plan(&p->build)->id = builder_text(&p->build, id ? id : "");
	return 0;
}

static int parse_close(struct parse *p)
{
	int fd = p->failed ? -1 : builder_seal(&p->build, p->err);

	builder_close(&p->build);
	return fd;
}

static void parse_seccomp(struct parse *p, struct json_object *seccomp, const char *cache)
{
	struct plan_seccomp *out = &builder_plan(&p->build)->seccomp;
	struct seccomp_program program = { 0 };
	struct json_object *metadata;

	if (!seccomp || p->failed)
		return;
	out->listener_path = json_plan_text(p, seccomp, "listenerPath");
	metadata = json_member(p, seccomp, "listenerMetadata", json_type_string);
	if (metadata)
		out->listener_metadata = builder_text(&p->build, json_object_to_json_string(metadata));
	if (p->failed || seccomp_compile(seccomp, cache, &program, p->err)) {
		p->failed = true;
		return;
	}
	if (program.flags & SECCOMP_FILTER_FLAG_NEW_LISTENER && !out->listener_path)
		parse_fail(p, EINVAL, "seccomp: listenerPath is not set");
	out->filter = builder_blob(&p->build, program.filter, program.size);
	out->flags = program.flags;
	free(program.filter);
}

static void parse_hooks(struct parse *p, struct json_object *spec)
{
	static const char *const points[HOOK_POINTS] = { "prestart",	   "createRuntime", "createContainer",
							 "startContainer", "poststart",	    "poststop" };
	struct json_object *hooks = json_member(p, spec, "hooks", json_type_object);

	for (int point = 0; point < HOOK_POINTS; point++) {
		struct json_object *array = json_member(p, hooks, points[point], json_type_array);
		struct plan_hook *items;
		struct plan_list list = builder_list(&p->build, json_count(array), sizeof(*items), (void **)&items);

		for (uint32_t i = 0; i < list.count && !p->failed; i++) {
			struct json_object *item = json_element(p, array, i, json_type_object);
			const char *path = json_text(p, item, "path");

			if (!path || path[0] != '/')
				parse_fail(p, EINVAL, "hooks.%s[%u]: path must be absolute", points[point], i);
			items[i].path = builder_text(&p->build, path);
			items[i].args = json_texts(p, item, "args");
			items[i].env = json_texts(p, item, "env");
			items[i].timeout_s = json_u32(p, item, "timeout", 0);
		}
		builder_plan(&p->build)->hooks[point] = list;
	}
}

/* The part of the OCI state that does not change, so that whoever runs hooks needs no JSON. */
static void parse_state(struct parse *p, struct json_object *spec, const struct plan_options *options)
{
	struct json_object *state = json_object_new_object(), *annotations;
	const char *version = json_text(p, spec, "ociVersion"), *text;
	size_t length;
	char *head;

	if (!version)
		parse_fail(p, EINVAL, "ociVersion is missing");
	annotations = json_member(p, spec, "annotations", json_type_object);
	if (!p->failed && state) {
		json_object_object_add(state, "ociVersion", json_object_new_string(version));
		json_object_object_add(state, "id", json_object_new_string(options->id));
		json_object_object_add(state, "bundle", json_object_new_string(options->bundle ? options->bundle : ""));
		if (annotations)
			json_object_object_add(state, "annotations", json_object_get(annotations));
		text = json_object_to_json_string_length(
			state, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &length);
		head = text ? strndup(text, length - 1) : NULL;
		builder_plan(&p->build)->state_head = builder_text(&p->build, head);
		free(head);
	}
	json_object_put(state);
}

static void parse_root(struct parse *p, struct json_object *spec, const struct plan_options *options)
{
	struct plan *plan = builder_plan(&p->build);
	struct json_object *root = json_member(p, spec, "root", json_type_object);
	const char *path = json_text(p, root, "path");
	char whole[4096];

	if (!root)
		parse_fail(p, EINVAL, "root must be specified");
	if (json_flag(p, root, "readonly"))
		plan->flags |= CONTAINER_READONLY_ROOT;
	if (path && path[0] != '/' && options->bundle) {
		if ((size_t)snprintf(whole, sizeof(whole), "%s/%s", options->bundle, path) >= sizeof(whole))
			parse_fail(p, ENAMETOOLONG, "root.path is too long");
		path = whole;
	}
	plan->rootfs = builder_text(&p->build, path);
}

static void parse_time(struct parse *p, struct json_object *linux_part, struct plan *plan)
{
	struct json_object *offsets = json_member(p, linux_part, "timeOffsets", json_type_object);
	struct json_object *monotonic = json_member(p, offsets, "monotonic", json_type_object);
	struct json_object *boot = json_member(p, offsets, "boottime", json_type_object);

	if (!offsets)
		return;
	plan->flags |= CONTAINER_TIME_OFFSETS;
	json_i64(p, monotonic, "secs", &plan->time_monotonic_s);
	json_i64(p, monotonic, "nanosecs", &plan->time_monotonic_ns);
	json_i64(p, boot, "secs", &plan->time_boot_s);
	json_i64(p, boot, "nanosecs", &plan->time_boot_ns);
}

static void parse_personality(struct parse *p, struct json_object *linux_part, struct plan *plan)
{
	struct json_object *personality = json_member(p, linux_part, "personality", json_type_object);
	const char *domain = json_text(p, personality, "domain");

	if (!personality)
		return;
	if (!domain || (strcmp(domain, "LINUX") && strcmp(domain, "LINUX32")))
		parse_fail(p, EINVAL, "invalid personality domain %s", domain ? domain : "");
	plan->flags |= CONTAINER_PERSONALITY;
	plan->personality = domain && !strcmp(domain, "LINUX32") ? 0x0008 : 0;
}

static void parse_cgroup_path(struct parse *p, struct json_object *linux_part, const struct plan_options *options)
{
	const char *path = json_text(p, linux_part, "cgroupsPath");
	char whole[512];

	if (!path || !*path)
		path = options->cgroup_path ? options->cgroup_path : options->id;
	if ((size_t)snprintf(whole, sizeof(whole), "%s%s", path[0] == '/' ? "" : "/", path) >= sizeof(whole))
		parse_fail(p, ENAMETOOLONG, "cgroupsPath is too long");
	builder_plan(&p->build)->cgroup_path = builder_text(&p->build, whole);
}

static void parse_linux(struct parse *p, struct json_object *spec, const struct plan_options *options)
{
	struct plan *plan = builder_plan(&p->build);
	struct json_object *linux_part = json_member(p, spec, "linux", json_type_object);
	const char *propagation = json_text(p, linux_part, "rootfsPropagation");

	parse_namespaces(p, linux_part);
	plan->uid_maps = parse_id_maps(p, linux_part, "uidMappings");
	plan->gid_maps = parse_id_maps(p, linux_part, "gidMappings");
	parse_devices(p, linux_part);
	parse_sysctls(p, linux_part);
	parse_cgroup_path(p, linux_part, options);
	parse_resources(p, json_member(p, linux_part, "resources", json_type_object), true);
	plan->masked_paths = json_texts(p, linux_part, "maskedPaths");
	plan->readonly_paths = json_texts(p, linux_part, "readonlyPaths");
	plan->mount_label = json_plan_text(p, linux_part, "mountLabel");
	if (propagation && *propagation) {
		plan->root_propagation = propagation_of(propagation);
		if (!plan->root_propagation)
			parse_fail(p, EINVAL, "rootfsPropagation=%s is not supported", propagation);
	}
	parse_time(p, linux_part, plan);
	parse_personality(p, linux_part, plan);
	parse_seccomp(p, json_member(p, linux_part, "seccomp", json_type_object), options->seccomp_cache);
	if (json_member(p, linux_part, "intelRdt", json_type_object))
		parse_fail(p, ENOTSUP, "intelRdt is not supported");
	if (json_member(p, linux_part, "netDevices", json_type_object))
		parse_fail(p, ENOTSUP, "netDevices is not supported");
}

static void require_namespace(struct parse *p, bool needed, uint32_t type, const char *message)
{
	bool listed = false;

	if (needed && !p->failed)
		plan_namespace_path(builder_plan(&p->build), type, &listed);
	if (needed && !listed)
		parse_fail(p, EINVAL, "%s", message);
}

static void check_container(struct parse *p)
{
	struct plan *plan = builder_plan(&p->build);
	bool user_listed;
	const char *user = plan_namespace_path(plan, CLONE_NEWUSER, &user_listed);

	require_namespace(p, true, CLONE_NEWNS, "a container needs a mount namespace");
	require_namespace(p, plan->hostname != 0, CLONE_NEWUTS, "unable to set hostname without a private UTS namespace");
	require_namespace(p, plan->domainname != 0, CLONE_NEWUTS,
			  "unable to set domainname without a private UTS namespace");
	require_namespace(p, plan->flags & CONTAINER_TIME_OFFSETS, CLONE_NEWTIME,
			  "time namespace offsets specified, but time namespace isn't enabled in the config");
	if ((plan->uid_maps.count || plan->gid_maps.count) && !user_listed)
		parse_fail(p, EINVAL, "user namespace mappings specified, but user namespace isn't enabled in the config");
	if (user_listed && !user && (!plan->uid_maps.count || !plan->gid_maps.count))
		parse_fail(p, EINVAL, "user namespaces enabled, but no uid/gid mappings found");
}

int plan_from_spec(struct json_object *spec, const struct plan_options *options, struct error *err)
{
	struct parse p;
	struct plan *plan;

	if (parse_open(&p, PLAN_CONTAINER, options->id, err))
		return -1;
	plan = builder_plan(&p.build);
	plan->flags = options->no_pivot ? CONTAINER_NO_PIVOT : 0;
	plan->flags |= options->no_new_keyring ? 0 : CONTAINER_NEW_KEYRING;
	plan->bundle = builder_text(&p.build, options->bundle);
	parse_state(&p, spec, options);
	parse_root(&p, spec, options);
	plan->hostname = json_plan_text(&p, spec, "hostname");
	plan->domainname = json_plan_text(&p, spec, "domainname");
	plan->mounts = parse_mounts(&p, spec, options->bundle);
	parse_hooks(&p, spec);
	parse_process(&p, json_member(&p, spec, "process", json_type_object), options);
	parse_linux(&p, spec, options);
	check_container(&p);
	return parse_close(&p);
}

int plan_from_process(struct json_object *process, const struct plan_options *options, struct error *err)
{
	struct parse p;

	if (parse_open(&p, PLAN_EXEC, options->id, err))
		return -1;
	parse_process(&p, process, options);
	if (!options->inherit_seccomp)
		parse_seccomp(&p, options->seccomp, options->seccomp_cache);
	else
		builder_plan(&p.build)->flags |= EXEC_INHERIT_SECCOMP;
	return parse_close(&p);
}

int plan_from_resources(struct json_object *resources, const char *id, struct error *err)
{
	struct parse p;

	if (parse_open(&p, PLAN_EXEC, id, err))
		return -1;
	parse_resources(&p, resources, false);
	return parse_close(&p);
}
