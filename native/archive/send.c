/* SPDX-License-Identifier: Apache-2.0 */
#include "send.h"

#include <errno.h>
#include <openssl/evp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <unistd.h>

/* Files up to here are read into the buffer, so that a tree of small ones leaves in few writes. */
#define SMALL_FILE (32 * 1024)

/* Content of a larger one is announced in chunks of this size. */
#define FILE_CHUNK (8u << 20)

struct sender {
	struct sender_options to;
	EVP_MD_CTX *digest;
	uint64_t bytes;
	bool began;
	size_t head_size, len;
	char *head; /* what precedes the first bytes */
	char buffer[SENDER_ROOM];
};

struct sender *sender_new(const struct sender_options *options)
{
	struct sender *s = malloc(sizeof(*s));

	if (!s)
		return NULL;
	s->to = *options;
	s->digest = NULL;
	s->bytes = 0;
	s->began = false;
	s->head = NULL;
	s->head_size = s->len = 0;
	if (options->digest) {
		s->digest = EVP_MD_CTX_new();
		if (!s->digest || EVP_DigestInit_ex(s->digest, EVP_sha256(), NULL) != 1) {
			sender_free(s);
			return NULL;
		}
	}
	return s;
}

void sender_free(struct sender *s)
{
	if (!s)
		return;
	EVP_MD_CTX_free(s->digest);
	free(s->head);
	free(s);
}

static int await_room(struct sender *s, struct error *err)
{
	struct pollfd p = {.fd = s->to.fd, .events = POLLOUT};
	int n;

	do
		n = poll(&p, 1, s->to.stall_ms);
	while (n < 0 && errno == EINTR);
	if (n == 0)
		return error_set(err, ETIMEDOUT, "send to the client");
	return n < 0 ? error_set(err, errno, "poll") : 0;
}

/* All of the pieces, over short writes. */
static int write_pieces(struct sender *s, struct iovec *v, int count, struct error *err)
{
	s->began = true;
	while (count > 0) {
		ssize_t n = writev(s->to.fd, v, count);
		if (n < 0 && errno == EAGAIN) {
			if (await_room(s, err) < 0)
				return -1;
			continue;
		}
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_set(err, errno, "send to the client");
		while (count > 0 && (size_t)n >= v->iov_len) {
			n -= (ssize_t)v->iov_len;
			v++;
			count--;
		}
		if (count > 0) {
			v->iov_base = (char *)v->iov_base + n;
			v->iov_len -= (size_t)n;
		}
	}
	return 0;
}

int sender_head(struct sender *s, const char *text, size_t size, struct error *err)
{
	s->head = malloc(size);
	if (!s->head)
		return error_set(err, ENOMEM, "send to the client");
	memcpy(s->head, text, size);
	s->head_size = size;
	return 0;
}

/* Sends the buffer as one chunk, after the head if that has not left yet. `more` bytes follow in the same chunk. */
static int flush(struct sender *s, uint64_t more, struct error *err)
{
	char size[32];
	struct iovec v[4];
	int count = 0, result;

	if (s->head_size > 0)
		v[count++] = (struct iovec){s->head, s->head_size};
	if (s->len + more > 0) {
		if (s->to.chunked)
			v[count++] = (struct iovec){size, (size_t)sprintf(size, "%llx\r\n", (unsigned long long)(s->len + more))};
		v[count++] = (struct iovec){s->buffer, s->len};
		if (s->to.chunked && more == 0)
			v[count++] = (struct iovec){(void *)"\r\n", 2};
	}
	if (s->digest && EVP_DigestUpdate(s->digest, s->buffer, s->len) != 1)
		return error_set(err, 0, "the digest cannot be computed");
	result = count > 0 ? write_pieces(s, v, count, err) : 0;
	s->bytes += s->len;
	s->len = s->head_size = 0;
	return result;
}

void *sender_room(struct sender *s, size_t size, struct error *err)
{
	void *room;

	if (s->len + size > sizeof(s->buffer) && flush(s, 0, err) < 0)
		return NULL;
	room = s->buffer + s->len;
	s->len += size;
	return room;
}

