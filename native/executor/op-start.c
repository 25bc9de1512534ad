/* shim.start: from a specification to a container that waits to be let go. native/PROTOCOL.md 1.1. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../lib/fd.h"
#include "../lib/plan_parse.h"
#include "../net/sandbox.h"
#include "dns-start.h"
#include "executor.h"
#include "external.h"
#include "forward-start.h"
#include "launcher.h"
#include "reap.h"
#include "relay-start.h"
#include "resolve.h"
#include "rootfs.h"
#include "sandbox-json.h"
#include "shim-call.h"
#include "sources.h"
#include "tree.h"

#define REPAIR_SECONDS 3
#define FORGET_MS 10000

/* Everything a start holds; start_free gives all of it back, whatever had been reached. */
struct start {
	struct request *request;
	struct json_object *params;
	const char *id, *bundle, *state_dir, *socket;
	int rootfs;
	bool rootfs_is_mount;
	bool external; /* another OCI runtime than ours */
	bool mapped; /* in a user namespace, with the maps of this daemon */
	struct netns_owner owner; /* then: what its network is to belong to */
	bool attached; /* external: root filesystem, sources and network namespace are mounted in the bundle */
	struct sources sources;
	int plan;
	int forwarder; /* socket to the process that forwards the log, or -1 */
	struct user user;
	bool has_user;
	bool has_sandbox, sandbox_is_open;
	struct sandbox_spec sandbox_spec;
	struct sandbox sandbox;
	struct keeping keeping;
	pid_t relay_pid;
	struct json_object *dns; /* what the name server is to be; NULL: none */
	pid_t dns_pid;
	char *exec_root, *seccomp_cache;
	bool made_bundle;
	struct shim_words words;
};

typedef int start_step(struct start *s, struct error *err);

/*
 * With its parents. Not to be listed, but users of containers with a mapped root must get through. Returns 1 when it was made,
 * 0 when it is there, -1 with err set.
 */
static int make_directory(const char *path, struct error *err)
{
	char part[4096];

	if (mkdir(path, 0711) == 0)
		return 1;
	if (errno == EEXIST)
		return 0;
	if (errno != ENOENT || snprintf(part, sizeof(part), "%s", path) >= (int)sizeof(part))
		return error_set(err, errno, "mkdir %s", path);
	for (char *slash = strchr(part + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(part, 0711) && errno != EEXIST)
			return error_set(err, errno, "mkdir %s", part);
		*slash = '/';
	}
	if (mkdir(path, 0711) == 0)
		return 1;
	return errno == EEXIST ? 0 : error_set(err, errno, "mkdir %s", path);
}

static int read_params(struct start *s, struct error *err)
{
	struct executor *e = s->request->executor;
	int made;

	s->id = field_string(s->params, "container");
	s->bundle = field_string(s->params, "bundle");
	s->state_dir = field_string(s->params, "stateDir");
	s->socket = field_string(s->params, "socket");
	if (!s->id || !s->bundle || !s->state_dir || !s->socket || !field_object(s->params, "spec"))
		return error_text(err, EINVAL, "container, bundle, stateDir, socket and spec are needed");
	s->external = field_object(s->params, "runtime") != NULL;
	s->mapped = field_array(field_object(field_object(s->params, "spec"), "linux"), "uidMappings") != NULL;
	pthread_mutex_lock(&e->lock);
	s->exec_root = e->exec_root ? strdup(e->exec_root) : NULL;
	if (e->exec_root && asprintf(&s->seccomp_cache, "%s/seccomp", e->exec_root) < 0)
		s->seccomp_cache = NULL;
	pthread_mutex_unlock(&e->lock);
	made = make_directory(s->bundle, err);
	if (made < 0)
		return -1;
	s->made_bundle = made > 0;
	if (make_directory(s->state_dir, err) < 0 || (s->seccomp_cache && make_directory(s->seccomp_cache, err) < 0))
		return -1;
	return 0;
}

