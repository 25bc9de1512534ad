#include "create.h"

#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bundle.h"
#include "checkpoint.h"
#include "console-socket.h"
#include "error.h"
#include "fd.h"
#include "foreground.h"
#include "options.h"
#include "pid-file.h"
#include "plan_parse.h"
#include "runtime.h"

/*
 * `start` comes as another process: it writes one byte into the fifo `start`, and reads from `report`, which
 * ends when init has executed. Both are held open by init: as a reader that never sees an end, and as a
 * writer.
 */
static int open_fifos(const struct container *c, struct launch_io *io, struct error *err)
{
	char path[4200];
	scoped_fd int reader = -1;

	if (mkfifo(state_path(c, "start", path, sizeof(path)), 0600))
		return error_set(err, errno, "mkfifo %s", path);
	io->release = open(path, O_RDWR | O_CLOEXEC);
	if (io->release < 0)
		return error_set(err, errno, "open %s", path);
	if (mkfifo(state_path(c, "report", path, sizeof(path)), 0600))
		return error_set(err, errno, "mkfifo %s", path);
	reader = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	io->report = reader < 0 ? -1 : open(path, O_WRONLY | O_CLOEXEC);
	return io->report < 0 ? error_set(err, errno, "open %s", path) : 0;
}

static int check_terminal(const struct plan *plan, const struct create_options *o, struct error *err)
{
	bool terminal = plan->process.flags & PROCESS_TERMINAL;

	if (terminal && !o->stay && !o->console_socket)
		return error_text(err, EINVAL,
				  "cannot allocate tty if runc will detach without setting console socket");
	if (!terminal && o->console_socket)
		return error_text(err, EINVAL,
				  "cannot use console socket if runc will not detach or allocate tty");
	return 0;
}

static int launch_created(struct container *c, const struct create_options *o, struct launch *l,
			  struct error *err)
{
	struct launch_io io = { .stdio = { 0, 1, 2 }, .rootfs = -1, .netns = -1, .userns = -1, .preserve = o->preserve };
	int result;

	if (o->restore) {
		struct checkpoint place = { o->restore->criu, o->restore->images,
					    o->restore->work ? o->restore->work : c->directory };

		return checkpoint_restore(&place, l, c->plan, &io, err);
	}
	result = open_fifos(c, &io, err) || launch_container(l, c->plan, &io, err);

	if (io.release > 0)
		close(io.release);
	if (io.report > 0)
		close(io.report);
	return result ? -1 : 0;
}

/* The state is there before hooks ask for it, and before init outlives this process. */
static int save_created(struct container *c, const struct launch *l, struct error *err)
{
	c->pid = l->pid;
	c->pid_start = process_start(l->pid);
	c->cgroup = l->cgroup;
	return state_save(c, err);
}

static int await_created(struct container *c, struct launch *l, struct error *err)
{
	if (save_created(c, l, err))
		return -1;
	if (launch_await(l, err) != LAUNCH_READY)
		return error_prefix(err, "unable to start container process: error during container init");
	return 0;
}

/* There is no init to be known before all of it is there. */
static int await_restored(struct container *c, struct launch *l, struct error *err)
{
	return launch_await(l, err) == LAUNCH_READY ? save_created(c, l, err) : -1;
}

static int finish_create(const struct create_options *o, struct launch *l, struct error *err)
{
	if (l->console >= 0 && !o->stay && console_send(o->console_socket, l->console, err))
		return -1;
	return pid_file_write(o->pid_file, l->pid, err);
}

/* Writes down what the later commands need of the bundle. */
static int keep_bundle(struct container *c, const struct bundle *bundle, const struct create_options *o,
		       struct error *err)
{
	struct json_object *annotations;

	snprintf(c->bundle, sizeof(c->bundle), "%s", bundle->path);
	c->json = json_object_new_object();
	if (json_object_object_get_ex(bundle->spec, "annotations", &annotations))
		json_object_object_add(c->json, "annotations", json_object_get(annotations));
	c->plan = plan_map(bundle->plan, err);
	if (!c->plan || check_terminal(c->plan, o, err))
		return -1;
	snprintf(c->rootfs, sizeof(c->rootfs), "%s", plan_text(c->plan, c->plan->rootfs));
	return state_save_spec(c, bundle->spec, err) || state_save_plan(c, bundle->plan, err) ? -1 : 0;
}

