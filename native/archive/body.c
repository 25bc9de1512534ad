/* SPDX-License-Identifier: Apache-2.0 */
#include "body.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

/* The longest line of a chunk's head or a trailer. */
#define LINE_MOST 4096

void body_init(struct body *b, int fd, enum framing framing, uint64_t length, int stall_ms, const void *first, size_t size)
{
	*b = (struct body){.fd = fd, .framing = framing, .stall_ms = stall_ms, .ready = first, .ready_size = size};
	b->left = framing == FRAMING_LENGTH ? length : 0;
	b->state = framing == FRAMING_CHUNKED ? BODY_SIZE : BODY_DATA;
}

static int await_bytes(struct body *b, struct error *err)
{
	struct pollfd p = {.fd = b->fd, .events = POLLIN};
	int n;

	do
		n = poll(&p, 1, b->stall_ms);
	while (n < 0 && errno == EINTR);
	if (n == 0)
		return error_set(err, ETIMEDOUT, "read from the client");
	return n < 0 ? error_set(err, errno, "poll") : 0;
}

/* Up to `size` bytes into `data`; what there is beyond them goes ahead. Returns the bytes in `data`, 0 at the end of the stream. */
static ssize_t receive(struct body *b, void *data, size_t size, struct error *err)
{
	for (;;) {
		struct iovec v[2] = {{data, size}, {b->ahead, sizeof(b->ahead)}};
		ssize_t n = readv(b->fd, v, 2);
		if (n < 0 && errno == EAGAIN) {
			if (await_bytes(b, err) < 0)
				return -1;
			continue;
		}
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_set(err, errno, "read from the client");
		if ((size_t)n <= size)
			return n;
		b->ready = b->ahead;
		b->ready_size = (size_t)n - size;
		return (ssize_t)size;
	}
}

/* Up to `size` bytes, from what is at hand or the client. */
static ssize_t take(struct body *b, void *data, size_t size, struct error *err)
{
	if (b->ready_size == 0)
		return receive(b, data, size, err);
	size_t n = size < b->ready_size ? size : b->ready_size;
	memcpy(data, b->ready, n);
	b->ready += n;
	b->ready_size -= n;
	return (ssize_t)n;
}

static int cut_off(struct error *err)
{
	return error_text(err, 0, "unexpected EOF");
}

/* Reads a line and forgets its end. Returns 0, or -1 with err set. */
static int read_line(struct body *b, char *line, struct error *err)
{
	for (size_t len = 0; len < LINE_MOST; len++) {
		ssize_t n = 1;
		if (b->ready_size == 0) {
			/* Nothing at hand: whatever there is goes ahead. */
			n = receive(b, NULL, 0, err);
			if (n == 0 && b->ready_size == 0)
				return cut_off(err);
		}
		if (n < 0)
			return -1;
		line[len] = (char)*b->ready++;
		b->ready_size--;
		if (line[len] == '\n') {
			line[len] = '\0';
			if (len > 0 && line[len - 1] == '\r')
				line[len - 1] = '\0';
			return 0;
		}
	}
	return error_text(err, EPROTO, "http: chunk line too long");
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* "<hex>[;extension]" */
static int parse_size(const char *line, uint64_t *size, struct error *err)
{
	unsigned digits = 0;

	*size = 0;
	for (; hex_digit(*line) >= 0; line++) {
		if (++digits > 15)
			return error_text(err, EPROTO, "http: chunk length too large");
		*size = *size << 4 | (uint64_t)hex_digit(*line);
	}
	line += strspn(line, " \t");
	if (digits == 0 || (*line != '\0' && *line != ';'))
		return error_text(err, EPROTO, "invalid byte in chunk length");
	return 0;
}

/* Goes to the next byte of content. Returns 1, 0 at the end of the body, -1 with err set. */
static int advance(struct body *b, struct error *err)
{
	char line[LINE_MOST];

	for (;;) {
		switch (b->state) {
		case BODY_DATA:
			if (b->framing == FRAMING_NONE || b->left > 0)
				return 1;
			b->state = b->framing == FRAMING_CHUNKED ? BODY_DATA_END : BODY_DONE;
			break;
		case BODY_DATA_END:
			if (read_line(b, line, err) < 0)
				return -1;
			if (line[0])
				return error_text(err, EPROTO, "malformed chunked encoding");
			b->state = BODY_SIZE;
			break;
		case BODY_SIZE:
			if (read_line(b, line, err) < 0 || parse_size(line, &b->left, err) < 0)
				return -1;
			b->state = b->left > 0 ? BODY_DATA : BODY_TRAILER;
			break;
		case BODY_TRAILER:
			if (read_line(b, line, err) < 0)
				return -1;
			if (!line[0])
				b->state = BODY_DONE;
			break;
		case BODY_DONE:
			return 0;
		}
	}
}

ssize_t body_read(struct body *b, void *data, size_t size, struct error *err)
{
	int more = advance(b, err);

	if (more <= 0)
		return more;
	if (b->framing != FRAMING_NONE && size > b->left)
		size = (size_t)b->left;
	ssize_t n = take(b, data, size, err);
	if (n < 0)
		return -1;
	if (n == 0 && b->framing != FRAMING_NONE)
		return cut_off(err);
	if (n == 0)
		b->state = BODY_DONE, b->framing = FRAMING_LENGTH;
	if (b->framing != FRAMING_NONE)
		b->left -= (uint64_t)n;
	return n;
}

int body_drain(struct body *b, struct error *err)
{
	static _Thread_local char waste[65536];
	ssize_t n;

	while ((n = body_read(b, waste, sizeof(waste), err)) > 0)
		;
	return (int)n;
}
