/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BERTH_ARCHIVE_SEND_H
#define BERTH_ARCHIVE_SEND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"

/*
 * Bytes on their way out: to a client's socket, as they are or in HTTP's chunks, or to a file, with their digest. A socket may
 * be non-blocking (Node's are); whoever takes nothing for `stall_ms` is given up (ETIMEDOUT).
 */
struct sender;

struct sender_options {
	int fd;
	bool chunked;
	int stall_ms;
	bool digest; /* SHA-256 of all bytes; for files */
};

/* Returns NULL when out of memory. The descriptor stays the caller's. */
struct sender *sender_new(const struct sender_options *options);
void sender_free(struct sender *s);

/* What goes before the body, never in chunks. It leaves with the first bytes. */
int sender_head(struct sender *s, const char *text, size_t size, struct error *err);

/* Room for exactly `size` bytes (at most SENDER_ROOM), which the caller fills at once. Returns NULL with err set. */
#define SENDER_ROOM (256 * 1024)
void *sender_room(struct sender *s, size_t size, struct error *err);

/* Any number of bytes, and zeros. */
int sender_write(struct sender *s, const void *data, size_t size, struct error *err);
int sender_zeros(struct sender *s, uint64_t size, struct error *err);

/*
 * The first `size` bytes of a file, without a copy where the kernel can. Of a file that has become shorter meanwhile the rest
 * is zeros, since its size has been told.
 */
int sender_file(struct sender *s, int file, uint64_t size, struct error *err);

/* Sends what is left. The last chunk, which is empty, is for who knows that all is well. */
int sender_end(struct sender *s, struct error *err);

/* Whether anything has left. */
bool sender_began(const struct sender *s);

/* Bytes of the body so far, and their digest as "sha256:<hex>" (72 bytes with the NUL), after sender_end. */
uint64_t sender_bytes(const struct sender *s);
int sender_digest(struct sender *s, char *out, struct error *err);

#endif
