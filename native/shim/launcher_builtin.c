/*
 * Containers of Berth's own runtime, in process: native/lib carries out the plans, the loop waits for what it
 * reports. Hooks that block run in a child of their own.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <unistd.h>

#include "checkpoint.h"
#include "dump.h"
#include "ending.h"
#include "fd.h"
#include "launch.h"
#include "plan.h"
#include "process.h"

static const uint64_t poll_ns = 2000000, poll_bound_ns = 10000000000;

/* What is known of a process besides struct process. */
struct builtin {
	struct source sync;
	struct launch launch;
	struct process *process;
	const struct plan *plan; /* an exec's; the container's is in struct container */
	struct io_fds ours;      /* until the process is ready */
	struct child hooks;
};

/* What is known of the container. */
struct container {
	struct shim *shim;
	const struct plan *plan;
	struct cgroup cgroup;
	bool has_cgroup;
	struct timer timer; /* polls the freezer, later the removal of the cgroup */
	uint64_t began;     /* of what is polled, monotonic ns */
	bool freeze;
	struct reply reply;
	struct child hooks;
};

/* Of a probe both streams are one, in the order it was written. Returns 0, or -1 with errno and all closed. */
static int probe_pipe_open(struct io_fds *ours, int theirs[3])
{
	int pair[2];
	if (pipe2(pair, O_CLOEXEC))
		return -1;
	ours->out = pair[0];
	theirs[1] = pair[1];
	theirs[2] = fcntl(pair[1], F_DUPFD_CLOEXEC, 0);
	if (theirs[2] >= 0)
		return 0;
	int saved = errno;
	io_fds_close(ours);
	fd_close(&theirs[1]);
	errno = saved;
	return -1;
}

/* Makes pipes for the streams that are needed. Returns 0, or -1 with errno and all closed. */
static int pipes_open(const struct process *p, struct io_fds *ours, int theirs[3])
{
	int pair[2];
	*ours = (struct io_fds){ -1, -1, -1 };
	theirs[0] = theirs[1] = theirs[2] = -1;
	if (p->tty)
		return 0;
	if (p->probe)
		return probe_pipe_open(ours, theirs);
	int *ends[3] = { &ours->in, &ours->out, &ours->err };
	for (int i = p->has_stdin ? 0 : 1; i < 3; i++) {
		if (i == 0 ? pipe2(pair, O_CLOEXEC) : io_output_pipe(pair)) {
			int saved = errno;
			for (int j = 0; j < 3; j++) {
				fd_close(ends[j]);
				fd_close(&theirs[j]);
			}
			errno = saved;
			return -1;
		}
		*ends[i] = pair[i == 0 ? 1 : 0];
		theirs[i] = pair[i == 0 ? 0 : 1];
	}
	return 0;
}

static void builtin_free(struct builtin *b)
{
	struct shim *shim = b->process->shim;
	loop_remove(&shim->loop, &b->sync);
	child_unwatch(&shim->children, &b->hooks);
	io_fds_close(&b->ours);
	if (b->plan)
		plan_unmap(b->plan);
	b->process->launch = NULL;
	loop_free(&shim->loop, b);
}

/* It could not be made: whatever exists of it is undone before anybody is told. */
static void make_failed(struct builtin *b, struct error *err)
{
	struct process *p = b->process;
	fd_close(&b->launch.console);
	launch_abort(&b->launch);
	builtin_free(b);
	process_made(p, err);
}

/* The streams and the process are complete: others may know it. */
static void ready(struct builtin *b)
{
	struct error err = { 0 };
	struct process *p = b->process;
	struct io_fds fds = b->ours;
	if (p->tty) {
		fds.out = steal_fd(&b->launch.console);
		fds.in = fds.out < 0 ? -1 : fcntl(fds.out, F_DUPFD_CLOEXEC, 0);
	}
	b->ours = (struct io_fds){ -1, -1, -1 };
	if (process_watch(p, b->launch.pid, &err)) {
		io_fds_close(&fds);
		make_failed(b, &err);
		return;
	}
	if (!p->id) {
		struct container *container = p->shim->launch;
		container->cgroup = b->launch.cgroup;
		container->has_cgroup = true;
	}
	/* From here on it is killed, reaped and cleaned up as any process. */
	process_made(p, process_streams(p, &fds, &err) ? &err : NULL);
}

static void hooks_ended(struct child *child, int status)
{
	struct builtin *b = (struct builtin *)((char *)child - offsetof(struct builtin, hooks));
	(void)status;
	process_started(b->process, NULL);
}

/* Runs the hooks of a point in a child, if there are any. Returns whether `exited` will be called. */
static bool hooks_start(struct shim *shim, struct child *child, int point, const char *status,
			child_exited *exited)
{
	struct container *container = shim->launch;
	if (!container->plan || container->plan->hooks[point].count == 0)
		return false;
	pid_t pid = fork();
	if (pid == 0) {
		struct error err = { 0 };
		bool stopped = point == HOOK_POSTSTOP;
		_exit(hooks_run(container->plan, point, status, stopped ? 0 : shim->init.pid, &err) ? 1 : 0);
	}
	if (pid < 0)
		return false;
	child_watch(&shim->children, child, pid, exited);
	return true;
}

