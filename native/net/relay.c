/*
 * berth-relay: carries what arrives on a container's published ports over IPv6 to the container's IPv4 address, which no
 * redirection of the kernel can. One small process for each container that has such ports.
 *
 *   berth-relay <cgroup,cgroup> tcp:172.17.0.2:80 udp:172.17.0.2:53 ...
 *
 * The first argument lists cgroup directories to move to ("" for none). Descriptor 3 is a pipe that ends when the container has gone; descriptors 4 and up are the bound sockets, one for each target.
 * It forks, and the parent ends at once. Data is spliced; nothing is copied. A connection lives until both directions have
 * ended; a UDP flow for 90 seconds after its last datagram.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "../lib/detach.h"

#define LIFE_FD 3
#define FIRST_FD 4
#define FIRST_TARGET 2
#define PORTS_MOST 250
#define CONNECTIONS_MOST 4096
#define FLOWS_MOST 1024
#define FLOW_SECONDS 90
#define DATAGRAM_BYTES 65536
#define PIPE_BYTES 65536

enum kind { LIFE, LISTENER, DATAGRAMS, HALF, FLOW };

/* What epoll hands back; the first member of each. */
struct source {
	enum kind kind;
	int fd;
};

struct port {
	struct source source;
	struct sockaddr_in target;
};

/* One side of a connection, and the bytes on their way from it to the other. */
struct half {
	struct source source;
	struct connection *of;
	int pipe[2];
	size_t in_pipe;
	bool ended; /* nothing more comes from here */
	bool shut; /* and the other side knows */
};

struct connection {
	struct half half[2]; /* client, container */
	bool dead;
	struct connection *next_dead;
};

struct flow {
	struct source source; /* the socket to the container */
	struct port *port;
	struct sockaddr_in6 client;
	time_t last;
};

struct relay {
	int epoll;
	struct port ports[PORTS_MOST];
	unsigned port_count;
	unsigned connections;
	struct connection *dead; /* freed when no event of this round can name them */
	struct flow *flows[FLOWS_MOST];
	char datagram[DATAGRAM_BYTES];
};

static time_t now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec;
}

static int watch(struct relay *r, struct source *source, uint32_t events)
{
	struct epoll_event event = { .events = events, .data.ptr = source };

	return epoll_ctl(r->epoll, EPOLL_CTL_ADD, source->fd, &event);
}

static void connection_end(struct relay *r, struct connection *c)
{
	if (c->dead)
		return;
	for (int i = 0; i < 2; i++) {
		if (c->half[i].source.fd >= 0)
			close(c->half[i].source.fd);
		for (int j = 0; j < 2; j++)
			if (c->half[i].pipe[j] >= 0)
				close(c->half[i].pipe[j]);
	}
	c->dead = true;
	c->next_dead = r->dead;
	r->dead = c;
	r->connections--;
}

