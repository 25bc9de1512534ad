#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bundle.h"
#include "console-socket.h"
#include "fd.h"
#include "foreground.h"
#include "launch.h"
#include "options.h"
#include "pid-file.h"
#include "plan_parse.h"
#include "runtime.h"
#include "state.h"

struct exec_options {
	const char *console_socket, *cwd, *user, *process, *pid_file, *process_label, *apparmor;
	int preserve;
	struct option_list env, groups, caps;
	bool tty, detach, no_new_privs, ignore_paused, no_subreaper;
};

static void set_text(struct json_object *object, const char *key, const char *text)
{
	json_object_object_add(object, key, json_object_new_string(text));
}

/* "uid[:gid]", numbers only, as runc has it. */
static int set_user(struct json_object *process, const struct exec_options *o, struct error *err)
{
	struct json_object *user = json_object_new_object(), *groups = json_object_new_array();
	long long uid, gid = 0;
	char text[64];
	char *colon;

	json_object_object_add(process, "user", user);
	json_object_object_add(user, "additionalGids", groups);
	snprintf(text, sizeof(text), "%s", o->user ? o->user : "0");
	colon = strchr(text, ':');
	if (colon)
		*colon++ = '\0';
	if (number_parse("user", text, &uid, err) || (colon && number_parse("user", colon, &gid, err)))
		return -1;
	json_object_object_add(user, "uid", json_object_new_int64(uid));
	json_object_object_add(user, "gid", json_object_new_int64(gid));
	for (unsigned i = 0; i < o->groups.count; i++) {
		if (number_parse("additional-gids", o->groups.items[i], &gid, err))
			return -1;
		json_object_array_add(groups, json_object_new_int64(gid));
	}
	return 0;
}

static struct json_object *array_of(struct json_object *parent, const char *key)
{
	struct json_object *array;

	if (json_object_object_get_ex(parent, key, &array) && json_object_is_type(array, json_type_array))
		return array;
	array = json_object_new_array();
	json_object_object_add(parent, key, array);
	return array;
}

static void add_capabilities(struct json_object *process, const struct option_list *caps)
{
	static const char *const sets[] = { "bounding", "effective", "permitted", "inheritable", "ambient" };
	struct json_object *object;

	if (!caps->count)
		return;
	if (!json_object_object_get_ex(process, "capabilities", &object)) {
		object = json_object_new_object();
		json_object_object_add(process, "capabilities", object);
	}
	for (size_t s = 0; s < sizeof(sets) / sizeof(sets[0]); s++)
		for (unsigned i = 0; i < caps->count; i++)
			json_object_array_add(array_of(object, sets[s]),
					      json_object_new_string(caps->items[i]));
}

/* The container's own process, as it was created, with what the command line changes. */
static struct json_object *process_of_container(const struct container *c, const struct exec_options *o,
						int argc, char **argv, struct error *err)
{
	char path[4200];
	struct json_object *spec, *process, *args = json_object_new_array();

	spec = json_load(state_path(c, "config.json", path, sizeof(path)), err);
	if (!spec || !json_object_object_get_ex(spec, "process", &process)) {
		json_object_put(spec);
		json_object_put(args);
		return NULL;
	}
	json_object_get(process);
	json_object_put(spec);
	for (int i = 0; i < argc; i++)
		json_object_array_add(args, json_object_new_string(argv[i]));
	json_object_object_add(process, "args", args);
	json_object_object_add(process, "terminal", json_object_new_boolean(o->tty));
	json_object_object_del(process, "consoleSize");
	if (o->cwd)
		set_text(process, "cwd", o->cwd);
	if (o->process_label)
		set_text(process, "selinuxLabel", o->process_label);
	if (o->apparmor)
		set_text(process, "apparmorProfile", o->apparmor);
	if (o->no_new_privs)
		json_object_object_add(process, "noNewPrivileges", json_object_new_boolean(true));
	for (unsigned i = 0; i < o->env.count; i++)
		json_object_array_add(array_of(process, "env"), json_object_new_string(o->env.items[i]));
	add_capabilities(process, &o->caps);
	if ((o->user || o->groups.count) && set_user(process, o, err)) {
		json_object_put(process);
		return NULL;
	}
	return process;
}

static unsigned uid_of(struct json_object *process)
{
	struct json_object *user, *uid;

	return json_object_object_get_ex(process, "user", &user) &&
			       json_object_object_get_ex(user, "uid", &uid)
		       ? (unsigned)json_object_get_int64(uid)
		       : 0;
}

static const struct plan *plan_exec(const struct container *c, const struct exec_options *o, int argc,
				    char **argv, struct error *err)
{
	char home[256];
	struct plan_options options = { .id = c->id, .inherit_seccomp = true };
	struct json_object *process =
		o->process ? json_load(o->process, err) : process_of_container(c, o, argc, argv, err);
	scoped_fd int fd = -1;

	if (!process)
		return NULL;
	options.home = home_of(c->rootfs, uid_of(process), home, sizeof(home));
	fd = plan_from_process(process, &options, err);
	json_object_put(process);
	return fd < 0 ? NULL : plan_map(fd, err);
}