static void started(struct builtin *b)
{
	struct process *p = b->process;
	if (p->id || !hooks_start(p->shim, &b->hooks, HOOK_POSTSTART, "running", hooks_ended))
		process_started(p, NULL);
}

static void sync_wait(struct builtin *b);

static void sync_ready(struct source *source, uint32_t events)
{
	struct builtin *b = (struct builtin *)source;
	struct process *p = b->process;
	struct error err = { 0 };
	(void)events;
	/* Before launch_continue may close the descriptor: its number could be another's then. */
	loop_remove(&p->shim->loop, source);
	switch (launch_continue(&b->launch, &err)) {
	case LAUNCH_AGAIN:
		sync_wait(b);
		break;
	case LAUNCH_READY:
		ready(b);
		break;
	case LAUNCH_STARTED:
		started(b);
		break;
	case LAUNCH_FAILED:
		if (p->state == PROCESS_MAKING)
			make_failed(b, &err);
		else
			process_started(p, &err);
		break;
	}
}

static void sync_wait(struct builtin *b)
{
	struct process *p = b->process;
	if (!loop_add(&p->shim->loop, &b->sync, b->launch.sync, EPOLLIN, sync_ready))
		return;
	struct error err = { 0 };
	error_set(&err, errno, "watch the new process");
	if (p->state == PROCESS_MAKING)
		make_failed(b, &err);
	else
		process_started(p, &err);
}

static int container_begin(struct builtin *b, struct launch_io *io, struct error *err)
{
	struct process *p = b->process;
	struct shim *shim = p->shim;
	struct container *container = calloc(1, sizeof(*container));
	if (!container)
		return error_set(err, ENOMEM, "shim");
	container->shim = shim;
	shim->launch = container;
	container->plan = plan_map(p->plan, err);
	fd_close(&p->plan);
	if (!container->plan)
		return -1;
	io->rootfs = shim->params.rootfs;
	io->netns = shim->params.netns;
	io->userns = shim->params.userns;
	io->sources = shim->params.sources;
	io->source_count = shim->params.source_count;
	if (shim->params.restore) {
		struct checkpoint place = { shim->params.criu, shim->params.restore, shim->params.state_directory };
		return checkpoint_restore(&place, &b->launch, container->plan, io, err);
	}
	return launch_container(&b->launch, container->plan, io, err);
}

static int exec_begin(struct builtin *b, struct launch_io *io, struct error *err)
{
	struct process *p = b->process;
	struct process *init = &p->shim->init;
	const struct container *container = p->shim->launch;
	b->plan = plan_map(p->plan, err);
	fd_close(&p->plan);
	fd_close(&p->object);
	if (!b->plan)
		return -1;
	return launch_exec(&b->launch, b->plan, container->plan, init->pid, init->pidfd, &container->cgroup,
			   io, err);
}

static void builtin_make(struct process *p)
{
	struct error err = { 0 };
	struct launch_io io = { .rootfs = -1, .netns = -1, .userns = -1 };
	struct builtin *b = calloc(1, sizeof(*b));
	if (!b || pipes_open(p, &b->ours, io.stdio)) {
		error_set(&err, errno, "stdio");
		error_stage(&err, "stdio");
		free(b);
		process_made(p, &err);
		return;
	}
	io_own_pipes(io.stdio, p->shim->params.owner, p->shim->params.group);
	b->process = p;
	p->launch = b;
	int failed = p->id ? exec_begin(b, &io, &err) : container_begin(b, &io, &err);
	for (int i = 0; i < 3; i++)
		fd_close(&io.stdio[i]);
	if (!failed) {
		sync_wait(b);
		return;
	}
	builtin_free(b);
	process_made(p, &err);
}

static void builtin_start(struct process *p)
{
	struct error err = { 0 };
	struct builtin *b = p->launch;
	if (!b || launch_release(&b->launch, &err)) {
		if (!b)
			error_set(&err, ESRCH, "start");
		process_started(p, &err);
		return;
	}
	sync_wait(b);
}

/* From a checkpoint: until its helper ends, init is not ours to be reaped. */
static void builtin_abandon(struct process *p)
{
	struct builtin *b = p->launch;
	if (!b || b->launch.helper <= 0)
		return;
	loop_remove(&p->shim->loop, &b->sync);
	fd_close(&b->launch.sync);
}

static void builtin_release(struct process *p)
{
	struct builtin *b = p->launch;
	if (!b)
		return;
	loop_remove(&p->shim->loop, &b->sync);
	launch_close(&b->launch);
	builtin_free(b);
}

static void reply_failed(const struct reply *reply, const struct error *err)
{
	reply_error(reply, err->code, *err->stage ? err->stage : "cgroup", err->message);
}

