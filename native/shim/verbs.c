#include "verbs.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "checkpointing.h"
#include "client.h"
#include "ending.h"
#include "fd.h"
#include "probe.h"
#include "process.h"

typedef void verb(struct shim *shim, struct request *request);

static void reply_errno(const struct reply *reply, int code, const char *stage)
{
	reply_error(reply, code, stage, strerror(code));
}

/* The process a request is about; answers when there is none. */
static struct process *process_of(struct shim *shim, const struct request *request, const char *key)
{
	const char *id = line_get(&request->line, key);
	struct process *p = process_find(shim, id);
	if (!p)
		reply_error(&request->reply, ENOENT, "exec", "no such exec");
	return p;
}

static void hello(struct shim *shim, struct request *request)
{
	static const char *const states[] = { "created", "running", "paused", "stopped" };
	struct buf execs = { 0 };
	for (const struct process *p = shim->execs; p; p = p->next)
		if (p->state != PROCESS_ENDED)
			buf_printf(&execs, "%s%s:%d", execs.len ? "," : "", p->id, p->pid);
	reply_ok(&request->reply, "version=1 pid=%d state=%s execs=%.*s", shim->init.pid, states[shim->state],
		 (int)execs.len, execs.len ? buf_bytes(&execs) : "");
	buf_free(&execs);
}

static void subscribe(struct shim *shim, struct request *request)
{
	struct reply reply = request->reply;
	control_subscribe(request->connection);
	reply_done(&reply);
	ending_replay(shim, request->connection);
}

static void process_begin(struct process *p, const struct request *request)
{
	if (p->state != PROCESS_MADE || p->abandoned) {
		reply_error(&request->reply, EALREADY, "state", "it has been started already");
		return;
	}
	p->state = PROCESS_STARTING;
	p->reply = request->reply;
	p->replying = true;
	p->shim->launcher->start(p);
}

static void start(struct shim *shim, struct request *request)
{
	process_begin(&shim->init, request);
}

/* Reads `signal`; answers when it is none. */
static int signal_of(const struct request *request, int *signal)
{
	uint64_t number;
	if (line_number(&request->line, "signal", SIGKILL, 64, &number)) {
		reply_error(&request->reply, EINVAL, "signal", "invalid signal");
		return -1;
	}
	*signal = (int)number;
	return 0;
}

static void signal_send(struct process *p, const struct request *request)
{
	int signal;
	if (signal_of(request, &signal))
		return;
	bool dooms = signal == SIGKILL && !p->id;
	if (dooms)
		p->shim->doomed = true;
	if (process_signal(p, signal)) {
		reply_errno(&request->reply, errno, "kill");
		return;
	}
	if (dooms)
		checkpoint_abort(p->shim);
	if (dooms && p->shim->launcher->doom)
		p->shim->launcher->doom(p->shim);
	reply_done(&request->reply);
}

static void kill_init(struct shim *shim, struct request *request)
{
	int signal;
	if (!line_flag(&request->line, "all"))
		signal_send(&shim->init, request);
	else if (!signal_of(request, &signal))
		shim->launcher->kill_all(shim, signal, &request->reply);
}

static void freeze(struct shim *shim, struct request *request, bool frozen)
{
	enum shim_state wanted = frozen ? SHIM_RUNNING : SHIM_PAUSED;
	if (shim->state != wanted || shim->freezing || (frozen && shim->doomed))
		reply_error(&request->reply, EINVAL, "state",
			    frozen ? "the container is not running" : "the container is not paused");
	else
		shim->launcher->freeze(shim, frozen, &request->reply);
}

static void pause_all(struct shim *shim, struct request *request)
{
	freeze(shim, request, true);
}

static void resume_all(struct shim *shim, struct request *request)
{
	freeze(shim, request, false);
}

