/*
 * gelf: one JSON message a line; over UDP compressed and cut into chunks, over TCP ended by NUL. Source: the GELF payload
 * specification 1.1.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zlib.h>

#include "batch.h"
#include "driver.h"
#include "text.h"
#include "wire.h"

enum { CHUNK_BYTES = 1420, CHUNK_HEAD = 12, CHUNK_DATA = CHUNK_BYTES - CHUNK_HEAD, CHUNKS_MAX = 128 };

struct gelf {
	struct wire wire;
	const char *network, *address, *host;
	const char *extra; /* `,"_key":"value"...` */
	int window; /* of zlib; 0: not compressed */
	int level;
	int64_t tries, delay_s;
	struct buf message; /* over UDP */
	struct batch batch; /* over TCP */
};

static void *gelf_open(struct json_object *config, struct error *err)
{
	struct gelf *g = calloc(1, sizeof(*g));
	const char *compression = config_string(config, "compression");

	if (!g)
		return NULL;
	g->network = config_string(config, "network");
	g->address = config_string(config, "address");
	g->host = config_string(config, "host");
	g->extra = config_string(config, "extra");
	g->window = strcmp(compression, "gzip") == 0 ? MAX_WBITS + 16 : strcmp(compression, "zlib") == 0 ? MAX_WBITS : 0;
	g->level = (int)config_int(config, "level");
	g->tries = config_int(config, "maxReconnect");
	g->delay_s = config_int(config, "reconnectDelay");
	if (wire_dial(&g->wire, g->network, g->address, NULL, err) == 0 || config_bool(config, "again"))
		return g;
	struct error dial = *err;
	error_text(err, dial.code, "gelf: cannot connect to GELF endpoint: %s %s", g->address, dial.message);
	return NULL;
}

/* Seconds with the milliseconds as a number has them: without zeros at its end. */
static void put_time(struct buf *out, uint64_t ns)
{
	unsigned ms = (unsigned)(ns / 1000000 % 1000);

	buf_printf(out, "%llu", (unsigned long long)(ns / 1000000000));
	if (ms % 100 == 0 && ms > 0)
		buf_printf(out, ".%u", ms / 100);
	else if (ms % 10 == 0 && ms > 0)
		buf_printf(out, ".%02u", ms / 10);
	else if (ms > 0)
		buf_printf(out, ".%03u", ms);
}

static void compose(struct gelf *g, const struct line *line, struct buf *out)
{
	buf_printf(out, "{\"version\":\"1.1\",\"host\":");
	text_json(out, g->host, strlen(g->host));
	buf_printf(out, ",\"short_message\":");
	text_json(out, line->text, line->head.length);
	buf_printf(out, ",\"timestamp\":");
	put_time(out, line->head.ns);
	buf_printf(out, ",\"level\":%d%s}", line->head.stream == 2 ? 3 : 6, g->extra);
}

static void compress_message(struct gelf *g)
{
	struct buf packed = { 0 };
	z_stream z = { 0 };

	if (!g->window || deflateInit2(&z, g->level, Z_DEFLATED, g->window, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		return;
	z.next_in = (unsigned char *)buf_bytes(&g->message);
	z.avail_in = (unsigned)g->message.len;
	size_t room = deflateBound(&z, z.avail_in);
	z.next_out = (unsigned char *)buf_reserve(&packed, room);
	z.avail_out = (unsigned)room;
	if (z.next_out && deflate(&z, Z_FINISH) == Z_STREAM_END) {
		packed.len = z.total_out;
		buf_free(&g->message);
		g->message = packed;
	} else {
		buf_free(&packed);
	}
	deflateEnd(&z);
}

static void send_chunks(struct gelf *g)
{
	struct error err;
	unsigned char chunk[CHUNK_BYTES] = { 0x1e, 0x0f };
	const char *bytes = buf_bytes(&g->message);
	size_t left = g->message.len, count = (left + CHUNK_DATA - 1) / CHUNK_DATA;

	if (g->wire.fd < 0 && wire_dial(&g->wire, g->network, g->address, NULL, &err))
		return;
	if (left <= CHUNK_BYTES) {
		(void)wire_send(&g->wire, bytes, left);
		return;
	}
	if (count > CHUNKS_MAX)
		return;
	text_random(chunk + 2, 8);
	chunk[11] = (unsigned char)count;
	for (size_t i = 0; i < count; i++) {
		size_t n = left < CHUNK_DATA ? left : CHUNK_DATA;

		chunk[10] = (unsigned char)i;
		memcpy(chunk + CHUNK_HEAD, bytes + i * CHUNK_DATA, n);
		(void)wire_send(&g->wire, chunk, CHUNK_HEAD + n);
		left -= n;
	}
}

static int dial(void *state)
{
	struct gelf *g = state;
	struct error err;

	return wire_dial(&g->wire, g->network, g->address, NULL, &err);
}

static void pause_for(void *state, int64_t tried)
{
	const struct gelf *g = state;

	nanosleep(&(struct timespec){ .tv_sec = g->delay_s }, NULL);
}

static void gelf_flush(void *state)
{
	struct gelf *g = state;

	batch_flush(&g->batch, &g->wire, &(struct batch_patience){ g->tries, dial, pause_for, g });
}

static void gelf_send(void *state, const struct line *line)
{
	struct gelf *g = state;

	if (line->head.length == 0)
		return;
	if (strcmp(g->network, "udp") == 0) {
		compose(g, line, &g->message);
		compress_message(g);
		send_chunks(g);
		buf_free(&g->message);
		return;
	}
	compose(g, line, &g->batch.bytes);
	buf_add(&g->batch.bytes, "", 1);
	if (batch_end(&g->batch))
		gelf_flush(g);
}

static void gelf_close(void *state)
{
	struct gelf *g = state;

	wire_close(&g->wire);
}

const struct driver driver_gelf = {
	.name = "gelf", .open = gelf_open, .send = gelf_send, .flush = gelf_flush, .close = gelf_close,
};
