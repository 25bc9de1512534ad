/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BERTH_ARCHIVE_BODY_H
#define BERTH_ARCHIVE_BODY_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "error.h"

/* How the end of a request's body is told. */
enum framing {
	FRAMING_NONE,	 /* by the end of the stream */
	FRAMING_LENGTH,	 /* Content-Length */
	FRAMING_CHUNKED, /* Transfer-Encoding: chunked, RFC 9112 section 7.1 */
};

/*
 * A request's body on the client's own connection. What the daemon had read of it before it came here goes first. A client that sends
 * nothing for `stall_ms` is given up (ETIMEDOUT).
 */
struct body {
	int fd;
	enum framing framing;
	int stall_ms;
	/* Bytes left of the body, or of the chunk at hand. */
	uint64_t left;
	/* Where in the chunks we are. */
	enum { BODY_SIZE, BODY_DATA, BODY_DATA_END, BODY_TRAILER, BODY_DONE } state;
	/* Bytes read and not used yet: first those that came along. */
	const unsigned char *ready;
	size_t ready_size;
	unsigned char ahead[512];
};

/* `length` counts for FRAMING_LENGTH. The first bytes stay the caller's, and must last. */
void body_init(struct body *b, int fd, enum framing framing, uint64_t length, int stall_ms, const void *first, size_t size);

/* Reads up to `size` bytes of the body. Returns their number, 0 at its end, or -1 with err set ("unexpected EOF"). */
ssize_t body_read(struct body *b, void *data, size_t size, struct error *err);

/* Reads the rest of the body and forgets it. */
int body_drain(struct body *b, struct error *err);

#endif
