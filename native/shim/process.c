#include "process.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "ending.h"
#include "fd.h"
#include "probe.h"

static void streams_ended(struct io *io);
static void streams_closed(struct io *io);
static void client_detached(struct io *io, bool by_keys);

static const struct io_events io_events = {
	.ended = streams_ended,
	.closed = streams_closed,
	.detached = client_detached,
};

void process_init(struct shim *shim)
{
	const struct params *params = &shim->params;
	shim->init = (struct process){
		.shim = shim,
		.pidfd = -1,
		.plan = params->plan,
		.object = -1,
		.tty = params->tty,
		.has_stdin = params->open_stdin,
		.height = params->height,
		.width = params->width,
	};
	process_streams_prepare(&shim->init);
}

void process_streams_prepare(struct process *p)
{
	struct shim *shim = p->shim;
	p->io = (struct io){
		.loop = &shim->loop,
		.scratch = &shim->scratch,
		.log = !p->id && shim->params.logged ? &shim->log : NULL,
		.spill_directory = shim->params.spill_directory,
		.events = &io_events,
		.owner = p,
		.tty = p->tty,
		.has_stdin = p->has_stdin,
		.stdin_once = p->id ? true : shim->params.stdin_once,
		.is_exec = p->id != NULL,
	};
}

struct process *process_add(struct shim *shim, const char *id)
{
	size_t length = strlen(id) + 1;
	struct process *p = calloc(1, sizeof(*p) + length);
	if (!p)
		return NULL;
	p->shim = shim;
	p->pidfd = -1;
	p->plan = p->object = -1;
	p->id = memcpy(p + 1, id, length);
	p->next = shim->execs;
	shim->execs = p;
	return p;
}

struct process *process_find(struct shim *shim, const char *id)
{
	if (!id)
		return &shim->init;
	struct process *p = shim->execs;
	while (p && strcmp(p->id, id))
		p = p->next;
	return p;
}

/* Frees an exec. Init stays for the shim's life. */
static void process_free(struct process *p)
{
	struct shim *shim = p->shim;
	struct process **at = &shim->execs;
	while (*at && *at != p)
		at = &(*at)->next;
	if (!*at)
		return;
	*at = p->next;
	probe_free(p);
	fd_close(&p->plan);
	fd_close(&p->object);
	loop_free(&shim->loop, p);
}

void process_discard(struct process *p)
{
	process_free(p);
}

/* Ends the process's life here once it has been reaped and its streams have ended. */
static void check_over(struct process *p)
{
	struct shim *shim = p->shim;
	if ((p->pid && !p->reaped) || !p->streams_ended)
		return;
	/* Who asked for the checkpoint is answered first: the shim may be gone soon after the end is told. */
	if (!p->id && shim->checkpoint.active)
		return;
	/* Of a process that fails at its start the launcher says why; that comes first. */
	if (p->state == PROCESS_MAKING || p->state == PROCESS_STARTING || p->state == PROCESS_ENDED)
		return;
	p->state = PROCESS_ENDED;
	shim->launcher->release(p);
	/* The event precedes the end of the clients' streams: who sees the end may ask for the exit code at
	 * once. */
	if (!p->id)
		ending_init(shim);
	else if (p->probe)
		probe_ended(p);
	else if (!p->abandoned)
		ending_exec(p);
	io_finish(&p->io);
	ending_check(shim);
}

void process_check(struct process *p)
{
	check_over(p);
}

bool process_any_enters(const struct shim *shim)
{
	for (const struct process *p = shim->execs; p; p = p->next)
		if (p->state == PROCESS_MAKING || p->state == PROCESS_STARTING)
			return true;
	return false;
}

static void streams_ended(struct io *io)
{
	struct process *p = io->owner;
	p->streams_ended = true;
	check_over(p);
}

static void streams_closed(struct io *io)
{
	struct process *p = io->owner;
	struct shim *shim = p->shim;
	if (p->id)
		control_event(&shim->control, "closed exec=%s", p->id);
	else
		control_event(&shim->control, "closed");
	if (p->id)
		process_free(p);
	ending_check(shim);
}

static void client_detached(struct io *io, bool by_keys)
{
	struct process *p = io->owner;
	if (!by_keys)
		return;
	if (p->id)
		control_event(&p->shim->control, "detach exec=%s", p->id);
	else
		control_event(&p->shim->control, "detach");
}

