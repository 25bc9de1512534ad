/*
 * One attached client: a socket that gets output, framed or raw, and gives input. It never blocks and never
 * makes others wait. Source of the half-close and detach rules: Docker Engine 28.5.2, asked (see README.md).
 */
#pragma once

#include <stdbool.h>

#include "backlog.h"
#include "detach.h"
#include "io.h"

/*
 * A client that reads gets the output at its pace, without a detour by the disk, if it takes a third of a
 * megabyte within the first time. One with a full backlog that takes nothing for the second is dropped.
 */
#define CLIENT_HOLD_NS 50000000ULL
#define CLIENT_STALL_NS 10000000000ULL

struct client_options {
	bool input;           /* the client's bytes go to the process */
	bool output[2];       /* stdout, stderr wanted */
	bool framed;          /* with Docker's 8-byte heads */
	struct detach detach; /* looked for on terminals only */
};

struct client {
	struct source source;
	struct io *io;
	struct client *next;
	struct client_options options;
	struct backlog backlog;
	struct buf typed;     /* input the process has not taken yet */
	uint64_t progress_at; /* monotonic ns of the last time it read something, or had nothing to read */
	uint64_t held_at;     /* monotonic ns since when output waits for it, 0: it does not */
	bool spilling;        /* too slow to be waited for; until it has caught up */
	bool input_ended;     /* the client sent all it will */
	bool finishing;       /* nothing more will be written: close when the backlog is empty */
};

/*
 * Attaches socket to io and takes it over, also on failure. preread: input that came before, consumed.
 * Returns 0, or -1 with errno (ENOTSOCK, ...).
 */
int client_open(struct io *io, int socket, const struct client_options *options, struct buf *preread);

/* Gives the client output of a stream (0 stdout, 1 stderr) if it wants that. The client may be gone
 * afterwards. */
void client_output(struct client *client, int stream, const char *bytes, size_t n);

/* The process takes input again. The client may be gone afterwards. */
void client_input_more(struct client *client);

/* Ends the client as soon as it has everything. It may be gone afterwards. */
void client_finish(struct client *client);

/* Whether output waits for it; decides anew what has changed since with the client and the time. May drop the
 * client. */
bool client_holds(struct client *client);

/* Drops the client at once. */
void client_drop(struct client *client);