static int create_in_state(const struct globals *g, struct container *c, const struct bundle *bundle,
			   const struct create_options *o, struct launch *l, struct error *err)
{
	struct error hook;

	if (keep_bundle(c, bundle, o, err) || launch_created(c, o, l, err))
		return -1;
	if (!(o->restore ? await_restored : await_created)(c, l, err) && !finish_create(o, l, err))
		return 0;
	launch_abort(l);
	/* Source: runtime-spec, runtime.md, "Lifecycle": what fails from here on goes on with the end of the
	 * life. */
	if (hooks_run(c->plan, HOOK_POSTSTOP, "stopped", 0, &hook))
		log_warning(g, hook.message);
	return -1;
}

int create_container(const struct globals *g, const char *id, const struct create_options *o,
		     struct container *c, struct launch *l, struct error *err)
{
	struct bundle_options bundle_options = { o->bundle, id, o->no_pivot, o->no_new_keyring };
	struct bundle bundle = { .plan = -1 };
	struct error ignored;
	int result = -1;

	if (id_check(id, err))
		return -1;
	if (bundle_load(g, &bundle_options, &bundle, err) || state_make(g, id, c, err)) {
		bundle_close(&bundle);
		return -1;
	}
	if (!state_lock(c, err))
		result = create_in_state(g, c, &bundle, o, l, err);
	bundle_close(&bundle);
	if (result) {
		state_remove(c, &ignored);
		state_close(c);
	} else if (!o->stay) {
		fd_close(&l->console);
	}
	return result;
}

static int parse_create(struct create_options *o, int argc, char **argv, struct error *err)
{
	const char *preserve = NULL;
	const struct option flags[] = {
		{ "bundle", 'b', OPTION_TEXT, &o->bundle },
		{ "console-socket", 0, OPTION_TEXT, &o->console_socket },
		{ "pid-file", 0, OPTION_TEXT, &o->pid_file },
		{ "preserve-fds", 0, OPTION_TEXT, &preserve },
		{ "no-pivot", 0, OPTION_FLAG, &o->no_pivot },
		{ "no-new-keyring", 0, OPTION_FLAG, &o->no_new_keyring },
		{ "no-subreaper", 0, OPTION_FLAG, &o->no_subreaper },
		{ "detach", 'd', OPTION_FLAG, &o->detach },
		{ "keep", 0, OPTION_FLAG, &o->keep },
		{ 0 },
	};
	int at = options_parse(flags, argc, argv, err);

	if (at < 0 || preserve_parse(preserve, &o->preserve, err))
		return -1;
	if (argc - at != 1)
		return error_text(err, EINVAL, "%s: \"%s\" requires exactly 1 argument(s)", argv[0], argv[0]);
	return at;
}

int command_create(const struct globals *g, int argc, char **argv, struct error *err)
{
	struct create_options o = { 0 };
	struct container c;
	struct launch l;
	int at = parse_create(&o, argc, argv, err);

	if (at < 0 || create_container(g, argv[at], &o, &c, &l, err))
		return error_prefix(err, "%s create failed", g->program);
	launch_close(&l);
	state_close(&c);
	return 0;
}

int command_run_container(const struct globals *g, int argc, char **argv, struct error *err)
{
	struct create_options o = { 0 };
	struct container c;
	struct launch l;
	struct error later;
	int at = parse_create(&o, argc, argv, err), code = 0;

	o.stay = !o.detach && !o.console_socket;
	foreground_prepare(!o.detach && !o.no_subreaper);
	if (at < 0 || create_container(g, argv[at], &o, &c, &l, err))
		return error_prefix(err, "%s run failed", g->program);
	if (l.console >= 0)
		foreground_size(l.console);
	if (start_container(&c, err)) {
		launch_abort(&l);
		destroy_container(g, &c, &later);
		state_close(&c);
		return error_prefix(err, "%s run failed", g->program);
	}
	if (!o.detach) {
		code = foreground_wait(l.pid, l.pidfd, l.console);
		if (!o.keep && destroy_container(g, &c, &later))
			log_warning(g, later.message);
	}
	fd_close(&l.console);
	launch_close(&l);
	state_close(&c);
	return code;
}