/* Only another runtime is asked by way of its shim: the limits of our own containers are the executor's to set. */
static void update(struct shim *shim, struct request *request)
{
	if (!shim->launcher->update)
		reply_error(&request->reply, ENOSYS, "verb", "unknown verb");
	else if (shim->state != SHIM_RUNNING && shim->state != SHIM_PAUSED)
		reply_error(&request->reply, ESRCH, "state", "the container is not running");
	else if (request->fds[0] < 0)
		reply_error(&request->reply, EINVAL, "resources", "a descriptor is needed");
	else
		shim->launcher->update(shim, steal_fd(&request->fds[0]), &request->reply);
}

static void checkpoint(struct shim *shim, struct request *request)
{
	checkpoint_begin(shim, request);
}

static void resize(struct shim *shim, struct request *request)
{
	uint64_t h, w;
	struct process *p = process_of(shim, request, "exec");
	if (!p)
		return;
	if (line_number(&request->line, "h", 0, UINT16_MAX, &h) ||
	    line_number(&request->line, "w", 0, UINT16_MAX, &w))
		reply_error(&request->reply, EINVAL, "size", "invalid size");
	else if (process_resize(p, (uint16_t)h, (uint16_t)w))
		reply_errno(&request->reply, errno, "resize");
	else
		reply_done(&request->reply);
}

/* Returns 0, or -1 when the keys or bytes given are malformed. */
static int attach_options(const struct line *line, struct client_options *options, struct buf *preread)
{
	const char *keys = line_get(line, "detachkeys");
	const char *bytes = line_get(line, "preread");
	*options = (struct client_options){
		.input = line_flag(line, "stdin"),
		.output = { line_flag(line, "stdout"), line_flag(line, "stderr") },
		.framed = line_flag(line, "framed"),
	};
	int length = keys ? hex_decode(keys, options->detach.keys, DETACH_KEYS_MAX) : 0;
	if (length < 0 || (bytes && base64_decode(bytes, preread)))
		return -1;
	options->detach.length = (size_t)length;
	return 0;
}

static void attach(struct shim *shim, struct request *request)
{
	struct client_options options;
	struct buf preread = { 0 }, rest = { 0 };
	struct process *p = process_of(shim, request, "exec");
	if (!p)
		return;
	if (attach_options(&request->line, &options, &preread)) {
		reply_error(&request->reply, EINVAL, "attach", "malformed attach request");
	} else if (p->state == PROCESS_ENDED || p->abandoned) {
		reply_error(&request->reply, ESRCH, "attach", "the process has ended");
	} else if (request->fds[0] >= 0) {
		int fd = steal_fd(&request->fds[0]);
		/* Answered after: output that follows the answer must not be lost. */
		if (client_open(&p->io, fd, &options, &preread))
			reply_errno(&request->reply, errno, "attach");
		else
			reply_done(&request->reply);
	} else {
		int fd = control_take_socket(request, &rest);
		if (fd >= 0 && !buf_add(&preread, rest.len ? buf_bytes(&rest) : "", rest.len))
			client_open(&p->io, fd, &options, &preread);
		else if (fd >= 0)
			close(fd);
	}
	buf_free(&preread);
	buf_free(&rest);
}

static void close_stdin(struct shim *shim, struct request *request)
{
	struct process *p = process_of(shim, request, "exec");
	if (!p)
		return;
	io_close_stdin(&p->io);
	reply_done(&request->reply);
}

/* Whether an exec of the request's id can be made now; answers when not. */
static bool exec_acceptable(struct shim *shim, const struct request *request)
{
	const char *id = line_get(&request->line, "id");
	if (shim->state != SHIM_RUNNING || shim->freezing)
		reply_error(&request->reply, ESRCH, "state", "the container is not running");
	else if (!id || !*id || strlen(id) > 128 ||
		 strspn(id, "0123456789abcdefghijklmnopqrstuvwxyz-_") != strlen(id))
		reply_error(&request->reply, EINVAL, "id", "invalid exec id");
	else if (process_find(shim, id))
		reply_error(&request->reply, EEXIST, "id", "the exec exists");
	else
		return true;
	return false;
}

