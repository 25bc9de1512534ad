/* A connection to a log server: datagrams or a stream, plain or TLS. Errors are in the words of Go's net package. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "error.h"

struct ssl_st;
struct ssl_ctx_st;

/* Empty strings: not given. */
struct wire_tls {
	const char *ca, *cert, *key; /* paths of PEM files; the system's authorities always count, too */
	bool skip_verify;
};

struct wire {
	int fd; /* -1: not connected */
	struct ssl_st *ssl;
};

enum { WIRE_CONNECT_MS = 30000 };

/* The settings of TLS, read once. NULL with err set; *what is which of the files it was: "ca" or "pair". */
struct ssl_ctx_st *wire_tls_settings(const struct wire_tls *tls, const char **what, struct error *err);

/*
 * Connects. network: tcp, udp, tls (then with `settings`), unix, unixgram. address: "host:port" or a path. Returns 0, or -1 with err set.
 */
int wire_dial(struct wire *w, const char *network, const char *address, struct ssl_ctx_st *settings, struct error *err);

/* Writes may take this long; 0: for ever. */
void wire_write_timeout(struct wire *w, long long ms);

/* Sends all of it: of a datagram socket as one. Returns 0, or -1 with errno; the connection is to be closed then. */
int wire_send(struct wire *w, const void *bytes, size_t n);

/* The same of a stream, telling how much has gone: n, or less with errno. */
size_t wire_stream(struct wire *w, const void *bytes, size_t n);

/* Receives at most n bytes. Returns how many, 0 at the end, -1 with errno. */
long wire_receive(struct wire *w, void *bytes, size_t n);

/* Whether the other side has closed a stream: what is written to it would be lost. To be asked before each message. */
bool wire_is_over(struct wire *w);

void wire_close(struct wire *w);
