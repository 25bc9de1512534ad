/* SPDX-License-Identifier: Apache-2.0 */
#include "decompress.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <isa-l/igzip_lib.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

#define INPUT_SIZE STREAM_CHUNK_SIZE

/* Frames that ask for a larger window than this are refused; what images are made with stays below. */
#define ZSTD_WINDOW_LOG_MAX 27

/* The compressed side: a buffer that is refilled when all of it is used up. */
struct input {
	decompress_source *source;
	void *context;
	size_t pos, len;
	unsigned char *data;
};

/* Reads more when nothing is left. Returns 1, 0 at the end of the blob, -1 with err set. */
static int input_fill(struct input *in, struct error *err)
{
	if (in->pos < in->len)
		return 1;
	in->pos = in->len = 0;
	ssize_t n = in->source(in->context, in->data, INPUT_SIZE, err);
	in->len = n > 0 ? (size_t)n : 0;
	return n > 0 ? 1 : (int)n;
}

static int truncated(struct error *err)
{
	return error_set(err, 0, "unexpected EOF");
}

static int copy_plain(struct input *in, struct stream *out, struct error *err)
{
	size_t room;
	void *to = stream_reserve(out, &room);

	if (!to)
		return 0;
	memcpy(to, in->data, in->len);
	stream_commit(out, in->len);
	while ((to = stream_reserve(out, &room))) {
		size_t len = 0;
		ssize_t n = 1;
		/* Full chunks, since each is handed over by itself. */
		while (len < room && n > 0) {
			n = in->source(in->context, (char *)to + len, room - len, err);
			len += n > 0 ? (size_t)n : 0;
		}
		stream_commit(out, len);
		if (n <= 0)
			return (int)n;
	}
	return 0;
}

/* One member after the other: a gzip file is a sequence of them. */
static int inflate_gzip(struct input *in, struct stream *out, struct error *err)
{
	struct inflate_state *state = malloc(sizeof(*state));
	int status = 0, more = 1;

	if (!state)
		return error_set(err, ENOMEM, "inflate layer");
	isal_inflate_init(state);
	state->crc_flag = ISAL_GZIP;
	while (status == 0 && more > 0) {
		size_t room;
		unsigned char *to = stream_reserve(out, &room);
		if (!to)
			break;
		state->next_out = to;
		state->avail_out = (uint32_t)room;
		while (state->avail_out > 0 && status == 0) {
			more = input_fill(in, err);
			if (more < 0) {
				status = -1;
			} else if (state->block_state == ISAL_BLOCK_FINISH) {
				if (more == 0)
					break;
				isal_inflate_reset(state);
				state->crc_flag = ISAL_GZIP;
			}
			if (status < 0)
				break;
			uint32_t before = state->avail_out;
			state->next_in = in->data + in->pos;
			state->avail_in = (uint32_t)(in->len - in->pos);
			int result = isal_inflate(state);
			in->pos = in->len - state->avail_in;
			if (result == ISAL_END_INPUT || result == ISAL_OUT_OVERFLOW)
				result = ISAL_DECOMP_OK;
			if (result != ISAL_DECOMP_OK)
				status = error_set(err, 0, result == ISAL_INCORRECT_CHECKSUM ? "gzip: invalid checksum"
						  : result == ISAL_INVALID_WRAPPER ? "gzip: invalid header"
										   : "flate: corrupt input");
			else if (more == 0 && state->avail_out == before && state->block_state != ISAL_BLOCK_FINISH)
				status = truncated(err);
		}
		stream_commit(out, room - state->avail_out);
	}
	free(state);
	return status;
}

static int inflate_zstd(struct input *in, struct stream *out, struct error *err)
{
	ZSTD_DCtx *context = ZSTD_createDCtx();
	size_t hint = 0;
	int status = 0, more = 1;

	if (!context)
		return error_set(err, ENOMEM, "inflate layer");
	ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, ZSTD_WINDOW_LOG_MAX);
	while (status == 0 && more > 0) {
		ZSTD_outBuffer to = {.pos = 0};
		to.dst = stream_reserve(out, &to.size);
		if (!to.dst)
			break;
		while (to.pos < to.size) {
			more = input_fill(in, err);
			if (more < 0) {
				status = -1;
				break;
			}
			size_t written = to.pos;
			ZSTD_inBuffer from = {.src = in->data, .size = in->len, .pos = in->pos};
			/* At the end of a frame with nothing to read another call would begin a new frame. */
			if (more == 0 && hint == 0)
				break;
			hint = ZSTD_decompressStream(context, &to, &from);
			in->pos = from.pos;
			if (ZSTD_isError(hint)) {
				status = error_set(err, 0, "zstd: %s", ZSTD_getErrorName(hint));
				break;
			}
			if (more == 0 && hint > 0 && to.pos == written) {
				status = truncated(err);
				break;
			}
		}
		stream_commit(out, to.pos);
	}
	ZSTD_freeDCtx(context);
	return status;
}