static int open_rootfs(struct start *s, struct error *err)
{
	struct json_object *rootfs = field_object(s->params, "rootfs");
	struct json_object *spec = field_object(s->params, "spec"), *root = field_object(spec, "root");
	char path[4096];

	s->rootfs = rootfs_open(rootfs, ROOTFS_RUN, &s->rootfs_is_mount, err);
	if (s->rootfs < 0)
		return -1;
	if (!root)
		json_object_object_add(spec, "root", root = json_object_new_object());
	if (!s->rootfs_is_mount) {
		put_string(root, "path", field_string(rootfs, "path"));
		return 0;
	}
	snprintf(path, sizeof(path), "%s/rootfs", s->bundle);
	put_string(root, "path", path);
	return make_directory(path, err) < 0 ? -1 : 0;
}

static int find_user(struct start *s, struct error *err)
{
	s->has_user = user_named(s->params) || field_array(s->params, "groupAdd") != NULL;
	return s->has_user ? resolve_user(s->rootfs, s->params, &s->user, err) : 0;
}

static int open_sources(struct start *s, struct error *err)
{
	return sources_open(field_array(s->params, "sources"), &s->sources, err);
}

static int make_plan(struct start *s, struct error *err)
{
	struct plan_options options = { .id = s->id, .bundle = s->bundle, .seccomp_cache = s->seccomp_cache };

	if (s->external)
		return 0;
	if (s->has_user) {
		options.user_given = true;
		options.uid = s->user.uid;
		options.gid = s->user.gid;
		options.groups = s->user.groups;
		options.group_count = s->user.group_count;
		options.home = s->user.home;
	}
	s->plan = plan_from_spec(field_object(s->params, "spec"), &options, err);
	return s->plan < 0 ? error_stage(err, "spec") : 0;
}

/* Somebody flushed the rules: the daemon puts the table back, and this start waits for it. */
static int open_repaired(struct start *s, const char *table, size_t *bad, struct error *err)
{
	struct executor *e = s->request->executor;
	unsigned seen = executor_setups(e);

	if (sandbox_open(e->pool, table, &s->sandbox_spec, &s->sandbox, bad, err) == 0)
		return 0;
	if (err->code != ENOENT || strcmp(err->stage, "publish") != 0)
		return -1;
	executor_event(e, "net.flushed", NULL);
	if (executor_await_setup(e, seen, REPAIR_SECONDS))
		return -1;
	return sandbox_open(e->pool, table, &s->sandbox_spec, &s->sandbox, bad, err);
}

static const char *joined_userns(struct start *s)
{
	struct json_object *list = field_array(field_object(field_object(s->params, "spec"), "linux"), "namespaces");

	for (size_t i = 0; list && i < json_object_array_length(list); i++) {
		struct json_object *ns = json_object_array_get_idx(list, i);
		const char *type = field_string(ns, "type");

		if (type && strcmp(type, "user") == 0)
			return field_string(ns, "path");
	}
	return NULL;
}

/* A network of its own belongs to the container's user namespace, which is made with it unless it joins another's. */
static int own_sandbox(struct start *s, struct error *err)
{
	const char *path = joined_userns(s);

	s->owner.uid_map = s->request->executor->uid_map;
	s->owner.gid_map = s->request->executor->gid_map;
	s->owner.user = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	s->sandbox_spec.owner = &s->owner;
	return path && s->owner.user < 0 ? error_set(err, errno, "open %s", path) : 0;
}

static int open_sandbox(struct start *s, struct error *err)
{
	struct json_object *sandbox = field_object(s->params, "sandbox");
	const char *table = field_string(sandbox, "table");
	size_t bad = 0;

	if (!sandbox)
		return 0;
	if (sandbox_from_json(sandbox, &s->sandbox_spec, err))
		return -1;
	s->has_sandbox = true;
	if (s->mapped && own_sandbox(s, err))
		return -1;
	if (open_repaired(s, table ? table : "", &bad, err)) {
		/* The daemon words the failure of a port, and needs to know which. */
		if (strncmp(err->stage, "bind", 4) == 0)
			snprintf(err->stage + strlen(err->stage), sizeof(err->stage) - strlen(err->stage), ":%zu", bad);
		return -1;
	}
	s->sandbox_is_open = true;
	s->dns = field_object(sandbox, "dns");
	return 0;
}