static void builtin_kill_all(struct shim *shim, int signal, const struct reply *reply)
{
	struct container *container = shim->launch;
	struct error err = { 0 };
	if (cgroup_kill(&container->cgroup, signal, &err))
		reply_failed(reply, &err);
	else
		reply_done(reply);
}

/* Also in cgroups that the container has made itself: init ends when all of its process namespace have. */
static void builtin_doom(struct shim *shim)
{
	const struct container *container = shim->launch;
	struct error ignored;
	if (container->has_cgroup)
		cgroup_thaw(&container->cgroup, &ignored);
}

static void freeze_poll(struct timer *timer)
{
	struct container *container = (struct container *)((char *)timer - offsetof(struct container, timer));
	struct shim *shim = container->shim;
	struct error err = { 0 };
	int state = cgroup_frozen(&container->cgroup, &err);
	bool late = monotonic_ns() - container->began > poll_bound_ns;
	bool killed = container->freeze && shim->doomed;
	if (killed && shim->state != SHIM_STOPPED) {
		/* Init waits for others to end, who wait to be thawed. */
		shim->freezing = false;
		cgroup_freeze(&container->cgroup, false, &err);
		reply_error(&container->reply, ESRCH, "state", "the container is being killed");
		return;
	}
	if (state >= 0 && state != (container->freeze ? 1 : 0) && !late && shim->state != SHIM_STOPPED) {
		timer_set(&shim->loop, timer, poll_ns, freeze_poll);
		return;
	}
	shim->freezing = false;
	if (shim->state == SHIM_STOPPED) {
		reply_error(&container->reply, ESRCH, "state", "the container has ended");
		return;
	}
	if (state < 0 || late) {
		struct error ignored;
		if (late)
			error_set(&err, ETIMEDOUT, "freezer");
		/* Half frozen is worse than running. */
		cgroup_freeze(&container->cgroup, false, &ignored);
		reply_failed(&container->reply, &err);
		return;
	}
	shim->state = container->freeze ? SHIM_PAUSED : SHIM_RUNNING;
	reply_done(&container->reply);
}

static void freeze_begin(struct timer *timer)
{
	struct container *container = (struct container *)((char *)timer - offsetof(struct container, timer));
	struct shim *shim = container->shim;
	struct error err = { 0 };
	bool late = monotonic_ns() - container->began > poll_bound_ns;
	if (container->freeze && process_any_enters(shim) && !late) {
		timer_set(&shim->loop, timer, poll_ns, freeze_begin);
		return;
	}
	if (cgroup_freeze(&container->cgroup, container->freeze, &err)) {
		shim->freezing = false;
		reply_failed(&container->reply, &err);
		return;
	}
	freeze_poll(timer);
}

static void builtin_freeze(struct shim *shim, bool frozen, const struct reply *reply)
{
	struct container *container = shim->launch;
	container->reply = *reply;
	container->freeze = frozen;
	container->began = monotonic_ns();
	/* From here on no exec begins to enter. */
	shim->freezing = true;
	freeze_begin(&container->timer);
}

static void builtin_checkpoint(struct shim *shim)
{
	struct container *container = shim->launch;
	dump_begin(shim, container->plan, &container->cgroup);
}

static void cleaned(struct container *container)
{
	struct shim *shim = container->shim;
	if (container->plan)
		plan_unmap(container->plan);
	container->plan = NULL;
	shim_cleaned(shim);
}

static void poststop_ended(struct child *child, int status)
{
	(void)status;
	cleaned((struct container *)((char *)child - offsetof(struct container, hooks)));
}

static void remove_poll(struct timer *timer)
{
	struct container *container = (struct container *)((char *)timer - offsetof(struct container, timer));
	struct shim *shim = container->shim;
	struct error err = { 0 };
	bool late = monotonic_ns() - container->began > poll_bound_ns;
	if (container->has_cgroup && cgroup_remove(&container->cgroup, &err) > 0 && !late) {
		/* Without a process namespace of its own the end of init ends nobody else. */
		cgroup_kill(&container->cgroup, 9, &err);
		timer_set(&shim->loop, timer, poll_ns, remove_poll);
		return;
	}
	if (!hooks_start(shim, &container->hooks, HOOK_POSTSTOP, "stopped", poststop_ended))
		cleaned(container);
}

static void builtin_clean(struct shim *shim)
{
	struct container *container = shim->launch;
	if (!container) {
		shim_cleaned(shim);
		return;
	}
	timer_unset(&shim->loop, &container->timer);
	if (shim->freezing)
		reply_error(&container->reply, ESRCH, "state", "the container has ended");
	shim->freezing = false;
	container->began = monotonic_ns();
	remove_poll(&container->timer);
}

const struct launcher launcher_builtin = {
	.make = builtin_make,
	.start = builtin_start,
	.abandon = builtin_abandon,
	.release = builtin_release,
	.kill_all = builtin_kill_all,
	.freeze = builtin_freeze,
	.doom = builtin_doom,
	.checkpoint = builtin_checkpoint,
	.clean = builtin_clean,
};