static void process_reaped(struct child *child, int status)
{
	struct process *p = (struct process *)((char *)child - offsetof(struct process, child));
	p->reaped = true;
	p->status = exit_status_of(status, wall_ns());
	if (p->pidfd >= 0)
		close(p->pidfd);
	p->pidfd = -1;
	if (p->io.opened)
		io_process_ended(&p->io, PROCESS_DRAIN_NS);
	check_over(p);
}

int process_streams(struct process *p, struct io_fds *fds, struct error *err)
{
	if (io_open(&p->io, fds)) {
		error_set(err, errno, "open the standard streams");
		return error_stage(err, "stdio");
	}
	if (p->reaped)
		io_process_ended(&p->io, PROCESS_DRAIN_NS);
	if (p->height || p->width)
		io_resize(&p->io, p->height, p->width);
	return 0;
}

int process_watch(struct process *p, pid_t pid, struct error *err)
{
	p->pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	/* Gone already: the status is kept for us. */
	if (p->pidfd < 0 && errno != ESRCH) {
		error_set(err, errno, "open pidfd of %d", pid);
		return error_stage(err, "pidfd");
	}
	p->pid = pid;
	child_watch(&p->shim->children, &p->child, pid, process_reaped);
	return 0;
}

/* Completes a runtime's words to what Docker's clients know of a failed exec. */
static void exec_words(struct error *err)
{
	static const char whole[] = "OCI runtime exec failed", half[] = "exec failed";
	static const char hint[] =
		"Are you trying to mount a directory onto a file (or vice-versa)? Check if the specified host "
		"path exists and is the expected type";
	size_t length = strlen(err->message);
	if (strstr(err->message, "not a directory") && length + sizeof(hint) + 2 < sizeof(err->message))
		snprintf(err->message + length, sizeof(err->message) - length, ": %s", hint);
	if (!strncmp(err->message, whole, strlen(whole)))
		return;
	if (strncmp(err->message, half, strlen(half)))
		error_prefix(err, "%s: unable to start container process", half);
	error_prefix(err, "%s", whole);
}

/* An exec's failure is told at once, on its own streams too as Docker does; init's once the container has
 * been removed. */
static void fail(struct process *p, struct error *err)
{
	if (!p->id) {
		error_stage(err, "start");
		p->shim->failure = *err;
		process_abandon(p);
		return;
	}
	exec_words(err);
	error_stage(err, "exec");
	if (p->probe)
		probe_failed(p, err);
	else if (p->replying)
		reply_error(&p->reply, err->code, err->stage, err->message);
	p->replying = false;
	io_tell(&p->io, err->message);
	io_tell(&p->io, "\r\n");
	process_abandon(p);
}

void process_made(struct process *p, struct error *err)
{
	p->state = PROCESS_MADE;
	if (err) {
		fail(p, err);
		return;
	}
	if (p->probe) {
		probe_made(p);
		return;
	}
	if (!p->id)
		ending_report(p->shim, NULL);
	else if (p->replying)
		reply_ok(&p->reply, "pid=%d", p->pid);
	p->replying = false;
	check_over(p);
}

void process_started(struct process *p, struct error *err)
{
	if (err) {
		p->state = PROCESS_MADE;
		fail(p, err);
		return;
	}
	p->state = PROCESS_RUNNING;
	if (!p->id)
		p->shim->state = SHIM_RUNNING;
	/* A probe is answered at its end. */
	if (!p->probe) {
		if (p->replying)
			reply_ok(&p->reply, "at=%llu pid=%d", (unsigned long long)wall_ns(), p->pid);
		p->replying = false;
	}
	check_over(p);
}

void process_abandon(struct process *p)
{
	p->abandoned = true;
	process_signal(p, SIGKILL);
	if (p->shim->launcher->abandon)
		p->shim->launcher->abandon(p);
	io_kill(&p->io);
	check_over(p);
}

int process_signal(struct process *p, int signal)
{
	if (p->pidfd < 0) {
		errno = ESRCH;
		return -1;
	}
	return (int)syscall(SYS_pidfd_send_signal, p->pidfd, signal, NULL, 0);
}

int process_resize(struct process *p, uint16_t height, uint16_t width)
{
	p->height = height;
	p->width = width;
	if (p->state == PROCESS_ENDED || p->reaped) {
		errno = ESRCH;
		return -1;
	}
	return p->io.opened ? io_resize(&p->io, height, width) : 0;
}