static int write_config(struct start *s, struct error *err)
{
	bool joins = s->external && s->sandbox_is_open;

	return external_write_config(field_object(s->params, "spec"), s->bundle, s->has_user ? &s->user : NULL,
				     joins, joins ? s->sandbox.ns.user : -1, err);
}

/* Other runtimes read the bundle when they start; ours has its plan, and gets the bundle while it works. */
static int write_bundle(struct start *s, struct error *err)
{
	if (!s->external)
		return 0;
	s->attached = true;
	if (s->rootfs_is_mount && external_attach(s->rootfs, s->bundle, err))
		return -1;
	if (s->sandbox_is_open && external_attach_netns(s->sandbox.ns.fd, s->bundle, err))
		return -1;
	for (unsigned i = 0; i < s->sources.count; i++)
		if (external_attach_source(&s->sources.list[i], field_object(s->params, "spec"), s->bundle, err))
			return -1;
	return write_config(s, err);
}

/* Last: it may speak to a server far away, and whoever is refused before that has not troubled it. */
static int open_forwarder(struct start *s, struct error *err)
{
	struct executor *e = s->request->executor;
	struct json_object *forward = field_object(field_object(s->params, "log"), "forward");

	if (!forward)
		return 0;
	return forward_start(e->programs.forwarder, e->shim_place, forward, s->request->cancel, &s->keeping, &s->forwarder, err);
}

static void put_stdio(struct start *s)
{
	struct json_object *stdio = field_object(s->params, "stdio"), *size = field_array(stdio, "consoleSize");

	shim_number(&s->words, "tty", field_bool(stdio, "tty"));
	shim_number(&s->words, "openstdin", field_bool(stdio, "openStdin"));
	shim_number(&s->words, "stdinonce", field_bool(stdio, "stdinOnce"));
	if (!size || json_object_array_length(size) != 2)
		return;
	shim_number(&s->words, "h", json_object_get_int64(json_object_array_get_idx(size, 0)));
	shim_number(&s->words, "w", json_object_get_int64(json_object_array_get_idx(size, 1)));
}

static void put_log(struct start *s)
{
	struct json_object *log = field_object(s->params, "log");
	const char *driver = field_string(log, "driver"), *path = field_string(log, "path");
	const char *attrs = field_string(log, "attrs");

	shim_word(&s->words, "log", driver ? driver : "none");
	if (path)
		shim_word(&s->words, "logpath", path);
	if (field_int(log, "maxSizeBytes") > 0)
		shim_number(&s->words, "logmax", field_int(log, "maxSizeBytes"));
	if (field_int(log, "maxFiles") > 0)
		shim_number(&s->words, "logfiles", field_int(log, "maxFiles"));
	shim_number(&s->words, "logcompress", field_bool(log, "compress"));
	shim_number(&s->words, "logdrops", field_bool(field_object(log, "forward"), "drops"));
	if (attrs)
		shim_word(&s->words, "logattrs", attrs);
}

/* Where the shim keeps what slow clients have not read: beside the log when there is one, on disk. */
static void put_spill_directory(struct start *s)
{
	const char *path = field_string(field_object(s->params, "log"), "path");
	const char *slash = path ? strrchr(path, '/') : NULL;
	scoped_memory char *directory = slash ? strndup(path, (size_t)(slash - path)) : NULL;

	shim_word(&s->words, "spilldir", directory ? directory : s->state_dir);
}

/* The streams are the container's own: its root may give them to its users. */
static void put_owner(struct start *s)
{
	uint32_t uid, gid;

	if (!s->mapped)
		return;
	idmaps_root(&s->request->executor->maps, &uid, &gid);
	shim_number(&s->words, "owner", uid);
	shim_number(&s->words, "group", gid);
}

