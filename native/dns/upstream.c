#include "resolver.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#define SERVER_MS 4000

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

void forward(struct resolver *r, const struct dns_query *query, struct client *client, const struct sockaddr_in *from)
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

void upstream_event(struct resolver *r, struct pending *p, uint32_t events)
{
	if (p->dead)
		return;
	if (p->stream)
		upstream_stream(r, p, events);
	else
		upstream_datagram(r, p);
}

void tidy_pending(struct resolver *r, int64_t now)
{
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
}