static int finish(const struct exec_options *o, struct launch *l, struct error *err)
{
	if (l->console >= 0 && o->console_socket && console_send(o->console_socket, l->console, err))
		return -1;
	if (l->console >= 0 && !o->console_socket)
		foreground_size(l->console);
	if (pid_file_write(o->pid_file, l->pid, err) || launch_release(l, err))
		return -1;
	return launch_await(l, err) == LAUNCH_STARTED
		       ? 0
		       : error_prefix(err, "unable to start container process");
}

static int run_exec(struct container *c, const struct plan *plan, const struct exec_options *o,
		    struct error *err)
{
	struct launch_io io = { .stdio = { 0, 1, 2 }, .rootfs = -1, .netns = -1, .userns = -1, .preserve = o->preserve };
	struct launch l;
	int code = 0;
	scoped_fd int pidfd = state_pidfd(c, err);

	if (pidfd < 0)
		return -1;
	foreground_prepare(!o->detach && !o->no_subreaper);
	if (launch_exec(&l, plan, c->plan, c->pid, pidfd, &c->cgroup, &io, err))
		return error_prefix(err, "unable to start container process");
	if (launch_await(&l, err) != LAUNCH_READY) {
		launch_abort(&l);
		return error_prefix(err, "unable to start container process");
	}
	if (finish(o, &l, err)) {
		launch_abort(&l);
		return -1;
	}
	if (!o->detach)
		code = foreground_wait(l.pid, l.pidfd, o->console_socket ? -1 : l.console);
	fd_close(&l.console);
	launch_close(&l);
	return code;
}

static int exec_loaded(struct container *c, const struct exec_options *o, int argc, char **argv,
		       struct error *err)
{
	enum container_status status = state_status(c);
	const struct plan *plan;
	int result;

	if (status == STATUS_STOPPED)
		return error_text(err, ESRCH, "cannot exec in a stopped container");
	if (status == STATUS_PAUSED && !o->ignore_paused)
		return error_text(err, EBUSY,
				  "cannot exec in a paused container (use --ignore-paused to override)");
	if (state_load_plan(c, err) || !(plan = plan_exec(c, o, argc, argv, err)))
		return -1;
	if (plan->process.flags & PROCESS_TERMINAL && o->detach && !o->console_socket)
		result = error_text(err, EINVAL,
				    "cannot allocate tty if runc will detach without setting console socket");
	else
		result = run_exec(c, plan, o, err);
	plan_unmap(plan);
	return result;
}

int command_exec(const struct globals *g, int argc, char **argv, struct error *err)
{
	struct exec_options o = { 0 };
	const char *cgroup = NULL, *preserve = NULL;
	const struct option flags[] = {
		{ "console-socket", 0, OPTION_TEXT, &o.console_socket },
		{ "cwd", 0, OPTION_TEXT, &o.cwd },
		{ "env", 'e', OPTION_LIST, &o.env },
		{ "tty", 't', OPTION_FLAG, &o.tty },
		{ "user", 'u', OPTION_TEXT, &o.user },
		{ "additional-gids", 'g', OPTION_LIST, &o.groups },
		{ "process", 'p', OPTION_TEXT, &o.process },
		{ "detach", 'd', OPTION_FLAG, &o.detach },
		{ "pid-file", 0, OPTION_TEXT, &o.pid_file },
		{ "process-label", 0, OPTION_TEXT, &o.process_label },
		{ "apparmor", 0, OPTION_TEXT, &o.apparmor },
		{ "no-new-privs", 0, OPTION_FLAG, &o.no_new_privs },
		{ "cap", 'c', OPTION_LIST, &o.caps },
		{ "preserve-fds", 0, OPTION_TEXT, &preserve },
		{ "ignore-paused", 0, OPTION_FLAG, &o.ignore_paused },
		{ "no-subreaper", 0, OPTION_FLAG, &o.no_subreaper },
		{ "cgroup", 0, OPTION_TEXT, &cgroup },
		{ 0 },
	};
	struct container c;
	int result, at = options_parse(flags, argc, argv, err);

	if (at < 0 || argc - at < 1)
		return at < 0 ? -1
			      : error_text(err, EINVAL, "exec: \"exec\" requires a minimum of 1 argument");
	if (preserve_parse(preserve, &o.preserve, err))
		return -1;
	if (cgroup)
		return error_text(err, ENOTSUP, "exec --cgroup is not supported");
	if (argc - at < 2 && !o.process)
		return error_text(err, EINVAL, "process args cannot be empty");
	if (state_load(g, argv[at], &c, err))
		return -1;
	result = exec_loaded(&c, &o, argc - at - 1, argv + at + 1, err);
	state_close(&c);
	return result < 0 ? error_prefix(err, "exec failed") : result;
}
