/*
 * fluentd: one event a line, over TCP, a unix socket or TLS. An event that cannot be sent is tried again with growing pauses,
 * maxRetries times, and the container waits for that unless `async` is set. Source: the Forward Protocol Specification v1.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "batch.h"
#include "driver.h"
#include "msgpack.h"
#include "text.h"
#include "wire.h"

/* Pauses between tries grow by half, up to this. */
enum { PAUSE_MOST_MS = 60000, PARTIAL_FIELDS = 4, OWN_FIELDS = 4, CHUNK_BYTES = 16, CHUNK_TEXT = 24 };

struct fluentd {
	struct wire wire;
	struct ssl_ctx_st *settings;
	const char *network, *address, *tag, *id, *name;
	struct json_object *extra;
	bool sub_second, ack;
	int64_t retry_wait_ms, max_retries, write_timeout_ms, reconnect_ms;
	int64_t connected_ms;
	char partial_id[2][65]; /* of each stream's line under way */
	struct batch batch;
	char chunk[CHUNK_TEXT + 1];
};

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int dial(struct fluentd *f, struct error *err)
{
	if (wire_dial(&f->wire, f->network, f->address, f->settings, err))
		return -1;
	wire_write_timeout(&f->wire, f->write_timeout_ms);
	f->connected_ms = now_ms();
	return 0;
}

static void *fluentd_open(struct json_object *config, struct error *err)
{
	struct fluentd *f = calloc(1, sizeof(*f));
	const char *what;

	if (!f)
		return NULL;
	f->wire.fd = -1;
	f->network = config_string(config, "network");
	f->address = config_string(config, "address");
	f->tag = config_string(config, "tag");
	f->id = config_string(config, "containerId");
	f->name = config_string(config, "containerName");
	f->extra = config_object(config, "extra");
	f->sub_second = config_bool(config, "subSecond");
	f->ack = config_bool(config, "ack");
	f->retry_wait_ms = config_int(config, "retryWaitMs");
	f->max_retries = config_int(config, "maxRetries");
	f->write_timeout_ms = config_int(config, "writeTimeoutMs");
	f->reconnect_ms = config_int(config, "reconnectMs");
	if (strcmp(f->network, "tls") == 0) {
		f->settings = wire_tls_settings(&(struct wire_tls){ "", "", "", false }, &what, err);
		if (!f->settings)
			return NULL;
	}
	return config_bool(config, "async") || config_bool(config, "again") || dial(f, err) == 0 ? f : NULL;
}

static void put_pair(struct buf *out, const char *key, const char *value, size_t n)
{
	msgpack_string(out, key, strlen(key));
	msgpack_string(out, value, n);
}

static void put_text(struct buf *out, const char *key, const char *value)
{
	put_pair(out, key, value, strlen(value));
}

static void put_partial(struct fluentd *f, const struct line *line)
{
	char *id = f->partial_id[line->head.stream - 1], ordinal[16];
	unsigned char bytes[32];
	struct buf hex = { 0 };

	if (line->head.ordinal == 1 || !*id) {
		text_random(bytes, sizeof(bytes));
		text_hex(&hex, bytes, sizeof(bytes));
		memcpy(id, buf_bytes(&hex), 64);
		buf_free(&hex);
	}
	snprintf(ordinal, sizeof(ordinal), "%u", line->head.ordinal);
	put_text(&f->batch.bytes, "partial_message", "true");
	put_text(&f->batch.bytes, "partial_id", id);
	put_text(&f->batch.bytes, "partial_ordinal", ordinal);
	put_text(&f->batch.bytes, "partial_last", line->head.last ? "true" : "false");
}

/* Go's base64 of the standard alphabet. */
static void make_chunk(struct fluentd *f)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned char bytes[CHUNK_BYTES + 2] = { 0 };
	char *to = f->chunk;

	text_random(bytes, CHUNK_BYTES);
	for (int i = 0; i < CHUNK_BYTES; i += 3) {
		unsigned group = (unsigned)bytes[i] << 16 | (unsigned)bytes[i + 1] << 8 | bytes[i + 2];

		for (int shift = 18; shift >= 0; shift -= 6)
			*to++ = letters[group >> shift & 63];
	}
	memcpy(f->chunk + CHUNK_TEXT - 2, "==", 3);
}

