#include "dump.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "checkpoint.h"
#include "checkpointing.h"
#include "fd.h"
#include "plan.h"
#include "process.h"
#include "sync.h"

/* The process that has CRIU at work; frees itself. */
struct dump {
	struct child child;
	struct shim *shim;
	struct cgroup cgroup;
	int report; /* where it says why it failed */
};

static uint64_t pipe_of(const struct source *source)
{
	struct stat status;
	return source->fd >= 0 && !fstat(source->fd, &status) && S_ISFIFO(status.st_mode) ? status.st_ino : 0;
}

/* Clients and streams are not to be held open by it; the log of CRIU is its own. */
static void keep_only(int fd)
{
	if (fd > 3)
		syscall(SYS_close_range, 3U, (unsigned)fd - 1, 0U);
	syscall(SYS_close_range, (unsigned)fd + 1, ~0U, 0U);
}

static _Noreturn void dump(const struct shim *shim, const struct plan *plan, const struct cgroup *cgroup, int report)
{
	const struct checkpointing *asked = &shim->checkpoint;
	const struct io *io = &shim->init.io;
	struct checkpoint place = { asked->criu, asked->directory, shim->params.state_directory };
	struct checkpoint_streams streams = { { 0 } };
	struct error err = { 0 };
	bool listed;
	bool netns = shim->params.netns >= 0 || plan_namespace_path(plan, CLONE_NEWNET, &listed);
	if (!shim->init.tty) {
		streams.pipe[0] = pipe_of(&io->in);
		streams.pipe[1] = pipe_of(&io->out[0].source);
		streams.pipe[2] = pipe_of(&io->out[1].source);
	}
	keep_only(report);
	setpgid(0, 0);
	if (!checkpoint_dump(&place, plan, cgroup, shim->init.pid, &streams, netns, !asked->exit, &err))
		_exit(0);
	sync_send(report, SYNC_ERROR, &err, NULL, 0);
	_exit(1);
}

static void ended(struct child *child, int status)
{
	struct dump *d = (struct dump *)child;
	struct shim *shim = d->shim;
	struct sync_message message;
	struct error err = { 0 }, ignored;
	unsigned count;
	bool failed = !WIFEXITED(status) || WEXITSTATUS(status);
	if (failed && sync_receive(d->report, &message, NULL, 0, &count, MSG_DONTWAIT) == 1)
		err = message.err;
	else if (failed)
		error_text(&err, ECHILD, "the process that wrote the container down has died");
	/* Whatever became of CRIU, it goes on as it was. */
	if (failed && shim->state == SHIM_RUNNING)
		cgroup_freeze(&d->cgroup, false, &ignored);
	/* A frozen process dies when it is thawed. */
	if (shim->doomed)
		cgroup_freeze(&d->cgroup, false, &ignored);
	if (failed && shim->doomed)
		error_text(&err, ESRCH, "the container has been killed");
	shim->checkpoint.worker = 0;
	fd_close(&d->report);
	free(d);
	checkpoint_ended(shim, failed ? &err : NULL);
}

static void give_up(struct shim *shim, const char *what)
{
	struct error err = { 0 };
	error_set(&err, errno, "%s", what);
	checkpoint_ended(shim, &err);
}

void dump_begin(struct shim *shim, const struct plan *plan, const struct cgroup *cgroup)
{
	struct dump *d = calloc(1, sizeof(*d));
	int ends[2];
	if (!d || sync_pair(ends)) {
		give_up(shim, "socket");
		free(d);
		return;
	}
	d->shim = shim;
	d->cgroup = *cgroup;
	d->report = ends[0];
	pid_t pid = fork();
	if (pid == 0)
		dump(shim, plan, cgroup, ends[1]);
	close(ends[1]);
	if (pid > 0) {
		/* Here as well, for it may be killed before it has come to that. */
		setpgid(pid, pid);
		shim->checkpoint.worker = pid;
		child_watch(&shim->children, &d->child, pid, ended);
		return;
	}
	give_up(shim, "fork");
	close(d->report);
	free(d);
}
