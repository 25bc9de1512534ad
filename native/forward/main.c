/*
 * berth-forwarder: sends the log of one container to a server. Started by the executor beside the container's shim; it outlives
 * both the executor and the daemon, and ends when the shim does.
 *
 *   berth-forwarder <cgroup,cgroup> [again]
 *
 * The argument lists cgroup directories to move to ("" for none). Descriptor 3 is only held, so that its end tells of ours; 4 is a
 * SOCK_SEQPACKET socket on which the shim sends lines (log-record.h), 5 a file with the configuration (JSON), 6 a pipe for the one
 * answer: "ok", or errno, a space, and why the log cannot begin. `again`: one before this has died. Then a server that is not there
 * is one that has been lost on the way. It forks, and the parent ends at once.
 */
#include <errno.h>
#include <fcntl.h>
#include <json-c/json_object.h>
#include <json-c/json_tokener.h>
#include <linux/capability.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capability.h"
#include "detach.h"
#include "driver.h"
#include "queue.h"
#include "records.h"

enum { LIFE_FD = 3, LINES_FD, CONFIG_FD, ANSWER_FD, CONFIG_MOST = 16 << 20 };

/* Without `non-blocking`: what is under way between the two threads, not more. */
enum { BLOCKING_BYTES = 64 * 1024, BLOCKING_COUNT = 1024 };

/* As long as the reference waits for a log that does not end. */
enum { END_SECONDS = 10 };

struct forwarder {
	const struct driver *driver;
	void *state;
	struct queue queue;
};

static struct json_object *read_config(void)
{
	struct json_object *config;
	struct stat st;
	char *text;

	if (fstat(CONFIG_FD, &st) || st.st_size > CONFIG_MOST)
		return NULL;
	text = calloc(1, (size_t)st.st_size + 1);
	if (!text || pread(CONFIG_FD, text, (size_t)st.st_size, 0) != st.st_size)
		return NULL;
	config = json_tokener_parse(text);
	free(text);
	close(CONFIG_FD);
	return config;
}

static int answer(const struct error *err)
{
	char text[sizeof(err->message) + 16];
	int n = err ? snprintf(text, sizeof(text), "%d %s", err->code, err->message) : snprintf(text, sizeof(text), "ok");
	ssize_t written = write(ANSWER_FD, text, (size_t)n);

	close(ANSWER_FD);
	return written == n ? 0 : -1;
}

static const struct driver *find_driver(const char *name)
{
	const struct driver *const *d = drivers;

	while (*d && strcmp((*d)->name, name) != 0)
		d++;
	return *d;
}

static int begin(struct forwarder *f, bool again, struct error *err)
{
	struct json_object *config = read_config();
	bool drops = config_bool(config, "drops");
	int64_t bytes = config_int(config, "bufferBytes"), count = config_int(config, "bufferCount");

	if (again)
		json_object_object_add(config, "again", json_object_new_boolean(true));
	f->driver = find_driver(config_string(config, "driver"));
	if (!f->driver)
		return error_text(err, EINVAL, "the forwarder knows no such driver");
	queue_init(&f->queue, drops ? (size_t)bytes : BLOCKING_BYTES,
		   drops && count > 0 ? (size_t)count : drops ? SIZE_MAX : BLOCKING_COUNT, drops);
	f->state = f->driver->open(config, err);
	if (f->state) {
		/* A server that is not there yet. */
		*err = (struct error){ 0 };
		return 0;
	}
	return *err->message ? -1 : error_text(err, ENOMEM, "no memory");
}

/*
 * From here on there is only output of containers and the words of servers to deal with. What is kept is for new connections to a unix
 * socket that belongs to somebody else.
 */
static int confine(struct error *err)
{
	uint64_t kept = geteuid() == 0 ? UINT64_C(1) << CAP_DAC_OVERRIDE : 0;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || capability_set(kept, kept, 0))
		return error_set(err, errno, "give up privileges");
	return 0;
}

static void *send_lines(void *arg)
{
	struct forwarder *f = arg;
	const struct driver *d = f->driver;
	bool over = false;

	while (!over) {
		struct item *item = queue_take(&f->queue, d->wait_ms ? d->wait_ms(f->state) : -1, &over);

		for (struct item *next; item; item = next) {
			next = item->next;
			d->send(f->state, &(struct line){ item->head, item->text });
			f->queue.done++;
			free(item);
		}
		if (d->flush)
			d->flush(f->state);
		if (d->tick && !over)
			d->tick(f->state);
	}
	d->close(f->state);
	queue_finish(&f->queue);
	return NULL;
}

static bool shim_has_gone(void)
{
	struct pollfd p = { .fd = LINES_FD, .events = POLLRDHUP };

	return poll(&p, 1, 0) > 0 && (p.revents & (POLLRDHUP | POLLHUP));
}

static void take(void *owner, const struct log_record *head, const char *text)
{
	struct forwarder *f = owner;

	/* As long as the container runs a server may take its time. */
	while (!f->queue.drops && !queue_await_room(&f->queue, head->length, END_SECONDS * 1000))
		if (shim_has_gone())
			_exit(0);
	queue_put(&f->queue, head, text);
}

static void receive_lines(struct forwarder *f)
{
	static struct records records;

	for (;;) {
		size_t room;
		char *to = records_room(&records, &room);
		ssize_t n = read(LINES_FD, to, room);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0 || records_added(&records, (size_t)n, take, f))
			return;
	}
}

static int daemonise(const char *cgroups)
{
	pid_t pid = fork();

	if (pid != 0)
		_exit(pid < 0);
	signal(SIGPIPE, SIG_IGN);
	(void)setsid();
	if (detach_streams())
		return -1;
	/* Nor is anything else that the starter left open. */
	(void)close_range(ANSWER_FD + 1, ~0U, 0);
	if (chdir("/"))
		return -1;
	(void)detach_cgroups(cgroups);
	(void)prctl(PR_SET_NAME, "berth-forwarder");
	return fcntl(LIFE_FD, F_SETFD, FD_CLOEXEC) | fcntl(LINES_FD, F_SETFD, FD_CLOEXEC) | fcntl(ANSWER_FD, F_SETFD, FD_CLOEXEC);
}

int main(int argc, char **argv)
{
	struct forwarder f = { 0 };
	struct error err = { 0 };
	pthread_t sender;

	if (argc < 2 || argc > 3 || daemonise(argv[1]))
		return 2;
	if (begin(&f, argc == 3, &err) == 0 && confine(&err) == 0 && pthread_create(&sender, NULL, send_lines, &f))
		error_text(&err, EAGAIN, "no thread can be started");
	/* Nobody hears it: the start was given up meanwhile. */
	if (answer(*err.message ? &err : NULL) || *err.message)
		_exit(1);
	receive_lines(&f);
	queue_close(&f.queue);
	queue_await(&f.queue, END_SECONDS);
	_exit(0);
}
