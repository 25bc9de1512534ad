/*
 * The standard streams of one process of the container: its pipes or terminal on one side; the log and the
 * attached clients on the other. Output is always read at once; a client that does not keep up has a backlog
 * of its own.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"
#include "log-file.h"
#include "loop.h"
#include "scratch.h"

struct client;
struct io;
struct probe;

/* The shim's ends of the streams; -1 for one that does not exist. A terminal is in `out` (and `in` a
 * duplicate of it). */
struct io_fds {
	int in, out, err;
};

/* Closes those that exist and makes them -1. */
void io_fds_close(struct io_fds *fds);

struct io_events {
	/* Both output streams have ended and are in the log. Called once, from the loop or from io_kill. */
	void (*ended)(struct io *io);
	/* After io_finish, every client has got everything or has gone. io may be freed by loop_free. */
	void (*closed)(struct io *io);
	/* A client was detached, by its keys or by the end of its input. */
	void (*detached)(struct io *io, bool by_keys);
};

struct io_stream {
	struct source source;
	struct io *io;
	int index;        /* 0 stdout, 1 stderr */
	uint64_t read_at; /* monotonic ns of the last read */
};

struct io {
	struct loop *loop;
	struct scratch *scratch;
	struct log *log; /* NULL: not logged */
	struct probe *probe; /* takes the output of a check of the health; NULL for any other */
	const char *spill_directory;
	const struct io_events *events;
	void *owner;
	bool tty;
	bool has_stdin;  /* clients' input is wanted */
	bool stdin_once; /* the end of a client's input ends the process's */
	bool is_exec;
	struct io_stream out[2];
	int open_streams;
	struct source in;
	bool opened, in_open, in_closing;
	struct client *clients;
	struct timer drain;
	uint64_t drain_until;  /* monotonic ns: when open streams are given up */
	uint64_t drain_sent;   /* what the forwarder had taken when it was looked at */
	struct timer hold;
	bool held;
	bool answered; /* input came since the last output */
	bool ended, finishing, closed;
};

/*
 * Takes over the descriptors and begins to read. The fields of io above `out` were set by the caller, the
 * others were zero; clients may have come before, their input has been kept. Returns 0, or -1 with errno and
 * the descriptors closed.
 */
int io_open(struct io *io, struct io_fds *fds);

/* Makes a close-on-exec pipe for output, longer than the usual 64 KiB so that small writes gather. Returns 0,
 * or -1 with errno. */
int io_output_pipe(int pair[2]);

/*
 * Gives pipes to who owns the container's streams, so that its root, who is another outside, may open them again and give them to
 * its users. Ends of -1 are passed over.
 */
void io_own_pipes(const int ends[3], uid_t owner, gid_t group);

/* Sets the terminal's size. Returns 0, or -1 with errno (ENOTTY: no terminal). */
int io_resize(struct io *io, uint16_t height, uint16_t width);

/* Writes a client's input. Returns how much was taken; less than n means: stop, client_input_more is called
 * later. */
size_t io_input(struct io *io, const char *bytes, size_t n);

/* Closes the process's stdin once what clients have sent before is written. */
void io_close_stdin(struct io *io);

/* The process has ended: streams that others hold open are given up after drain_ns. */
void io_process_ended(struct io *io, uint64_t drain_ns);

/* Closes the streams now; `ended` follows before it returns if it has not been called yet. */
void io_kill(struct io *io);

/* After `ended`: ends every client once it has everything; `closed` follows, perhaps before this returns. */
void io_finish(struct io *io);

/* Writes text to every client as if the process had written it. */
void io_tell(struct io *io, const char *text);

/* Whether a client is attached. */
bool io_has_clients(const struct io *io);

/*
 * Output waits for a client: none is read until io_release finds that none is waited for.
 */
void io_hold(struct io *io);

/* Some client's backlog has become shorter, or time has passed. */
void io_release(struct io *io);

/* Called by a client that takes itself out of the list. */
void io_client_gone(struct io *io, struct client *client);
