/* SPDX-License-Identifier: Apache-2.0 */
/* An archive on its way from the client. */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../unpack/decompress.h"
#include "../unpack/stream.h"
#include "body.h"
#include "task.h"

/* What is read of a client at once, and what is waited for. */
#define RECEIVE_SIZE (1u << 20)
#define RECEIVE_LEAST (128u * 1024)

/* Its first bytes have been looked at, and are the first to be read. */
struct upload {
	struct body body;
	struct stream *stream;
	size_t first, first_size;
	unsigned char head[DECOMPRESS_MAGIC];
	char buffer[RECEIVE_SIZE];
};

static ssize_t read_body(void *context, void *data, size_t size, struct error *err)
{
	struct upload *u = context;
	size_t left = u->first_size - u->first, n = size < left ? size : left;

	if (left == 0)
		return body_read(&u->body, data, size, err);
	memcpy(data, u->head + u->first, n);
	u->first += n;
	return (ssize_t)n;
}

static void *run_decompress(void *data)
{
	struct upload *u = data;

	decompress(read_body, u, u->stream);
	return NULL;
}

static long next_decompressed(void *context, const void **data, struct error *err)
{
	return stream_read(((struct upload *)context)->stream, STREAM_EXTRACT, data, err);
}

/*
 * In the thread that writes the files: while it writes, the client fills the socket again, so that neither waits for the other in
 * small steps.
 */
static long next_plain(void *context, const void **data, struct error *err)
{
	struct upload *u = context;
	ssize_t n = 1;
	size_t len = 0;

	/* libarchive copies what it has to put together from two pieces: heads and content come whole more often in large ones. */
	while (len < RECEIVE_LEAST && n > 0) {
		n = read_body(u, u->buffer + len, sizeof(u->buffer) - len, err);
		len += n > 0 ? (size_t)n : 0;
	}
	*data = u->buffer;
	return n < 0 ? -1 : (long)len;
}

static int base64_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Returns the bytes, to be freed; NULL without memory. */
static unsigned char *decode_base64(const char *text, size_t *size)
{
	unsigned char *out = malloc(strlen(text) / 4 * 3 + 3);
	unsigned value = 0, bits = 0;

	*size = 0;
	for (; out && base64_value(*text) >= 0; text++) {
		value = value << 6 | (unsigned)base64_value(*text);
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			out[(*size)++] = (unsigned char)(value >> bits);
		}
	}
	return out;
}

static enum framing framing_of(const struct task *t)
{
	const char *name = task_text(t, "framing");

	if (name && strcmp(name, "chunked") == 0)
		return FRAMING_CHUNKED;
	return name && strcmp(name, "length") == 0 ? FRAMING_LENGTH : FRAMING_NONE;
}

static int unpack_decompressed(struct upload *u, const struct put *put, struct error *err)
{
	const void *data;
	struct error ignored;
	pthread_t thread;

	u->stream = stream_new(1);
	if (!u->stream)
		return error_set(err, ENOMEM, "unpack");
	int code = pthread_create(&thread, NULL, run_decompress, u);
	if (code != 0)
		return error_set(err, code, "start a thread");
	if (put_archive(put, next_decompressed, u, err) < 0)
		return -1;
	while (next_decompressed(u, &data, &ignored) > 0)
		;
	pthread_join(thread, NULL);
	return 0;
}

/* After a failure the client's rest is not waited for: this process ends at once. */
int receive_archive(struct task *t, const struct put *put, struct error *err)
{
	static struct upload u;
	const char *preread = task_text(t, "preread");
	struct error ignored;
	size_t size;
	unsigned char *first = decode_base64(preread ? preread : "", &size);

	if (!first)
		return error_set(err, ENOMEM, "unpack");
	body_init(&u.body, STDIN_FILENO, framing_of(t), (uint64_t)task_number(t, "length"), t->stall_ms, first, size);
	while (u.first_size < sizeof(u.head)) {
		ssize_t n = body_read(&u.body, u.head + u.first_size, sizeof(u.head) - u.first_size, err);
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		u.first_size += (size_t)n;
	}
	int result = decompress_is_plain(u.head, u.first_size) ? put_archive(put, next_plain, &u, err)
							       : unpack_decompressed(&u, put, err);
	/* What follows the end of the archive means nothing, but the client must be able to send it. */
	if (result == 0)
		(void)body_drain(&u.body, &ignored);
	return result;
}
