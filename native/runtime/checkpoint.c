#include "checkpoint.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "create.h"
#include "criu-place.h"
#include "fd.h"
#include "foreground.h"
#include "options.h"
#include "runtime.h"
#include "state.h"

/* Our end of a pipe is the caller's, whom we do not know: the process's own shows which pipe it is. */
static void find_streams(pid_t pid, struct checkpoint_streams *streams)
{
	for (int i = 0; i < 3; i++) {
		char path[64], target[64];
		ssize_t n;

		snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)pid, i);
		n = readlink(path, target, sizeof(target) - 1);
		target[n > 0 ? n : 0] = '\0';
		streams->pipe[i] = strncmp(target, "pipe:[", 6) ? 0 : strtoull(target + 6, NULL, 10);
	}
}

static bool has_netns(const struct plan *plan)
{
	bool listed;

	return plan_namespace_path(plan, CLONE_NEWNET, &listed) != NULL;
}

static int write_down(struct container *c, const struct criu_place *place, bool leave_running, struct error *err)
{
	struct checkpoint checkpoint = { place->criu, place->images, place->work ? place->work : c->directory };
	struct checkpoint_streams streams = { { 0 } };
	struct error ignored;
	int result;

	if (state_load_plan(c, err))
		return -1;
	if (!(c->plan->process.flags & PROCESS_TERMINAL))
		find_streams(c->pid, &streams);
	result = checkpoint_dump(&checkpoint, c->plan, &c->cgroup, c->pid, &streams, has_netns(c->plan), leave_running,
				 err);
	/* Whatever became of CRIU, it goes on as it was. */
	if (result)
		cgroup_freeze(&c->cgroup, false, &ignored);
	return result;
}

int command_checkpoint(const struct globals *g, int argc, char **argv, struct error *err)
{
	struct criu_place place = { .images = "checkpoint" };
	bool leave_running = false, file_locks = false; /* which are always kept */
	const struct option flags[] = {
		{ "image-path", 0, OPTION_TEXT, &place.images }, { "work-path", 0, OPTION_TEXT, &place.work },
		{ "leave-running", 0, OPTION_FLAG, &leave_running }, { "file-locks", 0, OPTION_FLAG, &file_locks },
		{ 0 },
	};
	struct container c;
	enum container_status status;
	int result, at = options_parse(flags, argc, argv, err);

	if (at < 0 || argc - at != 1)
		return at < 0 ? -1 :
				error_text(err, EINVAL, "%s: \"%s\" requires exactly 1 argument(s)", argv[0], argv[0]);
	if (criu_place_open(&place, true, err) || state_load_locked(g, argv[at], &c, err))
		return -1;
	status = state_status(&c);
	if (status != STATUS_RUNNING)
		result = error_text(err, EINVAL, "container is not running: %s", status_name(status));
	else
		result = write_down(&c, &place, leave_running, err);
	/* As runc: nothing is left of a container that has ended with its checkpoint. */
	if (!result && !leave_running)
		result = destroy_container(g, &c, err);
	state_close(&c);
	return result;
}

/* Lets it go on, and becomes its parent in place of the helper. */
static int go_on(struct container *c, struct launch *l, struct error *err)
{
	enum launch_state state = launch_release(l, err) ? LAUNCH_FAILED : launch_await(l, err);

	if (state != LAUNCH_STARTED)
		return -1;
	while (waitpid(l->helper, NULL, 0) < 0 && errno == EINTR)
		;
	l->helper = 0;
	state_unlock(c);
	return 0;
}

int command_restore(const struct globals *g, int argc, char **argv, struct error *err)
{
	struct criu_place place = { .images = "checkpoint" };
	struct create_options o = { .restore = &place };
	bool file_locks = false;
	const struct option flags[] = {
		{ "image-path", 0, OPTION_TEXT, &place.images },
		{ "work-path", 0, OPTION_TEXT, &place.work },
		{ "bundle", 'b', OPTION_TEXT, &o.bundle },
		{ "console-socket", 0, OPTION_TEXT, &o.console_socket },
		{ "pid-file", 0, OPTION_TEXT, &o.pid_file },
		{ "detach", 'd', OPTION_FLAG, &o.detach },
		{ "no-subreaper", 0, OPTION_FLAG, &o.no_subreaper },
		{ "file-locks", 0, OPTION_FLAG, &file_locks },
		{ 0 },
	};
	struct container c;
	struct launch l;
	struct error later;
	int code = 0, at = options_parse(flags, argc, argv, err);

	if (at < 0 || argc - at != 1)
		return at < 0 ? -1 :
				error_text(err, EINVAL, "%s: \"%s\" requires exactly 1 argument(s)", argv[0], argv[0]);
	o.stay = !o.detach && !o.console_socket;
	/* Init comes by way of a helper: who stays must be its subreaper, or could not wait for it. */
	foreground_prepare(!o.detach);
	if (criu_place_open(&place, false, err) || create_container(g, argv[at], &o, &c, &l, err))
		return -1;
	if (go_on(&c, &l, err)) {
		launch_abort(&l);
		destroy_container(g, &c, &later);
		state_close(&c);
		return -1;
	}
	if (!o.detach) {
		code = foreground_wait(l.pid, l.pidfd, l.console);
		if (destroy_container(g, &c, &later))
			log_warning(g, later.message);
	}
	fd_close(&l.console);
	launch_close(&l);
	state_close(&c);
	return code;
}