static void put_runtime(struct start *s)
{
	struct json_object *runtime = field_object(s->params, "runtime"), *args = field_array(runtime, "args");
	const char *path = field_string(runtime, "path"), *root = field_string(runtime, "root");

	if (!runtime)
		return;
	shim_word(&s->words, "runtime", path ? path : "");
	if (root)
		shim_word(&s->words, "runtimeroot", root);
	for (size_t i = 0; args && i < json_object_array_length(args); i++) {
		const char *arg = json_object_get_string(json_object_array_get_idx(args, i));

		shim_word(&s->words, "runtimearg", arg ? arg : "");
	}
}

static void put_checkpoint(struct start *s)
{
	struct json_object *checkpoint = field_object(s->params, "checkpoint");
	const char *directory = field_string(checkpoint, "directory"), *criu = field_string(checkpoint, "criu");

	if (directory)
		shim_word(&s->words, "restore", directory);
	if (directory && criu)
		shim_word(&s->words, "criu", criu);
}

static void put_descriptor(struct launch_message *m, char *names, size_t size, const char *name, int fd)
{
	size_t used = strlen(names);

	if (fd < 0 || m->fd_count == LAUNCH_FDS_MOST)
		return;
	snprintf(names + used, size - used, "%s%s", used ? "," : "", name);
	m->fds[m->fd_count++] = fd;
}

static int compose(struct start *s, struct launch_message *m, struct error *err)
{
	char names[LAUNCH_FDS_MOST * 20] = "", name[24];

	if (shim_words_init(&s->words, '\n'))
		return error_text(err, ENOMEM, "no memory");
	shim_word(&s->words, "id", s->id);
	shim_word(&s->words, "socket", s->socket);
	shim_word(&s->words, "statedir", s->state_dir);
	shim_word(&s->words, "bundle", s->bundle);
	put_spill_directory(s);
	if (s->request->executor->shim_place[0])
		shim_word(&s->words, "cgroup", s->request->executor->shim_place);
	put_stdio(s);
	put_owner(s);
	put_log(s);
	put_runtime(s);
	put_checkpoint(s);
	put_descriptor(m, names, sizeof(names), "plan", s->plan);
	put_descriptor(m, names, sizeof(names), "rootfs", s->rootfs_is_mount ? s->rootfs : -1);
	put_descriptor(m, names, sizeof(names), "netns", s->sandbox_is_open ? s->sandbox.ns.fd : -1);
	put_descriptor(m, names, sizeof(names), "userns", s->sandbox_is_open ? s->sandbox.ns.user : -1);
	put_descriptor(m, names, sizeof(names), "forwarder", s->forwarder);
	for (size_t i = 0; i < s->sandbox_spec.port_count; i++)
		put_descriptor(m, names, sizeof(names), "hold", s->sandbox_spec.ports[i].host.fd);
	for (unsigned i = 0; !s->external && i < s->sources.count; i++) {
		snprintf(name, sizeof(name), "source:%u", s->sources.list[i].mount);
		put_descriptor(m, names, sizeof(names), name, s->sources.list[i].fd);
	}
	if (m->fd_count == LAUNCH_FDS_MOST)
		return error_text(err, E2BIG, "too many ports and mounts");
	shim_word(&s->words, "fds", names);
	m->text = s->words.text;
	return s->words.overflow ? error_text(err, EMSGSIZE, "the container's settings are too long") : 0;
}

static void remove_bundle(const struct start *s)
{
	struct error ignored;
	const char *name;
	scoped_fd int parent = s->exec_root ? tree_parent(s->exec_root, s->bundle, &name, &ignored) : -1;

	if (parent >= 0)
		(void)tree_remove(parent, name, NULL, NULL, &ignored);
}

