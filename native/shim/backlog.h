/*
 * What a client has not read yet: up to 1 MiB in memory, then an unlinked file, in order. The owner stops
 * adding at BACKLOG_FULL. Source: native/PROTOCOL.md section 2 ("A client that does not read ...").
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>
#include <sys/uio.h>

#include "buf.h"

enum { BACKLOG_MEMORY = 1 << 20, BACKLOG_FULL = 1 << 30 };

struct backlog {
	struct buf memory; /* older than what is in the file */
	int file;          /* -1 while none */
	off_t file_read, file_end;
};

#define BACKLOG_EMPTY ((struct backlog){ .file = -1 })

/* Bytes that wait. */
static inline size_t backlog_size(const struct backlog *b)
{
	return b->memory.len + (size_t)(b->file_end - b->file_read);
}

static inline bool backlog_is_empty(const struct backlog *b)
{
	return backlog_size(b) == 0;
}

/*
 * Appends the parts. directory: where the file is made when one is needed. Returns 0, or -1 with errno; part
 * of the bytes may have been taken then, so that the client must go.
 */
int backlog_add(struct backlog *b, const struct iovec *parts, int count, const char *directory);

/*
 * Sends as much as the socket takes without blocking. Returns 1 when empty, 0 when more waits, -1 with errno
 * when the client is gone.
 */
int backlog_send(struct backlog *b, int socket);

/* Throws everything away and closes the file. */
void backlog_free(struct backlog *b);
