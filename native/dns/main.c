/*
 * berth-dns: the name server at 127.0.0.11 of one container. It answers from the records the daemon writes (records.h), and
 * asks the host's or the container's own servers for everything else.
 *
 *   berth-dns <cgroup,cgroup> <directory> <container>
 *
 * Descriptor 3 becomes readable, or hangs up, when the container has gone; 4 and 5 are the container's UDP and TCP sockets; 6, when it is
 * there, is its network namespace, for servers that are asked from inside. It forks, and the parent ends at once. It needs
 * neither daemon nor executor. Before the first packet it gives up every privilege and can see nothing but the records.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "../lib/detach.h"
#include "resolver.h"

#define NOBODY 65534
#define TICK_MS 500

int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int watch(struct resolver *r, int operation, struct source *source, uint32_t events)
{
	struct epoll_event event = { .events = events, .data.ptr = source };

	return epoll_ctl(r->epoll, operation, source->fd, &event);
}

static void dispatch(struct resolver *r, struct source *source, uint32_t events)
{
	switch (source->kind) {
	case LIFE:
		_exit(0);
	case DATAGRAMS:
		datagrams(r);
		break;
	case LISTENER:
		accept_client(r);
		break;
	case CLIENT:
		client_event(r, (struct client *)source, events);
		break;
	case UPSTREAM:
		upstream_event(r, (struct pending *)source, events);
		break;
	}
}

static int serve(struct resolver *r)
{
	struct epoll_event events[64];

	for (;;) {
		int n = epoll_wait(r->epoll, events, 64, r->pending || r->clients ? TICK_MS : -1);

		if (n < 0 && errno != EINTR)
			return 1;
		for (int i = 0; i < n; i++)
			dispatch(r, events[i].data.ptr, events[i].events);
		int64_t now = now_ms();

		tidy_pending(r, now);
		tidy_clients(r, now);
	}
}

/* From here on there is nothing but the records and the sockets. */
static int shut_in(const struct resolver *r)
{
	const struct rlimit files = { PENDING_MOST + CLIENTS_MOST + 64, PENDING_MOST + CLIENTS_MOST + 64 };

	if (fchdir(r->directory) || chroot(".") || setrlimit(RLIMIT_NOFILE, &files) || setgroups(0, NULL) ||
	    setresgid(NOBODY, NOBODY, NOBODY) || setresuid(NOBODY, NOBODY, NOBODY))
		return -1;
	return 0;
}

int main(int argc, char **argv)
{
	static struct resolver r;
	static struct source life = { LIFE, LIFE_FD }, udp = { DATAGRAMS, UDP_FD }, tcp = { LISTENER, TCP_FD };
	/* Before anything else could get its number. */
	bool has_netns = fcntl(NETNS_FD, F_GETFD) >= 0;
	pid_t child;

	if (argc != 4 || (r.epoll = epoll_create1(EPOLL_CLOEXEC)) < 0 || watch(&r, EPOLL_CTL_ADD, &life, EPOLLIN) ||
	    watch(&r, EPOLL_CTL_ADD, &udp, EPOLLIN) || watch(&r, EPOLL_CTL_ADD, &tcp, EPOLLIN))
		return 2;
	r.directory = open(argv[2], O_PATH | O_DIRECTORY | O_CLOEXEC);
	r.name = argv[3];
	if (r.directory < 0)
		return 2;
	child = fork();
	if (child != 0)
		return child < 0;
	if (detach_streams() || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return 1;
	(void)prctl(PR_SET_NAME, "berth-dns");
	(void)detach_cgroups(argv[1]);
	if (start_maker(&r, has_netns) || shut_in(&r))
		return 1;
	return serve(&r);
}