static void start_free(struct start *s, bool undo)
{
	struct error ignored;

	if (s->attached && undo)
		external_detach(s->bundle);
	if (s->sandbox_is_open && undo)
		sandbox_undo(&s->sandbox, &s->sandbox_spec);
	else if (s->sandbox_is_open)
		sandbox_hand_over(&s->sandbox, &s->sandbox_spec);
	if (s->has_sandbox)
		sandbox_json_free(&s->sandbox_spec);
	fd_close(&s->owner.user);
	fd_close(&s->plan);
	fd_close(&s->rootfs);
	fd_close(&s->forwarder);
	sources_close(&s->sources);
	keep_drop(&s->keeping);
	relay_finish(&s->relay_pid);
	(void)dns_finish(&s->dns_pid, &ignored);
	if (s->made_bundle && undo)
		remove_bundle(s);
	free(s->exec_root);
	free(s->seccomp_cache);
	free(s->words.text);
}

static struct json_object *result_of(const struct start *s, const struct launch_answer *answer)
{
	struct json_object *result = json_object_new_object(), *links;

	put_int(result, "shimPid", answer->shim);
	put_int(result, "pid", answer->init);
	put_string(result, "startedAt", answer->at);
	if (s->has_user) {
		put_int(result, "uid", s->user.uid);
		put_int(result, "gid", s->user.gid);
	}
	if (!s->has_sandbox)
		return result;
	json_object_object_add(result, "ports", sandbox_ports_json(&s->sandbox_spec));
	links = json_object_new_array();
	for (size_t i = 0; i < s->sandbox.link_count; i++)
		json_object_array_add(links, json_object_new_string(s->sandbox.links[i]));
	json_object_object_add(result, "links", links);
	return result;
}

/* In this order: what is likeliest to be refused comes before what is dear to undo. */
static int prepare(struct start *s, struct error *err)
{
	static start_step *const steps[] = { read_params, open_rootfs,  find_user,    open_sources,
					      make_plan,   open_sandbox, write_bundle, open_forwarder };

	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++)
		if (steps[i](s, err))
			return -1;
	return 0;
}

static const char *cgroup_of(const struct start *s)
{
	return field_string(field_object(field_object(s->params, "spec"), "linux"), "cgroupsPath");
}

static int launch(struct start *s, struct launch_answer *answer, struct error *err)
{
	struct launch_message message = { 0 };
	struct executor *e = s->request->executor;
	struct launching launching;
	struct error late = { 0 };
	int written;

	if (compose(s, &message, err) ||
	    launcher_begin(e->programs.shim, s->id, &message, &launching, err))
		return -1;
	/* What only has to be there before the container runs is done while the shim works. */
	written = relay_start(e->programs.relay, e->shim_place, &s->sandbox_spec, &s->keeping, &s->relay_pid, &late);
	if (written == 0 && s->dns)
		written = dns_start(e->programs.dns, e->shim_place, s->dns, s->sandbox.ns.fd, &s->keeping, &s->dns_pid, &late);
	if (written == 0 && !s->external)
		written = write_config(s, &late);
	if (written == 0)
		written = dns_finish(&s->dns_pid, &late);
	if (launcher_finish(&launching, s->request->cancel, answer, err)) {
		/* Killed, it has undone nothing. */
		if (err->code == ECONNRESET)
			(void)reap(e, s->socket, cgroup_of(s), s->state_dir, &late);
		return -1;
	}
	if (written == 0)
		written = keep_hand_over(&s->keeping, s->socket, &late);
	if (written == 0)
		return 0;
	*err = late;
	(void)shim_call(s->socket, "forget", NULL, 0, FORGET_MS, (char[64]){ "" }, 64, &late);
	return error_stage(err, "bundle");
}

void op_shim_start(struct request *r)
{
	struct start s = { .request = r, .params = r->params, .rootfs = -1, .plan = -1, .forwarder = -1, .owner.user = -1 };
	struct json_object *result = NULL;
	struct launch_answer answer;
	struct error err = { 0 };

	if (prepare(&s, &err) == 0 && launch(&s, &answer, &err) == 0)
		result = result_of(&s, &answer);
	start_free(&s, result == NULL);
	if (result)
		request_answer(r, result);
	else
		request_refuse(r, strncmp(err.stage, "bind", 4) == 0 ? "internal" : NULL, &err);
}
