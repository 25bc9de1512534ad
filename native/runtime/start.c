#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include "create.h"
#include "fd.h"
#include "options.h"
#include "runtime.h"
#include "sync.h"

/* Reads what init has to say until it has executed (the end) or ended. */
static int await_report(int report, int pidfd, struct error *err)
{
	struct pollfd fds[2] = { { .fd = report, .events = POLLIN }, { .fd = pidfd, .events = POLLIN } };
	struct sync_message message;

	for (;;) {
		ssize_t n;

		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			return error_set(err, errno, "waiting for the process");
		n = read(report, &message, sizeof(message));
		if (n == (ssize_t)sizeof(message) && message.kind == SYNC_ERROR) {
			message.err.message[sizeof(message.err.message) - 1] = '\0';
			message.err.stage[sizeof(message.err.stage) - 1] = '\0';
			*err = message.err;
			return -1;
		}
		if (n == 0)
			return 0;
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return error_set(err, errno, "waiting for the process");
		/* What it had to say came before its end. */
		if (n < 0 && errno == EAGAIN && fds[1].revents)
			return error_text(err, ECHILD, "the process ended before it was started");
	}
}

static int release(struct container *c, struct error *err)
{
	char path[4200];
	scoped_fd int pidfd = state_pidfd(c, err);
	scoped_fd int report = -1;
	scoped_fd int start = -1;

	if (pidfd < 0)
		return error_text(err, ESRCH, "cannot start a container that has stopped");
	report = open(state_path(c, "report", path, sizeof(path)), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	start = open(state_path(c, "start", path, sizeof(path)), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
	if (start < 0 || report < 0)
		return errno == ENXIO ? error_text(err, ESRCH, "cannot start a container that has stopped")
				      : error_set(err, errno, "open %s", path);
	if (write(start, "s", 1) != 1)
		return error_set(err, errno, "start");
	if (await_report(report, pidfd, err))
		return error_prefix(err, "unable to start container process: error during container init");
	unlink(path);
	unlink(state_path(c, "report", path, sizeof(path)));
	return 0;
}

int start_container(struct container *c, struct error *err)
{
	struct error ignored;

	if (!c->plan && state_load_plan(c, err))
		return -1;
	if (release(c, err))
		return -1;
	/* Hooks take their time, and may call other commands. */
	state_unlock(c);
	if (!hooks_run(c->plan, HOOK_POSTSTART, "running", c->pid, err))
		return 0;
	kill_container(c, &ignored);
	return -1;
}

int command_start(const struct globals *g, int argc, char **argv, struct error *err)
{
	const struct option none[] = { { 0 } };
	struct container c;
	int result, at = options_parse(none, argc, argv, err);

	if (at < 0 || argc - at != 1)
		return at < 0 ? -1
			      : error_text(err, EINVAL, "start: \"start\" requires exactly 1 argument(s)");
	if (state_load_locked(g, argv[at], &c, err))
		return -1;
	switch (state_status(&c)) {
	case STATUS_CREATED:
		result = start_container(&c, err);
		break;
	case STATUS_STOPPED:
		result = error_text(err, ESRCH, "cannot start a container that has stopped");
		break;
	default:
		result = error_text(err, EINVAL, "cannot start an already running container");
	}
	state_close(&c);
	return result;
}