/* Moves what can be moved from one side to the other. Returns -1 when the connection is broken. */
static int carry(struct half *from, struct half *to)
{
	for (;;) {
		bool moved = false;
		ssize_t n;

		if (!from->ended && from->in_pipe < PIPE_BYTES) {
			n = splice(from->source.fd, NULL, from->pipe[1], NULL, PIPE_BYTES - from->in_pipe,
				   SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
			if (n < 0 && errno != EAGAIN && errno != EINTR && errno != ENOTCONN)
				return -1;
			if (n == 0)
				from->ended = true;
			if (n > 0) {
				from->in_pipe += (size_t)n;
				moved = true;
			}
		}
		if (from->in_pipe > 0) {
			n = splice(from->pipe[0], NULL, to->source.fd, NULL, from->in_pipe, SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
			if (n < 0 && errno != EAGAIN && errno != EINTR && errno != ENOTCONN)
				return -1;
			if (n > 0) {
				from->in_pipe -= (size_t)n;
				moved = true;
			}
		}
		if (from->ended && from->in_pipe == 0 && !from->shut) {
			from->shut = true;
			(void)shutdown(to->source.fd, SHUT_WR);
		}
		if (!moved)
			return 0;
	}
}

static void half_event(struct relay *r, struct half *half, uint32_t events)
{
	struct connection *c = half->of;

	if (c->dead)
		return;
	if ((events & EPOLLERR) || carry(&c->half[0], &c->half[1]) || carry(&c->half[1], &c->half[0]) ||
	    (c->half[0].shut && c->half[1].shut))
		connection_end(r, c);
}

static void accept_one(struct relay *r, struct port *port, int client)
{
	struct connection *c = calloc(1, sizeof(*c));
	int server = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	bool ready;

	if (!c || server < 0) {
		free(c);
		close(client);
		if (server >= 0)
			close(server);
		return;
	}
	for (int i = 0; i < 2; i++)
		c->half[i] = (struct half){ .source = { HALF, i ? server : client }, .of = c, .pipe = { -1, -1 } };
	r->connections++;
	ready = pipe2(c->half[0].pipe, O_CLOEXEC | O_NONBLOCK) == 0 && pipe2(c->half[1].pipe, O_CLOEXEC | O_NONBLOCK) == 0;
	if (!ready || (connect(server, (struct sockaddr *)&port->target, sizeof(port->target)) && errno != EINPROGRESS) ||
	    watch(r, &c->half[0].source, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET) ||
	    watch(r, &c->half[1].source, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET))
		connection_end(r, c);
}

static void accept_all(struct relay *r, struct port *port)
{
	/* Level-triggered: what is left in the queue is seen again once connections have ended. */
	while (r->connections < CONNECTIONS_MOST) {
		int client = accept4(port->source.fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (client < 0)
			return;
		accept_one(r, port, client);
	}
	/* Full: the newest are refused rather than spinning on a queue that may not be emptied. */
	for (int client; (client = accept4(port->source.fd, NULL, NULL, SOCK_CLOEXEC)) >= 0;)
		close(client);
}

static void flow_end(struct relay *r, unsigned at)
{
	close(r->flows[at]->source.fd);
	free(r->flows[at]);
	r->flows[at] = NULL;
}

static struct flow *flow_new(struct relay *r, struct port *port, const struct sockaddr_in6 *client)
{
	struct flow *flow = NULL;
	unsigned at = 0;

	while (at < FLOWS_MOST && r->flows[at])
		at++;
	if (at == FLOWS_MOST || !(flow = calloc(1, sizeof(*flow))))
		return NULL;
	*flow = (struct flow){ .source = { FLOW, socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0) },
			       .port = port,
			       .client = *client };
	if (flow->source.fd < 0) {
		free(flow);
		return NULL;
	}
	r->flows[at] = flow;
	if (connect(flow->source.fd, (struct sockaddr *)&port->target, sizeof(port->target)) ||
	    watch(r, &flow->source, EPOLLIN)) {
		flow_end(r, at);
		return NULL;
	}
	return flow;
}

static struct flow *flow_find(struct relay *r, struct port *port, const struct sockaddr_in6 *client)
{
	for (unsigned i = 0; i < FLOWS_MOST; i++) {
		struct flow *f = r->flows[i];

		if (f && f->port == port && f->client.sin6_port == client->sin6_port &&
		    memcmp(&f->client.sin6_addr, &client->sin6_addr, sizeof(client->sin6_addr)) == 0)
			return f;
	}
	return flow_new(r, port, client);
}

static void datagrams_in(struct relay *r, struct port *port)
{
	struct sockaddr_in6 client;
	socklen_t size = sizeof(client);
	ssize_t n;

	while ((n = recvfrom(port->source.fd, r->datagram, sizeof(r->datagram), 0, (struct sockaddr *)&client, &size)) >= 0) {
		struct flow *flow = flow_find(r, port, &client);

		size = sizeof(client);
		if (!flow)
			continue;
		flow->last = now_s();
		(void)send(flow->source.fd, r->datagram, (size_t)n, MSG_NOSIGNAL);
	}
}

static void datagrams_out(struct relay *r, struct flow *flow)
{
	ssize_t n;

	while ((n = recv(flow->source.fd, r->datagram, sizeof(r->datagram), 0)) >= 0) {
		flow->last = now_s();
		(void)sendto(flow->port->source.fd, r->datagram, (size_t)n, MSG_NOSIGNAL, (struct sockaddr *)&flow->client,
			     sizeof(flow->client));
	}
}

/* Returns the milliseconds until the next flow is old, -1 when there is none. */
static int expire_flows(struct relay *r)
{
	time_t now = now_s(), soonest = -1;

	for (unsigned i = 0; i < FLOWS_MOST; i++) {
		time_t left;

		if (!r->flows[i])
			continue;
		left = r->flows[i]->last + FLOW_SECONDS - now;
		if (left <= 0)
			flow_end(r, i);
		else if (soonest < 0 || left < soonest)
			soonest = left;
	}
	return soonest < 0 ? -1 : (int)soonest * 1000;
}

static void dispatch(struct relay *r, struct source *source, uint32_t events)
{
	switch (source->kind) {
	case LIFE:
		_exit(0);
	case LISTENER:
		accept_all(r, (struct port *)source);
		break;
	case DATAGRAMS:
		datagrams_in(r, (struct port *)source);
		break;
	case HALF:
		half_event(r, (struct half *)source, events);
		break;
	case FLOW:
		datagrams_out(r, (struct flow *)source);
		break;
	}
}

static int serve(struct relay *r)
{
	struct epoll_event events[64];

	for (;;) {
		int n = epoll_wait(r->epoll, events, 64, expire_flows(r));

		if (n < 0 && errno != EINTR)
			return 1;
		for (int i = 0; i < n; i++)
			dispatch(r, events[i].data.ptr, events[i].events);
		while (r->dead) {
			struct connection *next = r->dead->next_dead;

			free(r->dead);
			r->dead = next;
		}
	}
}

/* "tcp:address:port" */
static int parse(const char *text, struct port *port, int fd)
{
	char address[INET_ADDRSTRLEN];
	unsigned number;
	bool udp = strncmp(text, "udp:", 4) == 0;

	if ((!udp && strncmp(text, "tcp:", 4) != 0) || sscanf(text + 4, "%15[0-9.]:%u", address, &number) != 2 ||
	    number == 0 || number > 65535)
		return -1;
	port->source = (struct source){ udp ? DATAGRAMS : LISTENER, fd };
	port->target = (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons((uint16_t)number) };
	return inet_pton(AF_INET, address, &port->target.sin_addr) == 1 ? 0 : -1;
}

int main(int argc, char **argv)
{
	static struct relay r;
	static struct source life = { LIFE, LIFE_FD };
	pid_t child;

	if (argc < 3 || argc - FIRST_TARGET > PORTS_MOST || (r.epoll = epoll_create1(EPOLL_CLOEXEC)) < 0 || watch(&r, &life, 0))
		return 2;
	for (; r.port_count < (unsigned)argc - FIRST_TARGET; r.port_count++) {
		struct port *port = &r.ports[r.port_count];

		if (parse(argv[r.port_count + FIRST_TARGET], port, FIRST_FD + (int)r.port_count) || watch(&r, &port->source, EPOLLIN))
			return 2;
	}
	child = fork();
	if (child != 0)
		return child < 0;
	if (chdir("/") || detach_streams())
		return 1;
	(void)prctl(PR_SET_NAME, "berth-relay");
	(void)detach_cgroups(argv[1]);
	return serve(&r);
}
