#include "ending.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "directory.h"
#include "fd.h"
#include "process.h"

enum { RECORDS_MAX = 256 };

/* How long an ended shim waits for `forget` from those who are connected; who comes later reads the exit
 * file. */
static const uint64_t watched_ns = 60000000000;
/* When the shim moves to its own cgroup: on v2 that can take 10 ms, which a start should not wait for. */
static const uint64_t settle_ns = 200000000;
/* How long a client may take to read the rest of the output. */
static const uint64_t clients_ns = 600000000000;

/* `0` in v1's `tasks` moves this thread only, which is all there is, without the kernel's global lock. */
static void join_cgroup(const char *directory)
{
	static const char *const files[] = { "tasks", "cgroup.procs" };
	int dir = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	for (unsigned i = 0; dir >= 0 && i < 2; i++) {
		int file = openat(dir, files[i], O_WRONLY | O_CLOEXEC);
		if (file < 0)
			continue;
		ssize_t written = write(file, "0", 1);
		close(file);
		if (written == 1)
			break;
	}
	if (dir >= 0)
		close(dir);
}

static void join_cgroups(const char *directories)
{
	char *list = strdup(directories);
	char *rest = list;
	for (char *directory; rest && (directory = strsep(&rest, ","));)
		if (*directory)
			join_cgroup(directory);
	free(list);
}

static void settle(struct timer *timer)
{
	const struct shim *shim = (struct shim *)((char *)timer - offsetof(struct shim, settle));
	join_cgroups(shim->params.cgroups);
}

static void out_of_memory_killed(struct oom *oom)
{
	struct shim *shim = (struct shim *)((char *)oom - offsetof(struct shim, oom));
	control_event(&shim->control, "oom at=%llu", (unsigned long long)wall_ns());
}

void ending_report(struct shim *shim, const struct error *err)
{
	struct buf text = { 0 };
	if (shim->report < 0)
		return;
	if (err) {
		buf_printf(&text, "err errno=%d stage=%s msg=", err->code,
			   *err->stage ? err->stage : "launch");
		line_encode(&text, err->message);
	} else {
		buf_printf(&text, "ok pid=%d at=%llu shim=%d", shim->init.pid, (unsigned long long)wall_ns(),
			   getpid());
	}
	buf_add(&text, "\n", 1);
	ssize_t sent = send(shim->report, buf_bytes(&text), text.len, MSG_NOSIGNAL | MSG_DONTWAIT);
	buf_free(&text);
	close(shim->report);
	shim->report = -1;
	/* Until now it was the executor's log. */
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (null >= 0) {
		dup3(null, STDERR_FILENO, 0);
		close(null);
	}
	if (err)
		return;
	/* Nobody would ever start it, or know of it. */
	if (sent < 0) {
		error_text(&shim->failure, ECANCELED, "the executor has gone");
		process_abandon(&shim->init);
		return;
	}
	if (shim->params.cgroups)
		timer_set(&shim->loop, &shim->settle, settle_ns, settle);
	oom_open(&shim->oom, &shim->loop, shim->init.pid, out_of_memory_killed);
}

static void exit_event(struct shim *shim, struct connection *to)
{
	const struct exit_status *status = &shim->init.status;
	char signal[24] = "";
	if (status->signal)
		snprintf(signal, sizeof(signal), " signal=%d", status->signal);
	unsigned long long at = status->at;
	if (to)
		control_event_to(to, "exit code=%d%s at=%llu oom=%d", status->code, signal, at, status->oom);
	else
		control_event(&shim->control, "exit code=%d%s at=%llu oom=%d", status->code, signal, at,
			      status->oom);
}

/* Execs that still run are outside the container's process namespace, or about to be reaped. */
static void execs_end(struct shim *shim)
{
	for (struct process *p = shim->execs, *next; p; p = next) {
		next = p->next;
		if (p->state == PROCESS_MADE)
			process_abandon(p);
		else if (p->state != PROCESS_ENDED)
			process_signal(p, SIGKILL);
	}
}

