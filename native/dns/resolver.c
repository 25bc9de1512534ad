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
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "message.h"
#include "records.h"

enum { LIFE_FD = 3, UDP_FD, TCP_FD, NETNS_FD };

#define NOBODY 65534
#define PENDING_MOST 1024
#define CLIENTS_MOST 64
#define SERVER_MS 4000
#define IDLE_MS 10000
#define TICK_MS 500

enum kind { LIFE, DATAGRAMS, LISTENER, CLIENT, UPSTREAM };

/* What epoll hands back; the first member of each. */
struct source {
	enum kind kind;
	int fd;
};

/* A connection of a container's client. One question after the other. */
struct client {
	struct source source;
	struct client *next, **link;
	int64_t deadline;
	uint8_t *in; /* length and message */
	size_t in_len, in_cap;
	uint8_t *out;
	size_t out_len, out_sent;
	struct pending *waiting;
	bool dead;
};

/* A question that is being asked outside. */
struct pending {
	struct source source; /* to the server */
	struct pending *next, **link;
	struct client *client; /* NULL: it came as a datagram */
	struct sockaddr_in from;
	struct dns_query query; /* its bytes are `message` */
	uint8_t *message;
	size_t server; /* the one that is asked */
	uint16_t id; /* the client's; the servers are asked with one that nobody can guess */
	bool stream; /* over TCP */
	int64_t deadline;
	uint8_t *in; /* TCP: length and answer */
	size_t in_len, out_sent;
	bool dead;
};

struct resolver {
	int epoll, directory, inside; /* inside: our end of the socket maker, -1 without one */
	const char *name;
	struct records records;
	struct pending *pending;
	struct client *clients;
	unsigned pending_count, client_count, turn;
	uint8_t buffer[2 + DNS_MESSAGE_MOST], answer[2 + DNS_MESSAGE_MOST];
};

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int watch(struct resolver *r, int operation, struct source *source, uint32_t events)
{
	struct epoll_event event = { .events = events, .data.ptr = source };

	return epoll_ctl(r->epoll, operation, source->fd, &event);
}

/* The part of the process that lives in the container's network: it makes sockets there, for both. */
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

