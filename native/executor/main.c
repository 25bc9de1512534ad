/*
 * berth-executor: what the daemon asks to be done to the kernel, done. One process, started once, without state of its own
 * (README.md). It ends when its channel closes.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../lib/fd.h"
#include "../lib/self-exe.h"
#include "../net/pool.h"
#include "executor.h"
#include "watch.h"

#define POOL_SIZE 6
#define POOL_BARE 3
#define QUICK_THREADS 64
#define SLOW_THREADS 8
#define STREAM_THREADS 256
#define SERVER_THREADS 64

static void refuse_line(struct executor *e, int64_t id, const char *message)
{
	struct json_object *answer = json_object_new_object(), *error = json_object_new_object();

	put_string(error, "kind", "invalid-argument");
	put_string(error, "message", message);
	put_int(answer, "id", id);
	json_object_object_add(answer, "error", error);
	(void)channel_send(&e->channel, answer);
	json_object_put(answer);
}

static void cancel(struct executor *e, int64_t id)
{
	static const uint64_t one = 1;

	pthread_mutex_lock(&e->lock);
	for (struct request *r = e->active; r; r = r->next)
		if (r->id == id && write(r->cancel, &one, sizeof(one)) < 0)
			perror("berth-executor: cancel");
	pthread_mutex_unlock(&e->lock);
}

static void run_request(struct work *work)
{
	struct request *r = (struct request *)work;

	r->run(r);
}

static void begin(struct executor *e, const struct operation *op, struct request *r)
{
	r->work.run = run_request;
	r->run = op->run;
	pthread_mutex_lock(&e->lock);
	r->next = e->active;
	r->link = &e->active;
	if (r->next)
		r->next->link = &r->next;
	e->active = r;
	pthread_mutex_unlock(&e->lock);
	struct lane *const lanes[] = {
		[LANE_QUICK] = &e->quick, [LANE_SLOW] = &e->slow, [LANE_STREAMS] = &e->streams
	};
	struct lane *lane = lanes[op->lane];
	/* It waits for a log server, which may be far away, or none. */
	if (op->run == op_shim_start && field_object(field_object(r->params, "log"), "forward"))
		lane = &e->servers;
	if (lane_add(lane, &r->work))
		request_fail(r, "unavailable", EAGAIN, "no thread can be started");
}

static void receive(struct json_object *message, int fd, void *arg)
{
	struct executor *e = arg;
	const char *name = field_string(message, "op");
	int64_t id = field_int(message, "id");
	const struct operation *op = name ? operation_find(name) : NULL;
	struct request *r = op ? calloc(1, sizeof(*r)) : NULL;

	if (r) {
		*r = (struct request){ .executor = e, .params = message, .id = id, .fd = fd };
		r->cancel = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
		begin(e, op, r);
		return;
	}
	if (name && strcmp(name, "cancel") == 0)
		cancel(e, id);
	else
		refuse_line(e, id, op ? "no memory" : "no such operation");
	if (fd >= 0)
		close(fd);
	json_object_put(message);
}

void executor_event(struct executor *e, const char *name, struct json_object *fields)
{
	struct json_object *message = fields ? fields : json_object_new_object();

	put_string(message, "event", name);
	(void)channel_send(&e->channel, message);
	json_object_put(message);
}

static int serve(struct executor *e)
{
	struct error err;
	struct pollfd p[] = { { .fd = e->channel.fd, .events = POLLIN },
			      { .fd = watch_open(&err), .events = POLLIN },
			      { .fd = e->kept.timer, .events = POLLIN } };
	int state = 1;

	if (p[1].fd < 0)
		fprintf(stderr, "berth-executor: changes of the firewall are not noticed: %s\n", err.message);
	while (state > 0) {
		if (poll(p, 3, -1) < 0) {
			if (errno == EINTR)
				continue;
			return 1;
		}
		if (p[1].revents)
			watch_read(e, p[1].fd);
		if (p[2].revents)
			kept_expire(&e->kept);
		if (p[0].revents)
			state = channel_read(&e->channel, receive, e);
	}
	if (state < 0)
		fputs("berth-executor: the daemon's messages cannot be understood\n", stderr);
	return state < 0;
}

