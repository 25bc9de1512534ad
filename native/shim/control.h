/*
 * The control socket: connections of root that send requests as lines and get answers and events. A
 * connection that sends what is no request is told so and dropped. Source: native/PROTOCOL.md section 2.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"
#include "line.h"
#include "loop.h"

enum { CONTROL_FDS = 4, CONTROL_OUT_MAX = 1 << 20, CONTROL_CONNECTIONS = 256 };

struct connection;
struct control;

/* Where an answer goes that is not ready yet; stays valid when the connection has gone (the answer is then
 * dropped). */
struct reply {
	struct control *control;
	uint64_t connection; /* number of the connection */
	uint64_t seq;
};

struct request {
	struct line line;
	struct reply reply;
	struct connection *connection;
	int fds[CONTROL_FDS]; /* -1 where none; what the handler keeps it replaces with -1, the rest is closed
			       */
};

/* Handles one request: answers it, now or later. The connection may be gone after any answer. */
typedef void control_handler(void *owner, struct request *request);

struct control {
	struct loop *loop;
	struct source listener;
	control_handler *handle;
	void (*idle)(void *owner); /* a connection has gone */
	void *owner;
	char *path;               /* NULL when not listening */
	unsigned long long inode; /* of the socket file */
	struct connection *connections;
	unsigned count;
	uint64_t numbers;
};

/*
 * Listens on path (mode 0600), replacing a socket file that is there. Returns 0, or -1 with errno. The path
 * may be longer than a socket address holds.
 */
int control_open(struct control *control, const char *path);

/* Stops listening and removes the socket file, unless another process has put its own in that place;
 * connections stay. */
void control_unlisten(struct control *control);

/* The same, and drops all connections. */
void control_close(struct control *control);

/* Answers `ok` alone. */
void reply_done(const struct reply *reply);

/* Answers `ok` with the formatted fields: "key=value ...". */
void reply_ok(const struct reply *reply, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Answers `err`. stage is a word, text anything. */
void reply_error(const struct reply *reply, int code, const char *stage, const char *text);

/* Makes the connection of a request receive events from now on. */
void control_subscribe(struct connection *connection);

/* Whether anybody is subscribed. */
bool control_is_watched(const struct control *control);

/* Sends an event line to every subscriber. */
void control_event(struct control *control, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Sends an event line to this connection only. */
void control_event_to(struct connection *connection, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Takes the socket of a request's connection away, for an attach without a descriptor: the answer is sent,
 * what was read beyond the request is moved to rest. Returns the socket, or -1 when the answer could not be
 * sent (the connection is gone).
 */
int control_take_socket(struct request *request, struct buf *rest);
