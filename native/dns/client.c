/* Those who ask: by datagrams, and on connections. */
#include "resolver.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define IDLE_MS 10000

void client_end(struct resolver *r, struct client *c)
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

void reply(struct resolver *r, struct client *c, const struct sockaddr_in *to, uint8_t *message, size_t len)
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

void datagrams(struct resolver *r)
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

void accept_client(struct resolver *r)
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

void client_event(struct resolver *r, struct client *c, uint32_t events)
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

void tidy_clients(struct resolver *r, int64_t now)
{
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
