#include "resolver.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

struct maker {
	int netns, fd;
};

static void *make_sockets(void *arg)
{
	struct maker *m = arg;
	int32_t word = setns(m->netns, CLONE_NEWNET) ? -1 : 0, request[2];

	close(m->netns);
	(void)!write(m->fd, &word, sizeof(word));
	while (word == 0) {
		ssize_t n = read(m->fd, request, sizeof(request));
		int32_t fd;

		if (n < 0 && errno == EINTR)
			continue;
		if (n != sizeof(request))
			break;
		fd = socket(request[0], request[1] | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

		if (write(m->fd, &fd, sizeof(fd)) != sizeof(fd))
			break;
	}
	return NULL;
}

int server_socket(struct resolver *r, const struct dns_server *server, int type)
{
	int32_t request[2] = { server->address.ss_family, type }, fd = -1;

	if (!server->inside)
		return socket(server->address.ss_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (r->inside < 0 || write(r->inside, request, sizeof(request)) != sizeof(request) ||
	    read(r->inside, &fd, sizeof(fd)) != sizeof(fd))
		return -1;
	return fd;
}

int start_maker(struct resolver *r, bool may_be_inside)
{
	static struct maker maker;
	pthread_attr_t attr;
	pthread_t thread;
	int32_t word = -1;
	int pair[2];

	r->inside = -1;
	if (!may_be_inside)
		return 0;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return -1;
	maker = (struct maker){ NETNS_FD, pair[1] };
	r->inside = pair[0];
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 32768);
	if (pthread_create(&thread, &attr, make_sockets, &maker))
		return -1;
	return read(r->inside, &word, sizeof(word)) == sizeof(word) && word == 0 ? 0 : -1;
}