static int server_socket(struct resolver *r, const struct dns_server *server, int type)
{
	int32_t request[2] = { server->address.ss_family, type }, fd = -1;

	if (!server->inside)
		return socket(server->address.ss_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (r->inside < 0 || write(r->inside, request, sizeof(request)) != sizeof(request) ||
	    read(r->inside, &fd, sizeof(fd)) != sizeof(fd))
		return -1;
	return fd;
}

static void client_end(struct resolver *r, struct client *c)
{
	if (c->dead)
		return;
	c->dead = true;
	close(c->source.fd);
	r->client_count--;
	if (c->waiting)
		c->waiting->client = NULL;
}

static void client_flush(struct resolver *r, struct client *c)
{
	while (c->out_sent < c->out_len) {
		ssize_t n = send(c->source.fd, c->out + c->out_sent, c->out_len - c->out_sent, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN) {
			(void)watch(r, EPOLL_CTL_MOD, &c->source, EPOLLOUT);
			return;
		}
		if (n < 0) {
			client_end(r, c);
			return;
		}
		c->out_sent += (size_t)n;
	}
	free(c->out);
	c->out = NULL;
	c->out_len = c->out_sent = 0;
	(void)watch(r, EPOLL_CTL_MOD, &c->source, c->waiting ? 0 : EPOLLIN);
}

/* `message` has room for two bytes before it. */
static void reply(struct resolver *r, struct client *c, const struct sockaddr_in *to, uint8_t *message, size_t len)
{
	if (!c) {
		(void)sendto(UDP_FD, message, len, MSG_DONTWAIT, (const struct sockaddr *)to, sizeof(*to));
		return;
	}
	c->out = malloc(len + 2);
	if (!c->out) {
		client_end(r, c);
		return;
	}
	c->out[0] = (uint8_t)(len >> 8);
	c->out[1] = (uint8_t)len;
	memcpy(c->out + 2, message, len);
	c->out_len = len + 2;
	c->out_sent = 0;
	c->deadline = now_ms() + IDLE_MS;
	client_flush(r, c);
}

static void pending_end(struct resolver *r, struct pending *p)
{
	if (p->dead)
		return;
	p->dead = true;
	if (p->source.fd >= 0)
		close(p->source.fd);
	r->pending_count--;
	if (p->client)
		p->client->waiting = NULL;
}

static void finish(struct resolver *r, struct pending *p, uint8_t *message, size_t len)
{
	struct client *c = p->client;
	bool gone = p->stream && !c;

	pending_end(r, p);
	if (!gone && !(c && c->dead))
		reply(r, c, &p->from, message, len);
}

static void fail(struct resolver *r, struct pending *p)
{
	size_t len = dns_failure(p->message, p->query.len, DNS_SERVER_FAILURE, r->answer);

	dns_set_id(r->answer, p->id);
	finish(r, p, r->answer, len);
}

/* Sends what is left of a question over TCP. Returns -1 when the connection is broken. */
static int push(struct resolver *r, struct pending *p)
{
	uint8_t head[2] = { (uint8_t)(p->query.len >> 8), (uint8_t)p->query.len };

	while (p->out_sent < p->query.len + 2) {
		bool in_head = p->out_sent < 2;
		const uint8_t *at = in_head ? head + p->out_sent : p->message + p->out_sent - 2;
		size_t left = (in_head ? 2 : p->query.len + 2) - p->out_sent;
		ssize_t n = send(p->source.fd, at, left, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN || errno == ENOTCONN ? watch(r, EPOLL_CTL_MOD, &p->source, EPOLLOUT | EPOLLIN) : -1;
		p->out_sent += (size_t)n;
	}
	return watch(r, EPOLL_CTL_MOD, &p->source, EPOLLIN);
}

static int ask_one(struct resolver *r, struct pending *p, const struct dns_server *server)
{
	socklen_t size = server->address.ss_family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);

	p->source.fd = server_socket(r, server, p->stream ? SOCK_STREAM : SOCK_DGRAM);
	if (p->source.fd < 0)
		return -1;
	p->in_len = p->out_sent = 0;
	p->deadline = now_ms() + SERVER_MS;
	if ((connect(p->source.fd, (const struct sockaddr *)&server->address, size) && errno != EINPROGRESS) ||
	    watch(r, EPOLL_CTL_ADD, &p->source, p->stream ? EPOLLOUT : EPOLLIN))
		return -1;
	if (p->stream)
		return 0;
	return send(p->source.fd, p->message, p->query.len, MSG_NOSIGNAL) == (ssize_t)p->query.len ? 0 : -1;
}

/* Asks the next server that can be asked, from `first` on; when there is none the client hears of it. */
static void ask(struct resolver *r, struct pending *p, size_t first)
{
	if (p->source.fd >= 0)
		close(p->source.fd);
	p->source.fd = -1;
	for (p->server = first; p->server < r->records.server_count; p->server++) {
		if (ask_one(r, p, &r->records.servers[p->server]) == 0)
			return;
		if (p->source.fd >= 0)
			close(p->source.fd);
		p->source.fd = -1;
	}
	fail(r, p);
}

static void forward(struct resolver *r, const struct dns_query *query, struct client *client, const struct sockaddr_in *from)
{
	struct pending *p = r->pending_count < PENDING_MOST ? calloc(1, sizeof(*p)) : NULL;
	uint16_t id;

	if (p)
		p->message = malloc(query->len);
	if (!p || !p->message || getrandom(&id, sizeof(id), 0) != sizeof(id)) {
		if (p)
			free(p->message);
		free(p);
		reply(r, client, from, r->answer, dns_failure(query->bytes, query->len, DNS_SERVER_FAILURE, r->answer));
		return;
	}
	p->source = (struct source){ UPSTREAM, -1 };
	p->query = *query;
	memcpy(p->message, query->bytes, query->len);
	p->query.bytes = p->message;
	p->id = dns_id(query->bytes);
	dns_set_id(p->message, id);
	p->client = client;
	p->stream = client != NULL;
	if (from)
		p->from = *from;
	if (client)
		client->waiting = p;
	p->next = r->pending;
	p->link = &r->pending;
	if (p->next)
		p->next->link = &p->next;
	r->pending = p;
	r->pending_count++;
	ask(r, p, 0);
}

/* Answers from the records. Returns the answer's length, 0 when they do not know. */
static size_t answer(struct resolver *r, const struct dns_query *q, size_t size)
{
	static struct in_addr addresses[RECORDS_ANSWERS];
	char name[2 * DNS_NAME_MOST];
	struct in_addr address;
	size_t count;

	if (q->class != 1)
		return 0;
	if (q->type == DNS_PTR)
		return dns_reverse_parse(q->name, &address) || records_name(&r->records, address, name, sizeof(name)) ?
			       0 :
			       dns_answer_name(q, name, r->answer, size);
	if (q->type != DNS_A && q->type != DNS_AAAA && q->type != DNS_MX)
		return 0;
	count = records_addresses(&r->records, q->name, addresses);
	if (count == 0)
		return 0;
	/* A name that is somebody's here is not asked for outside, whatever is asked about it. */
	return dns_answer_addresses(q, addresses, q->type == DNS_A ? count : 0, count > 1 ? r->turn++ % count : 0, r->answer, size);
}

static void question(struct resolver *r, const uint8_t *bytes, size_t len, struct client *client,
		     const struct sockaddr_in *from)
{
	struct dns_query query;
	uint8_t rcode = 0;
	int bad = dns_query_parse(bytes, len, &query, &rcode);

	if (bad == -2) {
		if (client)
			client_end(r, client);
		return;
	}
	if (bad) {
		reply(r, client, from, r->answer, dns_failure(bytes, len, rcode, r->answer));
		return;
	}
	records_refresh(&r->records, r->directory, r->name);
	len = answer(r, &query, client ? DNS_MESSAGE_MOST : query.udp_size);
	if (len > 0)
		reply(r, client, from, r->answer, len);
	else if ((query.type == DNS_A || query.type == DNS_AAAA) && r->records.ndots && !strchr(query.name, '.'))
		reply(r, client, from, r->answer, dns_failure(bytes, query.len, DNS_NO_ERROR, r->answer));
	else if (!r->records.forward)
		reply(r, client, from, r->answer, dns_failure(bytes, query.len, DNS_SERVER_FAILURE, r->answer));
	else
		forward(r, &query, client, from);
}

static void datagrams(struct resolver *r)
{
	for (unsigned i = 0; i < 32; i++) {
		struct sockaddr_in from;
		socklen_t size = sizeof(from);
		ssize_t n = recvfrom(UDP_FD, r->buffer, sizeof(r->buffer), MSG_DONTWAIT, (struct sockaddr *)&from, &size);

		if (n < 0)
			return;
		question(r, r->buffer, (size_t)n, NULL, &from);
	}
}

static void accept_client(struct resolver *r)
{
	int fd = accept4(TCP_FD, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	struct client *c = fd >= 0 && r->client_count < CLIENTS_MOST ? calloc(1, sizeof(*c)) : NULL;

	if (!c) {
		if (fd >= 0)
			close(fd);
		return;
	}
	c->source = (struct source){ CLIENT, fd };
	c->deadline = now_ms() + IDLE_MS;
	c->next = r->clients;
	c->link = &r->clients;
	if (c->next)
		c->next->link = &c->next;
	r->clients = c;
	r->client_count++;
	if (watch(r, EPOLL_CTL_ADD, &c->source, EPOLLIN))
		client_end(r, c);
}

/* Room for what is known to come: first the length, then the message. */
static size_t wanted(const struct client *c)
{
	return c->in_len < 2 ? 2 : 2 + (size_t)(c->in[0] << 8 | c->in[1]);
}

static void client_read(struct resolver *r, struct client *c)
{
	while (!c->dead && !c->waiting && !c->out) {
		size_t want = wanted(c);
		ssize_t n;

		if (c->in_cap < want) {
			uint8_t *more = realloc(c->in, want);

			if (!more)
				break;
			c->in = more;
			c->in_cap = want;
		}
		if (c->in_len == want) {
			c->in_len = 0;
			memcpy(r->buffer, c->in + 2, want - 2);
			question(r, r->buffer, want - 2, c, NULL);
			if (!c->dead && c->waiting)
				(void)watch(r, EPOLL_CTL_MOD, &c->source, 0);
			continue;
		}
		n = recv(c->source.fd, c->in + c->in_len, want - c->in_len, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return;
		if (n <= 0)
			break;
		c->in_len += (size_t)n;
		c->deadline = now_ms() + IDLE_MS;
		/* A message without a byte in it is none. */
		if (c->in_len == 2 && wanted(c) == 2)
			break;
	}
	if (!c->dead && !c->waiting && !c->out)
		client_end(r, c);
}

static void client_event(struct resolver *r, struct client *c, uint32_t events)
{
	if (c->dead)
		return;
	if (events & (EPOLLERR | EPOLLHUP))
		client_end(r, c);
	else if (events & EPOLLOUT)
		client_flush(r, c);
	if (!c->dead && (events & EPOLLIN))
		client_read(r, c);
}

/* What a server said: the next one is asked when it would not, or could not. */
static void judge(struct resolver *r, struct pending *p, uint8_t *message, size_t len)
{
	uint8_t rcode = dns_rcode(message);

	if (rcode == DNS_SERVER_FAILURE || rcode == DNS_REFUSED) {
		ask(r, p, p->server + 1);
		return;
	}
	dns_set_id(message, p->id);
	finish(r, p, message, len);
}

static void upstream_datagram(struct resolver *r, struct pending *p)
{
	ssize_t n = recv(p->source.fd, r->buffer, sizeof(r->buffer), MSG_DONTWAIT);

	if (n < 0 && errno != EAGAIN && errno != EINTR)
		ask(r, p, p->server + 1);
	else if (n > 0 && dns_is_answer(&p->query, dns_id(p->message), r->buffer, (size_t)n))
		judge(r, p, r->buffer, (size_t)n);
}

static void upstream_stream(struct resolver *r, struct pending *p, uint32_t events)
{
	size_t want = p->in_len < 2 ? 2 : 2 + (size_t)(p->in[0] << 8 | p->in[1]);
	ssize_t n;

	if ((events & EPOLLOUT) && push(r, p)) {
		ask(r, p, p->server + 1);
		return;
	}
	if (!(events & (EPOLLIN | EPOLLERR | EPOLLHUP)))
		return;
	if (!p->in && !(p->in = malloc(2 + DNS_MESSAGE_MOST))) {
		fail(r, p);
		return;
	}
	n = recv(p->source.fd, p->in + p->in_len, want - p->in_len, MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		ask(r, p, p->server + 1);
		return;
	}
	p->in_len += (size_t)n;
	if (p->in_len < 2 || p->in_len < 2 + (size_t)(p->in[0] << 8 | p->in[1]))
		return;
	if (dns_is_answer(&p->query, dns_id(p->message), p->in + 2, p->in_len - 2))
		judge(r, p, p->in + 2, p->in_len - 2);
	else
		ask(r, p, p->server + 1);
}

static void upstream_event(struct resolver *r, struct pending *p, uint32_t events)
{
	if (p->dead)
		return;
	if (p->stream)
		upstream_stream(r, p, events);
	else
		upstream_datagram(r, p);
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

/* Ends what waits too long, frees what has ended. Nobody holds a pointer to it between two rounds. */
static void tidy(struct resolver *r)
{
	int64_t now = now_ms();

	for (struct pending *p = r->pending, *next; p; p = next) {
		next = p->next;
		if (!p->dead && now >= p->deadline)
			ask(r, p, p->server + 1);
		if (!p->dead)
			continue;
		*p->link = p->next;
		if (p->next)
			p->next->link = p->link;
		free(p->message);
		free(p->in);
		free(p);
	}
	for (struct client *c = r->clients, *next; c; c = next) {
		next = c->next;
		if (!c->dead && !c->waiting && now >= c->deadline)
			client_end(r, c);
		if (!c->dead)
			continue;
		*c->link = c->next;
		if (c->next)
			c->next->link = c->link;
		free(c->in);
		free(c->out);
		free(c);
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
		tidy(r);
	}
}

/* Whoever waits for the end of the daemon's output must not wait for us. */
static int leave_streams(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (int fd = 0; fd < 3; fd++)
		if (null < 0 || dup2(null, fd) < 0)
			return -1;
	return close(null);
}

/* Out of the daemon's service, whose end would be ours. What cannot be joined is stayed out of. */
static void move_to(char *directories)
{
	for (char *directory; (directory = strsep(&directories, ",")) != NULL;) {
		char path[512];
		int fd;

		if (!*directory || snprintf(path, sizeof(path), "%s/cgroup.procs", directory) >= (int)sizeof(path))
			continue;
		fd = open(path, O_WRONLY | O_CLOEXEC);
		if (fd < 0)
			continue;
		(void)!write(fd, "0", 1);
		close(fd);
	}
}

/* The thread for sockets inside, if there may be servers there. It needs the privilege that is given up next. */
static int start_maker(struct resolver *r, bool may_be_inside)
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
	if (leave_streams() || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return 1;
	(void)prctl(PR_SET_NAME, "berth-dns");
	move_to(argv[1]);
	if (start_maker(&r, has_netns) || shut_in(&r))
		return 1;
	return serve(&r);
}