static void probe(struct shim *shim, struct request *request)
{
	if (exec_acceptable(shim, request))
		probe_run(shim, request);
}

static void exec_make(struct shim *shim, struct request *request)
{
	const char *id = line_get(&request->line, "id");
	if (!exec_acceptable(shim, request))
		return;
	if (request->fds[0] < 0) {
		reply_error(&request->reply, EINVAL, "plan", "a plan descriptor is needed");
	} else {
		struct process *p = process_add(shim, id);
		if (!p) {
			reply_errno(&request->reply, ENOMEM, "exec");
			return;
		}
		p->plan = steal_fd(&request->fds[0]);
		p->object = steal_fd(&request->fds[1]);
		p->tty = line_flag(&request->line, "tty");
		p->has_stdin = line_flag(&request->line, "stdin");
		process_streams_prepare(p);
		p->reply = request->reply;
		p->replying = true;
		shim->launcher->make(p);
	}
}

static void exec_start(struct shim *shim, struct request *request)
{
	struct process *p = line_get(&request->line, "id") ? process_of(shim, request, "id") : NULL;
	if (p)
		process_begin(p, request);
	else if (!line_get(&request->line, "id"))
		reply_error(&request->reply, EINVAL, "id", "an exec id is needed");
}

static void exec_kill(struct shim *shim, struct request *request)
{
	struct process *p = line_get(&request->line, "id") ? process_of(shim, request, "id") : NULL;
	if (p)
		signal_send(p, request);
	else if (!line_get(&request->line, "id"))
		reply_error(&request->reply, EINVAL, "id", "an exec id is needed");
}

static void log_reopen_now(struct shim *shim, struct request *request)
{
	if (shim->params.logged && shim->state != SHIM_STOPPED && log_reopen(&shim->log))
		reply_errno(&request->reply, errno, "log");
	else
		reply_done(&request->reply);
}

static void keep(struct shim *shim, struct request *request)
{
	/* Of a container that has ended they are to end, too. */
	if (shim->cleaned) {
		reply_error(&request->reply, ESRCH, "state", "the container has ended");
		return;
	}
	for (int i = 0; i < CONTROL_FDS && request->fds[i] >= 0; i++)
		if (helper_keep(&shim->helpers, request->fds[i])) {
			reply_errno(&request->reply, errno, "keep");
			return;
		}
	reply_done(&request->reply);
}

static void forget(struct shim *shim, struct request *request)
{
	bool created = shim->state == SHIM_CREATED && shim->init.state == PROCESS_MADE;
	if (shim->state != SHIM_STOPPED && !created) {
		reply_error(&request->reply, EBUSY, "state", "the container has not ended");
		return;
	}
	if (shim->forgotten) {
		reply_error(&request->reply, EALREADY, "state", "it is being forgotten");
		return;
	}
	shim->forgotten = true;
	shim->forget = request->reply;
	if (created)
		process_abandon(&shim->init);
	else
		ending_forget(shim);
}

static const struct {
	const char *name;
	verb *serve;
} verbs[] = {
	{ "hello", hello },
	{ "subscribe", subscribe },
	{ "start", start },
	{ "kill", kill_init },
	{ "pause", pause_all },
	{ "resume", resume_all },
	{ "resize", resize },
	{ "checkpoint", checkpoint },
	{ "update", update },
	{ "attach", attach },
	{ "close-stdin", close_stdin },
	{ "exec", exec_make },
	{ "exec-start", exec_start },
	{ "exec-kill", exec_kill },
	{ "probe-plan", probe_plan },
	{ "probe", probe },
	{ "log-reopen", log_reopen_now },
	{ "keep", keep },
	{ "forget", forget },
};

void verbs_handle(void *owner, struct request *request)
{
	for (unsigned i = 0; i < sizeof(verbs) / sizeof(*verbs); i++) {
		if (!strcmp(verbs[i].name, request->line.verb)) {
			verbs[i].serve(owner, request);
			return;
		}
	}
	reply_error(&request->reply, ENOSYS, "verb", "unknown verb");
}
