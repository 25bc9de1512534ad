#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "create.h"
#include "fd.h"
#include "options.h"
#include "runtime.h"

int kill_container(const struct container *c, struct error *err)
{
	struct error ignored;
	scoped_fd int pidfd = state_pidfd(c, &ignored);
	struct pollfd wait = { .fd = pidfd, .events = POLLIN };

	if (cgroup_kill(&c->cgroup, SIGKILL, err))
		return -1;
	if (pidfd < 0)
		return 0;
	pidfd_signal(pidfd, SIGKILL);
	/* v1: what is frozen dies when it is thawed. */
	cgroup_thaw(&c->cgroup, &ignored);
	if (poll(&wait, 1, 10000) == 0)
		return error_text(err, EBUSY, "container init still running");
	return 0;
}

static int remove_cgroup(const struct container *c, struct error *err)
{
	/* The kernel uncounts an ended process a moment after it tells; there is nothing to wait on. */
	for (int tries = 0; tries < 500; tries++) {
		int busy = cgroup_remove(&c->cgroup, err);

		if (busy <= 0)
			return busy;
		nanosleep(&(struct timespec){ .tv_nsec = 2000000 }, NULL);
	}
	return error_text(err, EBUSY, "unable to remove cgroup %s: device or resource busy", c->cgroup.path);
}

int destroy_container(const struct globals *g, struct container *c, struct error *err)
{
	struct error hook;

	/* What init left behind in a shared pid namespace goes with it. */
	if (cgroup_kill(&c->cgroup, SIGKILL, err) || remove_cgroup(c, err))
		return -1;
	if (!c->plan)
		state_load_plan(c, &hook);
	if (c->plan && hooks_run(c->plan, HOOK_POSTSTOP, "stopped", 0, &hook))
		log_warning(g, hook.message);
	return state_remove(c, err);
}

/* Before the lock is asked for: who holds it may be waiting for this very container. */
static int end_container(const struct container *c, bool force, struct error *err)
{
	enum container_status status = state_status(c);

	if (status == STATUS_STOPPED)
		return 0;
	if (!force && status != STATUS_CREATED)
		return error_text(err, EBUSY, "cannot delete container %s that is not stopped: %s", c->id,
				  status_name(status));
	return kill_container(c, err);
}

/* A directory without a state is what a create that was cut off has left. */
static int remove_remains(struct container *c, struct error *err)
{
	struct error ignored;
	char path[4200];

	error_text(err, ENOENT, "container does not exist");
	if (c->directory[0] && !access(c->directory, F_OK) && !state_lock(c, &ignored) &&
	    access(state_path(c, "state.json", path, sizeof(path)), F_OK))
		state_remove(c, &ignored);
	state_close(c);
	return -1;
}

static int delete_container(const struct globals *g, const char *id, bool force, struct error *err)
{
	struct container c;
	int result;

	if (state_load(g, id, &c, err))
		return error_code(err) == ENOENT ? remove_remains(&c, err) : -1;
	result = end_container(&c, force, err);
	if (!result)
		result = state_lock(&c, err) || destroy_container(g, &c, err) ? -1 : 0;
	state_close(&c);
	return result;
}

int command_delete(const struct globals *g, int argc, char **argv, struct error *err)
{
	bool force = false;
	const struct option flags[] = { { "force", 'f', OPTION_FLAG, &force }, { 0 } };
	int at = options_parse(flags, argc, argv, err);

	if (at < 0 || argc - at != 1)
		return at < 0 ? -1
			      : error_text(err, EINVAL, "delete: \"delete\" requires exactly 1 argument(s)");
	if (!delete_container(g, argv[at], force, err))
		return 0;
	return force && error_code(err) == ENOENT ? 0 : -1;
}
