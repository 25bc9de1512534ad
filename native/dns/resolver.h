/* What the parts of the process share: sources of epoll, questions that are being answered or asked, and the one state. */
#pragma once

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "message.h"
#include "records.h"

enum { LIFE_FD = 3, UDP_FD, TCP_FD, NETNS_FD };

#define PENDING_MOST 1024
#define CLIENTS_MOST 64

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

int64_t now_ms(void);

/* epoll_ctl for one source. */
int watch(struct resolver *r, int operation, struct source *source, uint32_t events);

/* question.c: answers one, or passes it on. It came from `client`, or as a datagram `from` somewhere. */
void question(struct resolver *r, const uint8_t *bytes, size_t len, struct client *client, const struct sockaddr_in *from);

/* client.c. `message` has room for two bytes before it; `c` is NULL for a datagram to `to`. */
void reply(struct resolver *r, struct client *c, const struct sockaddr_in *to, uint8_t *message, size_t len);
void client_end(struct resolver *r, struct client *c);
void datagrams(struct resolver *r);
void accept_client(struct resolver *r);
void client_event(struct resolver *r, struct client *c, uint32_t events);
/* Ends what waits too long, frees what has ended. Nobody holds a pointer to it between two rounds. */
void tidy_clients(struct resolver *r, int64_t now);

/* upstream.c: asks the servers outside, one after the other. */
void forward(struct resolver *r, const struct dns_query *query, struct client *client, const struct sockaddr_in *from);
void upstream_event(struct resolver *r, struct pending *p, uint32_t events);
void tidy_pending(struct resolver *r, int64_t now);

/*
 * inside.c: the part of the process that lives in the container's network, a thread that makes sockets there. It is started, if
 * there may be servers there, while the process has the privilege. Returns 0, or -1.
 */
int start_maker(struct resolver *r, bool may_be_inside);
/* A socket for asking this server, from where it is to be asked. Returns -1 when there is none. */
int server_socket(struct resolver *r, const struct dns_server *server, int type);