static la_ssize_t filter_read(struct archive *a, void *data, const void **buffer)
{
	struct input *in = data;
	struct error err;

	int more = input_fill(in, &err);
	if (more < 0) {
		archive_set_error(a, err.code, "%s", err.message);
		return -1;
	}
	*buffer = in->data + in->pos;
	size_t n = in->len - in->pos;
	in->pos = in->len;
	return (la_ssize_t)n;
}

/* bzip2 and xz, which only old archives have: libarchive's filters in front of its format of one file. */
static int inflate_other(struct input *in, struct stream *out, struct error *err)
{
	struct archive *a = archive_read_new();
	struct archive_entry *entry;
	int status = 0;

	if (!a)
		return error_set(err, ENOMEM, "inflate layer");
	archive_read_support_filter_bzip2(a);
	archive_read_support_filter_xz(a);
	archive_read_support_format_raw(a);
	int result = archive_read_open(a, in, NULL, filter_read, NULL);
	if (result == ARCHIVE_OK)
		result = archive_read_next_header(a, &entry);
	while (result == ARCHIVE_OK) {
		size_t room;
		void *to = stream_reserve(out, &room);
		la_ssize_t n = to ? archive_read_data(a, to, room) : 0;
		if (n < 0)
			result = ARCHIVE_FATAL;
		if (n <= 0)
			break;
		stream_commit(out, (size_t)n);
	}
	if (result != ARCHIVE_OK && result != ARCHIVE_EOF)
		status = error_set(err, 0, "%s", archive_error_string(a));
	archive_read_free(a);
	return status;
}

enum format { PLAIN, GZIP, ZSTD, OTHER };

static bool starts_with(const unsigned char *head, size_t size, const char *magic, size_t len)
{
	return size >= len && memcmp(head, magic, len) == 0;
}

static enum format format_of(const unsigned char *head, size_t size)
{
	if (starts_with(head, size, "\x1f\x8b\x08", 3))
		return GZIP;
	/* A frame, or one of the sixteen kinds that are skipped. */
	if (starts_with(head, size, "\x28\xb5\x2f\xfd", 4) ||
	    (size >= 4 && (head[0] & 0xf0) == 0x50 && memcmp(head + 1, "\x2a\x4d\x18", 3) == 0))
		return ZSTD;
	if (starts_with(head, size, "BZh", 3) || starts_with(head, size, "\xfd" "7zXZ\0", 6))
		return OTHER;
	return PLAIN;
}

bool decompress_is_plain(const unsigned char *head, size_t size)
{
	return format_of(head, size) == PLAIN;
}

static int run(struct input *in, struct stream *out, struct error *err)
{
	/* A pipe may give the first bytes one at a time: the magic needs six. */
	while (in->len < DECOMPRESS_MAGIC) {
		ssize_t n = in->source(in->context, in->data + in->len, INPUT_SIZE - in->len, err);
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		in->len += (size_t)n;
	}
	switch (format_of(in->data, in->len)) {
	case GZIP:
		return inflate_gzip(in, out, err);
	case ZSTD:
		return inflate_zstd(in, out, err);
	case OTHER:
		return inflate_other(in, out, err);
	default:
		return copy_plain(in, out, err);
	}
}

ssize_t decompress_from_fd(void *context, void *data, size_t size, struct error *err)
{
	for (;;) {
		ssize_t n = read(*(const int *)context, data, size);
		if (n >= 0)
			return n;
		if (errno != EINTR)
			return error_set(err, errno, "read layer");
	}
}

void decompress(decompress_source *source, void *context, struct stream *out)
{
	struct input in = {.source = source, .context = context, .data = malloc(INPUT_SIZE)};
	struct error err;

	int status = in.data ? run(&in, out, &err) : error_set(&err, ENOMEM, "read layer");
	stream_finish(out, status < 0 ? &err : NULL);
	free(in.data);
}