/* The path of a program beside this one. */
static char *beside(const char *name)
{
	char path[4096];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 64);
	char *slash;

	path[n > 0 ? n : 0] = '\0';
	slash = strrchr(path, '/');
	strcpy(slash ? slash + 1 : path, name);
	return strdup(path);
}

/* The build directory keeps every program in the folder of its source; an installation keeps them together. */
static const char *find_program(const char *given, const char *name, const char *in_build)
{
	char *path;

	if (given)
		return given;
	path = beside(name);
	if (path && access(path, X_OK) == 0)
		return path;
	free(path);
	return beside(in_build);
}

/*
 * The shim's file, so that no container can write to it through /proc/<pid>/exe (CVE-2019-5736): the path of a descriptor
 * that stays open.
 */
static const char *protect(const char *path)
{
	struct error err;
	char *name = NULL;
	int fd = exe_open_protected(path, &err);

	if (fd < 0 || asprintf(&name, "/proc/self/fd/%d", fd) < 0) {
		fprintf(stderr, "berth-executor: %s\n", fd < 0 ? err.message : "no memory");
		exit(1);
	}
	return name;
}

static void parse(struct executor *e, int argc, char **argv)
{
	static const struct option options[] = { { "shim", required_argument, NULL, 's' },
						 { "unpack", required_argument, NULL, 'u' },
						 { "archive", required_argument, NULL, 'a' },
						 { "nft", required_argument, NULL, 'n' },
						 { "relay", required_argument, NULL, 'y' },
						 { "dns", required_argument, NULL, 'd' },
						 { "forwarder", required_argument, NULL, 'f' },
						 { 0 } };
	struct programs *p = &e->programs;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 's')
			p->shim = optarg;
		else if (c == 'u')
			p->unpack = optarg;
		else if (c == 'a')
			p->archive = optarg;
		else if (c == 'n')
			p->nft = optarg;
		else if (c == 'y')
			p->relay = optarg;
		else if (c == 'd')
			p->dns = optarg;
		else if (c == 'f')
			p->forwarder = optarg;
		else
			exit(2);
	}
	p->shim = find_program(p->shim, "berth-shim", "../shim/berth-shim");
	p->unpack = find_program(p->unpack, "berth-unpack", "../unpack/berth-unpack");
	p->archive = find_program(p->archive, "berth-archive", "../archive/berth-archive");
	p->nft = find_program(p->nft, "berth-nft", "../net/berth-nft");
	p->relay = find_program(p->relay, "berth-relay", "../net/berth-relay");
	p->dns = find_program(p->dns, "berth-dns", "../dns/berth-dns");
	p->forwarder = find_program(p->forwarder, "berth-forwarder", "../forward/berth-forwarder");
}

int main(int argc, char **argv)
{
	static struct executor e = { .lock = PTHREAD_MUTEX_INITIALIZER,
				     .setup_done = PTHREAD_COND_INITIALIZER };
	const char *number = getenv("NODE_CHANNEL_FD");
	struct error err;
	int result;

	parse(&e, argc, argv);
	if (!number) {
		fputs("berth-executor: is started by the daemon, with a channel (NODE_CHANNEL_FD)\n", stderr);
		return 2;
	}
	/* Threads come and go; their arenas would stay. */
	mallopt(M_ARENA_MAX, 2);
	signal(SIGPIPE, SIG_IGN);
	umask(0022);
	/* Whatever we were started with besides: no shim or helper inherits it. */
	if (fd_cloexec_from(3) || channel_init(&e.channel, atoi(number))) {
		perror("berth-executor: channel");
		return 1;
	}
	unsetenv("NODE_CHANNEL_FD");
	e.programs.shim = protect(e.programs.shim);
	lane_init(&e.quick, QUICK_THREADS);
	lane_init(&e.slow, SLOW_THREADS);
	lane_init(&e.streams, STREAM_THREADS);
	lane_init(&e.servers, SERVER_THREADS);
	e.pool = pool_start(POOL_SIZE, POOL_BARE, &err);
	if (!e.pool || kept_init(&e.kept, &err)) {
		fprintf(stderr, "berth-executor: %s\n", err.message);
		return 1;
	}
	result = serve(&e);
	/* Without waiting for anybody: what is half done is undone by who sees us gone (shims) or repeated (the daemon). */
	_exit(result);
}