void ending_init(struct shim *shim)
{
	struct process *init = &shim->init;
	init->status.oom = oom_check(&shim->oom);
	oom_close(&shim->oom);
	shim->state = SHIM_STOPPED;
	if (!init->abandoned) {
		/* A subscriber records the exit itself; without one the file is all there is, also after a
		 * power cut. */
		bool sync = !control_is_watched(&shim->control);
		exit_file_write(shim->params.state_directory, &init->status, sync);
		shim->announced = true;
		exit_event(shim, NULL);
	}
	log_close(&shim->log);
	execs_end(shim);
	shim->launcher->clean(shim);
}

static void exec_event(const struct exec_record *record, struct control *control, struct connection *to)
{
	unsigned long long at = record->status.at;
	if (to)
		control_event_to(to, "exec-exit id=%s code=%d at=%llu", record->id, record->status.code, at);
	else
		control_event(control, "exec-exit id=%s code=%d at=%llu", record->id, record->status.code,
			      at);
}

static void records_trim(struct shim *shim)
{
	struct exec_record **at = &shim->records;
	for (unsigned i = 0; *at && i < RECORDS_MAX; i++)
		at = &(*at)->next;
	for (struct exec_record *r = *at, *next; r; r = next) {
		next = r->next;
		free(r);
		shim->record_count--;
	}
	*at = NULL;
}

void ending_exec(const struct process *p)
{
	struct shim *shim = p->shim;
	size_t length = strlen(p->id) + 1;
	struct exec_record *record = malloc(sizeof(*record) + length);
	if (!record)
		return;
	record->status = p->status;
	memcpy(record->id, p->id, length);
	record->next = shim->records;
	shim->records = record;
	if (++shim->record_count >= 2 * RECORDS_MAX)
		records_trim(shim);
	exec_event(record, &shim->control, NULL);
}

void ending_replay(struct shim *shim, struct connection *connection)
{
	for (const struct exec_record *r = shim->records; r; r = r->next)
		exec_event(r, NULL, connection);
	if (shim->announced)
		exit_event(shim, connection);
}

/* The next start of the same container uses the same names: all of it is gone before anybody is told. */
static void vanish(struct shim *shim)
{
	directory_remove(shim->params.state_directory);
	control_unlisten(&shim->control);
}

void ending_forget(struct shim *shim)
{
	if (!shim->cleaned || !shim->forgotten)
		return;
	vanish(shim);
	reply_done(&shim->forget);
	ending_check(shim);
}

void shim_cleaned(struct shim *shim)
{
	struct params *params = &shim->params;
	int *fds[] = { &params->rootfs, &params->netns, &params->userns };
	for (unsigned i = 0; i < params->held_count; i++)
		close(params->held[i]);
	params->held_count = 0;
	helpers_close(&shim->helpers);
	for (unsigned i = 0; i < params->source_count; i++)
		close(params->sources[i].fd);
	params->source_count = 0;
	for (unsigned i = 0; i < sizeof(fds) / sizeof(fds[0]); i++)
		fd_close(fds[i]);
	if (*shim->failure.message) {
		vanish(shim);
		ending_report(shim, &shim->failure);
		if (shim->init.replying)
			reply_error(&shim->init.reply, shim->failure.code, shim->failure.stage,
				    shim->failure.message);
		shim->init.replying = false;
	}
	shim->cleaned = true;
	shim->ended_at = monotonic_ns();
	ending_forget(shim);
	ending_check(shim);
}

static void end_timer(struct timer *timer)
{
	struct shim *shim = (struct shim *)((char *)timer - offsetof(struct shim, end));
	ending_check(shim);
}

void ending_check(struct shim *shim)
{
	if (!shim->cleaned || shim->loop.stop)
		return;
	uint64_t elapsed = monotonic_ns() - shim->ended_at;
	uint64_t bound = shim->control.count > 0 ? watched_ns : 0;
	bool delivering = shim->execs || !shim->init.io.closed || log_waits(&shim->log);
	if (delivering)
		bound = clients_ns;
	else if (shim->forgotten || !shim->announced)
		bound = 0;
	if (elapsed >= bound)
		shim->loop.stop = true;
	else
		timer_set(&shim->loop, &shim->end, bound - elapsed, end_timer);
}
