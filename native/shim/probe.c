#include "probe.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fd.h"
#include "process.h"

/* The answer is a line, in which a byte may take three; the rest of it is short. */
enum { OUTPUT_MAX = LINE_MAX_BYTES / 3 - 256 };

static const uint64_t ns_per_ms = 1000000;
static const uint64_t timeout_max_ms = 1ULL << 40;

struct probe {
	struct process *process;
	struct buf output;
	size_t limit;
	bool cut;  /* there was more output */
	bool late; /* it took too long */
	uint64_t timeout_ns;
	struct timer timer;
};

void probe_plan(struct shim *shim, struct request *request)
{
	if (request->fds[0] < 0) {
		reply_error(&request->reply, EINVAL, "plan", "a plan descriptor is needed");
		return;
	}
	fd_close(&shim->probe_plan);
	fd_close(&shim->probe_object);
	shim->probe_plan = steal_fd(&request->fds[0]);
	shim->probe_object = steal_fd(&request->fds[1]);
	reply_done(&request->reply);
}

static int fd_copy(int fd)
{
	return fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, 0);
}

/* Whoever else holds the streams open has had its time, too. */
static void too_late(struct timer *timer)
{
	struct probe *probe = (struct probe *)((char *)timer - offsetof(struct probe, timer));
	struct process *p = probe->process;
	probe->late = true;
	process_signal(p, SIGKILL);
	io_kill(&p->io);
}

void probe_run(struct shim *shim, struct request *request)
{
	uint64_t timeout, limit;
	const char *id = line_get(&request->line, "id");
	if (shim->probe_plan < 0) {
		reply_error(&request->reply, EINVAL, "plan", "no plan was given");
		return;
	}
	if (line_number(&request->line, "timeout", 0, timeout_max_ms, &timeout) || !timeout ||
	    line_number(&request->line, "limit", 0, OUTPUT_MAX, &limit)) {
		reply_error(&request->reply, EINVAL, "probe", "malformed probe request");
		return;
	}
	struct process *p = process_add(shim, id);
	struct probe *probe = calloc(1, sizeof(*probe));
	if (p)
		p->plan = fd_copy(shim->probe_plan);
	if (!p || !probe || p->plan < 0) {
		free(probe);
		if (p)
			process_discard(p);
		reply_error(&request->reply, ENOMEM, "probe", strerror(ENOMEM));
		return;
	}
	p->object = fd_copy(shim->probe_object);
	probe->process = p;
	probe->limit = limit;
	probe->timeout_ns = timeout * ns_per_ms;
	p->probe = probe;
	process_streams_prepare(p);
	p->io.probe = probe;
	p->reply = request->reply;
	p->replying = true;
	shim->launcher->make(p);
}

void probe_made(struct process *p)
{
	p->state = PROCESS_STARTING;
	timer_set(&p->shim->loop, &p->probe->timer, p->probe->timeout_ns, too_late);
	p->shim->launcher->start(p);
}

void probe_failed(struct process *p, const struct error *err)
{
	if (p->replying)
		reply_error(&p->reply, err->code, err->stage, err->message);
	p->replying = false;
}

void probe_output(struct probe *probe, const char *bytes, size_t n)
{
	size_t room = probe->limit - probe->output.len;
	if (n > room)
		probe->cut = true;
	if (buf_add(&probe->output, bytes, n < room ? n : room))
		probe->cut = true;
}

void probe_ended(struct process *p)
{
	struct probe *probe = p->probe;
	struct buf text = { 0 };
	timer_unset(&p->shim->loop, &probe->timer);
	if (!p->replying)
		return;
	p->replying = false;
	if (line_encode_bytes(&text, probe->output.len ? buf_bytes(&probe->output) : "", probe->output.len)) {
		reply_error(&p->reply, ENOMEM, "probe", strerror(ENOMEM));
	} else {
		reply_ok(&p->reply, "code=%d late=%d cut=%d output=%.*s", p->status.code, probe->late, probe->cut,
			 (int)text.len, text.len ? buf_bytes(&text) : "");
	}
	buf_free(&text);
}

void probe_free(struct process *p)
{
	struct probe *probe = p->probe;
	if (!probe)
		return;
	timer_unset(&p->shim->loop, &probe->timer);
	buf_free(&probe->output);
	free(probe);
	p->probe = NULL;
	p->io.probe = NULL;
}
