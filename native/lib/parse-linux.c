#include "parse-linux.h"

#include <errno.h>
#include <linux/sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static const struct {
	const char *name;
	uint32_t type;
} kinds[] = {
	{ "pid", CLONE_NEWPID }, { "network", CLONE_NEWNET }, { "mount", CLONE_NEWNS },		{ "ipc", CLONE_NEWIPC },
	{ "uts", CLONE_NEWUTS }, { "user", CLONE_NEWUSER },   { "cgroup", CLONE_NEWCGROUP }, { "time", CLONE_NEWTIME },
};

void parse_namespaces(struct parse *p, struct json_object *linux_part)
{
	struct json_object *array = json_member(p, linux_part, "namespaces", json_type_array);
	struct plan_namespace *items;
	struct plan_list list = builder_list(&p->build, json_count(array), sizeof(*items), (void **)&items);

	for (uint32_t i = 0; i < list.count && !p->failed; i++) {
		struct json_object *item = json_element(p, array, i, json_type_object);
		const char *type = json_text(p, item, "type"), *path = json_text(p, item, "path");

		for (size_t k = 0; type && k < sizeof(kinds) / sizeof(kinds[0]); k++)
			if (!strcmp(kinds[k].name, type))
				items[i].type = kinds[k].type;
		if (!items[i].type)
			parse_fail(p, EINVAL, "namespace \"%s\" does not exist", type ? type : "");
		for (uint32_t j = 0; j < i && !p->failed; j++)
			if (items[j].type == items[i].type)
				parse_fail(p, EINVAL, "malformed spec file: duplicated ns \"%s\"", type);
		items[i].path = path && *path ? builder_text(&p->build, path) : 0;
	}
	builder_plan(&p->build)->namespaces = list;
}

static const struct {
	const char *path;
	uint32_t major, minor;
} default_devices[] = {
	{ "/dev/null", 1, 3 },	{ "/dev/random", 1, 8 }, { "/dev/full", 1, 7 },
	{ "/dev/tty", 5, 0 },	{ "/dev/zero", 1, 5 },	 { "/dev/urandom", 1, 9 },
};

#define DEFAULT_DEVICES ((uint32_t)(sizeof(default_devices) / sizeof(default_devices[0])))

static void parse_device(struct parse *p, struct json_object *item, struct plan_device *out)
{
	const char *type = json_text(p, item, "type"), *path = json_text(p, item, "path");

	if (!path || path[0] != '/')
		parse_fail(p, EINVAL, "device without an absolute path");
	if (!type || !*type || type[1] || !strchr("cubp", type[0]))
		parse_fail(p, EINVAL, "invalid device type %s of %s", type ? type : "(none)", path ? path : "");
	if (p->failed)
		return;
	out->path = builder_text(&p->build, path);
	out->type = type[0] == 'b' ? S_IFBLK : type[0] == 'p' ? S_IFIFO : S_IFCHR;
	out->major = json_u32(p, item, "major", 0);
	out->minor = json_u32(p, item, "minor", 0);
	out->mode = json_u32(p, item, "fileMode", 0666) & 07777;
	out->uid = json_u32(p, item, "uid", 0);
	out->gid = json_u32(p, item, "gid", 0);
}

void parse_devices(struct parse *p, struct json_object *linux_part)
{
	struct plan *plan = builder_plan(&p->build);
	struct json_object *array = json_member(p, linux_part, "devices", json_type_array);
	uint32_t listed = json_count(array), n;
	struct plan_device *items;

	plan->devices = builder_list(&p->build, listed + DEFAULT_DEVICES, sizeof(*items), (void **)&items);
	if (!items)
		return;
	for (n = 0; n < listed && !p->failed; n++)
		parse_device(p, json_element(p, array, n, json_type_object), &items[n]);
	for (uint32_t d = 0; d < DEFAULT_DEVICES && !p->failed; d++) {
		bool there = false;

		for (uint32_t i = 0; i < listed; i++)
			there |= !strcmp(plan_text(plan, items[i].path), default_devices[d].path);
		if (!there)
			items[n++] = (struct plan_device){
				.path = builder_text(&p->build, default_devices[d].path),
				.type = S_IFCHR,
				.major = default_devices[d].major,
				.minor = default_devices[d].minor,
				.mode = 0666,
			};
	}
	plan->devices.count = n;
}

static bool private_namespace(const struct plan *plan, uint32_t type)
{
	bool listed;
	const char *path = plan_namespace_path(plan, type, &listed);

	return listed && (!path || type == CLONE_NEWNET);
}

/* Only what belongs to a namespace of the container may be set; the rest would be the machine's. */
static void check_sysctl(struct parse *p, const struct plan *plan, const char *key, const char *path)
{
	static const char *const ipc[] = { "kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.sem",
					   "kernel.shmall", "kernel.shmmax", "kernel.shmmni", "kernel.shm_rmid_forced" };
	bool of_ipc = false;

	for (size_t i = 0; i < sizeof(ipc) / sizeof(ipc[0]); i++)
		if (!strcmp(ipc[i], key))
			of_ipc = true;
	if (of_ipc || !strncmp(path, "fs/mqueue/", 10)) {
		if (!private_namespace(plan, CLONE_NEWIPC))
			parse_fail(p, EINVAL, "sysctl \"%s\" is not allowed in the hosts ipc namespace", key);
		return;
	}
	if (!strncmp(path, "net/", 4)) {
		if (!private_namespace(plan, CLONE_NEWNET))
			parse_fail(p, EINVAL, "sysctl \"%s\" not allowed in host network namespace", key);
		return;
	}
	if (!strcmp(path, "kernel/domainname") && private_namespace(plan, CLONE_NEWUTS))
		return;
	if (!strcmp(path, "kernel/hostname"))
		parse_fail(p, EINVAL, "sysctl: \"%s\" is mutually exclusive with hostname", key);
	parse_fail(p, EINVAL, "sysctl \"%s\" is not in a separate kernel namespace", key);
}

/* "net.ipv4.conf.eth0/100.x" and "net/ipv4/conf/eth0.100/x" both name the path of the second form. */
static bool sysctl_path(const char *key, char *path, size_t size)
{
	const char *first = strpbrk(key, "./");
	size_t length = strlen(key);

	if (length >= size)
		return false;
	for (size_t i = 0; i <= length; i++) {
		path[i] = key[i];
		if (first && *first == '.' && (key[i] == '.' || key[i] == '/'))
			path[i] = key[i] == '.' ? '/' : '.';
	}
	return path[0] != '/' && !strstr(path, "//") && !strstr(path, "/../") && strncmp(path, "../", 3);
}

void parse_sysctls(struct parse *p, struct json_object *linux_part)
{
	struct plan *plan = builder_plan(&p->build);
	struct json_object *map = json_member(p, linux_part, "sysctl", json_type_object);
	struct plan_pair *pairs;
	uint32_t n = 0;

	plan->sysctls = builder_list(&p->build, map ? (uint32_t)json_object_object_length(map) : 0, sizeof(*pairs),
				     (void **)&pairs);
	if (!plan->sysctls.count)
		return;
	json_object_object_foreach(map, key, value) {
		char path[512];

		(void)value;
		if (!sysctl_path(key, path, sizeof(path)))
			parse_fail(p, EINVAL, "invalid sysctl \"%.200s\"", key);
		else
			check_sysctl(p, plan, key, path);
		pairs[n].key = builder_text(&p->build, path);
		pairs[n++].value = builder_text(&p->build, json_text(p, map, key) ? json_text(p, map, key) : "");
		if (p->failed)
			return;
	}
}