static void compose(struct fluentd *f, const struct line *line)
{
	struct buf *out = &f->batch.bytes;
	bool partial = line->head.ordinal > 0;
	uint32_t extra = f->extra ? (uint32_t)json_object_object_length(f->extra) : 0;

	msgpack_array(out, 4);
	msgpack_string(out, f->tag, strlen(f->tag));
	if (f->sub_second)
		msgpack_event_time(out, line->head.ns);
	else
		msgpack_integer(out, line->head.ns / 1000000000);
	msgpack_map(out, OWN_FIELDS + extra + (partial ? PARTIAL_FIELDS : 0));
	put_text(out, "container_id", f->id);
	put_text(out, "container_name", f->name);
	put_text(out, "source", line->head.stream == 2 ? "stderr" : "stdout");
	put_pair(out, "log", line->text, line->head.length);
	if (f->extra) {
		json_object_object_foreach(f->extra, key, value)
			put_text(out, key, json_object_get_string(value));
	}
	if (partial)
		put_partial(f, line);
	msgpack_map(out, f->ack ? 1 : 0);
	if (!f->ack)
		return;
	make_chunk(f);
	put_text(out, "chunk", f->chunk);
}

/* Waits for the server's word that it has the event. Returns 0, or -1. */
static int await_ack(struct fluentd *f)
{
	unsigned char bytes[128];
	const char *text = NULL;
	size_t n = 0;
	long length;

	while ((length = msgpack_read_ack(bytes, n, &text)) == 0) {
		long got = n < sizeof(bytes) ? wire_receive(&f->wire, bytes + n, sizeof(bytes) - n) : -1;

		if (got <= 0)
			return -1;
		n += (size_t)got;
	}
	return length == CHUNK_TEXT && memcmp(text, f->chunk, CHUNK_TEXT) == 0 ? 0 : -1;
}

static int dial_again(void *state)
{
	struct error err;

	return dial(state, &err);
}

/* Each pause is half as long again. */
static void pause_for(void *state, int64_t tried)
{
	const struct fluentd *f = state;
	int64_t ms = f->retry_wait_ms;

	while (--tried > 0 && ms < PAUSE_MOST_MS)
		ms = ms * 3 / 2;
	ms = ms < PAUSE_MOST_MS ? ms : PAUSE_MOST_MS;
	nanosleep(&(struct timespec){ .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 }, NULL);
}

static void close_old(struct fluentd *f)
{
	if (f->reconnect_ms > 0 && f->wire.fd >= 0 && now_ms() - f->connected_ms >= f->reconnect_ms)
		wire_close(&f->wire);
}

static void fluentd_flush(void *state)
{
	struct fluentd *f = state;

	close_old(f);
	batch_flush(&f->batch, &f->wire, &(struct batch_patience){ f->max_retries + 1, dial_again, pause_for, f });
}

/* One by one: what has been sent is not there before the server says so. */
static int send_acknowledged(struct fluentd *f)
{
	close_old(f);
	if (f->wire.fd >= 0 && wire_is_over(&f->wire))
		wire_close(&f->wire);
	if (f->wire.fd < 0 && dial_again(f))
		return -1;
	if (wire_send(&f->wire, buf_bytes(&f->batch.bytes), f->batch.bytes.len) == 0 && await_ack(f) == 0)
		return 0;
	wire_close(&f->wire);
	return -1;
}

static void fluentd_send(void *state, const struct line *line)
{
	struct fluentd *f = state;

	compose(f, line);
	if (!f->ack) {
		if (batch_end(&f->batch))
			fluentd_flush(f);
		return;
	}
	for (int64_t tried = 0; send_acknowledged(f) && tried < f->max_retries;)
		pause_for(f, ++tried);
	buf_free(&f->batch.bytes);
}

static void fluentd_close(void *state)
{
	struct fluentd *f = state;

	wire_close(&f->wire);
}

const struct driver driver_fluentd = {
	.name = "fluentd", .open = fluentd_open, .send = fluentd_send, .flush = fluentd_flush, .close = fluentd_close,
};