int sender_write(struct sender *s, const void *data, size_t size, struct error *err)
{
	const char *from = data;

	while (size > 0) {
		size_t n = size < sizeof(s->buffer) ? size : sizeof(s->buffer);
		void *to = sender_room(s, n, err);
		if (!to)
			return -1;
		memcpy(to, from, n);
		from += n;
		size -= n;
	}
	return 0;
}

int sender_zeros(struct sender *s, uint64_t size, struct error *err)
{
	while (size > 0) {
		size_t n = size < sizeof(s->buffer) ? (size_t)size : sizeof(s->buffer);
		void *to = sender_room(s, n, err);
		if (!to)
			return -1;
		memset(to, 0, n);
		size -= n;
	}
	return 0;
}

/* Through the buffer: small files, and all of them where bytes must be seen. */
static int copy_file(struct sender *s, int file, uint64_t size, struct error *err)
{
	while (size > 0) {
		size_t want = size < sizeof(s->buffer) ? (size_t)size : sizeof(s->buffer);
		if (s->len + want > sizeof(s->buffer) && flush(s, 0, err) < 0)
			return -1;
		ssize_t n = read(file, s->buffer + s->len, want);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_set(err, errno, "read");
		if (n == 0)
			return sender_zeros(s, size, err);
		s->len += (size_t)n;
		size -= (uint64_t)n;
	}
	return 0;
}

/* Part of a file that has been announced. Returns what could not be had of it, or -1 with err set. */
static int64_t splice_file(struct sender *s, int file, uint64_t size, bool *refused, struct error *err)
{
	while (size > 0) {
		ssize_t n = sendfile(s->to.fd, file, NULL, (size_t)size);
		if (n == 0)
			break;
		if (n > 0) {
			s->bytes += (uint64_t)n;
			size -= (uint64_t)n;
			continue;
		}
		if (errno == EAGAIN) {
			if (await_room(s, err) < 0)
				return -1;
		} else if (errno == EINVAL || errno == EOPNOTSUPP) {
			*refused = true;
			break;
		} else if (errno != EINTR) {
			return error_set(err, errno, "send to the client");
		}
	}
	return (int64_t)size;
}

/* The rest of a chunk that was announced when the file turned out not to have it. */
static int fill_chunk(struct sender *s, int file, uint64_t size, bool refused, struct error *err)
{
	char block[16384];

	while (size > 0) {
		size_t want = size < sizeof(block) ? (size_t)size : sizeof(block);
		ssize_t n = refused ? read(file, block, want) : 0;
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_set(err, errno, "read");
		if (n == 0) {
			memset(block, 0, want);
			n = (ssize_t)want;
		}
		struct iovec v = {block, (size_t)n};
		if (write_pieces(s, &v, 1, err) < 0)
			return -1;
		s->bytes += (uint64_t)n;
		size -= (uint64_t)n;
	}
	return 0;
}

int sender_file(struct sender *s, int file, uint64_t size, struct error *err)
{
	if (size <= SMALL_FILE || s->digest)
		return copy_file(s, file, size, err);
	while (size > 0) {
		uint64_t part = size < FILE_CHUNK ? size : FILE_CHUNK;
		bool refused = false;
		if (flush(s, part, err) < 0)
			return -1;
		int64_t missing = splice_file(s, file, part, &refused, err);
		if (missing < 0 || fill_chunk(s, file, (uint64_t)missing, refused, err) < 0)
			return -1;
		struct iovec end = {(void *)"\r\n", 2};
		if (s->to.chunked && write_pieces(s, &end, 1, err) < 0)
			return -1;
		size -= part;
	}
	return 0;
}

int sender_end(struct sender *s, struct error *err)
{
	return flush(s, 0, err);
}

bool sender_began(const struct sender *s)
{
	return s->began;
}

uint64_t sender_bytes(const struct sender *s)
{
	return s->bytes;
}

int sender_digest(struct sender *s, char *out, struct error *err)
{
	unsigned char value[EVP_MAX_MD_SIZE];
	unsigned size = 0;

	if (EVP_DigestFinal_ex(s->digest, value, &size) != 1)
		return error_set(err, 0, "the digest cannot be computed");
	out += sprintf(out, "sha256:");
	for (unsigned i = 0; i < size; i++)
		out += sprintf(out, "%02x", value[i]);
	return 0;
}
