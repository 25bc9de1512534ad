/*
 * splunk: events gathered and posted to an HTTP event collector. Posted when a batch is full or some time has passed; what
 * cannot be posted is kept until the buffer is full, then the oldest batch is lost. Source: Splunk's documentation of the
 * collector's event endpoint; sizes and times as Docker's driver has them.
 */
#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zlib.h>

#include "driver.h"
#include "text.h"
#include "wire.h"

enum format { FORMAT_INLINE, FORMAT_JSON, FORMAT_RAW, FORMAT_UNKNOWN };
enum { POST_SECONDS = 30, BODY_MOST = 1024, STATUS_MOST = 128 };

struct event {
	char *json;
	size_t length;
};

struct splunk {
	CURL *curl;
	struct curl_slist *headers, *connect_to;
	const char *url, *address;
	enum format format;
	const char *tag, *prefix, *attrs, *rest; /* rest: `,"host":..}`: what follows the time */
	bool gzip;
	int level;
	size_t batch, most;
	int64_t frequency_ms, due_ms;
	struct event *events;
	size_t count, room;
	char status[STATUS_MOST], body[BODY_MOST + 1];
	size_t body_length;
};

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static size_t take_body(char *bytes, size_t size, size_t n, void *state)
{
	struct splunk *s = state;
	size_t room = BODY_MOST - s->body_length, taken = n < room ? n : room;

	(void)size;
	memcpy(s->body + s->body_length, bytes, taken);
	s->body_length += taken;
	s->body[s->body_length] = '\0';
	return n;
}

/* Keeps "400 Bad Request" of the status line. */
static size_t take_header(char *bytes, size_t size, size_t n, void *state)
{
	struct splunk *s = state;
	const char *space = n > 5 && memcmp(bytes, "HTTP/", 5) == 0 ? memchr(bytes, ' ', n) : NULL;

	(void)size;
	if (space) {
		snprintf(s->status, sizeof(s->status), "%.*s", (int)(bytes + n - space - 1), space + 1);
		s->status[strcspn(s->status, "\r\n")] = '\0';
	}
	return n;
}

static void add_header(struct splunk *s, const char *name, const char *value)
{
	struct buf text = { 0 };

	buf_printf(&text, "%s%s", name, value);
	buf_add(&text, "", 1);
	struct curl_slist *list = curl_slist_append(s->headers, buf_bytes(&text));
	s->headers = list ? list : s->headers;
	buf_free(&text);
}

/* The server's certificate is to be another name's than the URL has. */
static void verify_as(struct splunk *s, struct json_object *config, const char *name)
{
	struct buf text = { 0 };

	buf_printf(&text, "::%s", s->address);
	buf_add(&text, "", 1);
	s->connect_to = curl_slist_append(NULL, buf_bytes(&text));
	buf_free(&text);
	buf_printf(&text, "https://%s%s", name, config_string(config, "path"));
	buf_add(&text, "", 1);
	curl_easy_setopt(s->curl, CURLOPT_URL, buf_bytes(&text));
	buf_free(&text);
	curl_easy_setopt(s->curl, CURLOPT_CONNECT_TO, s->connect_to);
	add_header(s, "Host: ", s->address);
}

static void set_up(struct splunk *s, struct json_object *config)
{
	const char *ca = config_string(config, "ca"), *name = config_string(config, "caName");
	CURL *c = s->curl;

	curl_easy_setopt(c, CURLOPT_URL, s->url);
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(c, CURLOPT_TIMEOUT, (long)POST_SECONDS);
	curl_easy_setopt(c, CURLOPT_USERAGENT, "berth");
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, s);
	curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, take_header);
	curl_easy_setopt(c, CURLOPT_HEADERDATA, s);
	curl_easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (config_bool(config, "skipVerify")) {
		curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 0L);
		curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 0L);
	}
	if (*ca)
		curl_easy_setopt(c, CURLOPT_CAINFO, ca);
	if (*name)
		verify_as(s, config, name);
}

static CURLcode perform(struct splunk *s)
{
	s->body_length = 0;
	s->body[0] = s->status[0] = '\0';
	return curl_easy_perform(s->curl);
}

/* Why there is no answer, in Go's words where they are known. */
static int unanswered(struct splunk *s, CURLcode code, struct error *err)
{
	struct wire probe;

	if (code == CURLE_PEER_FAILED_VERIFICATION)
		return error_text(err, EPROTO, "tls: failed to verify certificate: x509: certificate signed by unknown authority");
	if (code == CURLE_OPERATION_TIMEDOUT)
		return error_text(err, ETIMEDOUT, "context deadline exceeded");
	if ((code == CURLE_COULDNT_CONNECT || code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_URL_MALFORMAT) &&
	    wire_dial(&probe, "tcp", s->address, NULL, err))
		return -1;
	return error_text(err, EIO, "%s", code == CURLE_GOT_NOTHING ? "EOF" : curl_easy_strerror(code));
}

static int verify(struct splunk *s, struct error *err)
{
	CURLcode code;
	long answer = 0;

	curl_easy_setopt(s->curl, CURLOPT_HTTPGET, 1L);
	curl_easy_setopt(s->curl, CURLOPT_CUSTOMREQUEST, "OPTIONS");
	curl_easy_setopt(s->curl, CURLOPT_HTTPHEADER, s->connect_to ? s->headers : NULL);
	code = perform(s);
	curl_easy_setopt(s->curl, CURLOPT_CUSTOMREQUEST, NULL);
	if (code != CURLE_OK) {
		struct error reason = { 0 };

		unanswered(s, code, &reason);
		return error_text(err, reason.code, "Options \"%s\": %s", s->url, reason.message);
	}
	curl_easy_getinfo(s->curl, CURLINFO_RESPONSE_CODE, &answer);
	if (answer == 200)
		return 0;
	return error_text(err, EPROTO, "splunk: failed to verify connection - %s - %s", s->status, s->body);
}

static enum format format_of(const char *name)
{
	static const char *const names[] = { "inline", "json", "raw" };

	for (unsigned i = 0; i < 3; i++)
		if (strcmp(name, names[i]) == 0)
			return (enum format)i;
	return FORMAT_UNKNOWN;
}

static void put_channel(struct splunk *s)
{
	unsigned char id[16];
	struct buf hex = { 0 };
	char text[37];

	text_random(id, sizeof(id));
	id[6] = (unsigned char)((id[6] & 0x0f) | 0x40);
	id[8] = (unsigned char)((id[8] & 0x3f) | 0x80);
	text_hex(&hex, id, sizeof(id));
	const char *h = buf_bytes(&hex);
	snprintf(text, sizeof(text), "%.8s-%.4s-%.4s-%.4s-%.12s", h, h + 8, h + 12, h + 16, h + 20);
	buf_free(&hex);
	add_header(s, "X-Splunk-Request-Channel: ", text);
}

static void *splunk_open(struct json_object *config, struct error *err)
{
	struct splunk *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	curl_global_init(CURL_GLOBAL_DEFAULT);
	s->curl = curl_easy_init();
	if (!s->curl)
		return NULL;
	s->url = config_string(config, "url");
	s->address = config_string(config, "address");
	s->format = format_of(config_string(config, "format"));
	s->tag = config_string(config, "tag");
	s->prefix = config_string(config, "prefix");
	s->attrs = config_string(config, "attrs");
	s->rest = config_string(config, "rest");
	s->gzip = config_bool(config, "gzip");
	s->level = (int)config_int(config, "level");
	s->batch = (size_t)config_int(config, "batch");
	s->most = (size_t)config_int(config, "bufferMost");
	s->frequency_ms = config_int(config, "frequencyMs");
	set_up(s, config);
	if (config_bool(config, "verify") && !config_bool(config, "again") && verify(s, err))
		return NULL;
	if (s->format == FORMAT_UNKNOWN) {
		error_text(err, EINVAL, "unknown format specified %s, supported formats are inline, json and raw",
			   config_string(config, "format"));
		return NULL;
	}
	add_header(s, "Authorization: Splunk ", config_string(config, "token"));
	add_header(s, "Content-Type:", "");
	add_header(s, "Expect:", "");
	if (s->gzip)
		add_header(s, "Content-Encoding: ", "gzip");
	if (config_bool(config, "indexAck"))
		put_channel(s);
	curl_easy_setopt(s->curl, CURLOPT_HTTPHEADER, s->headers);
	return s;
}

static void put_line(struct splunk *s, struct buf *out, const struct line *line)
{
	if (s->format != FORMAT_JSON || text_compact(out, line->text, line->head.length))
		text_json(out, line->text, line->head.length);
}

static void put_event(struct splunk *s, struct buf *out, const struct line *line)
{
	struct buf raw = { 0 };

	if (s->format == FORMAT_RAW) {
		buf_add(&raw, s->prefix, strlen(s->prefix));
		buf_add(&raw, line->text, line->head.length);
		text_json(out, buf_bytes(&raw), raw.len);
		buf_free(&raw);
		return;
	}
	buf_printf(out, "{\"line\":");
	put_line(s, out, line);
	buf_printf(out, ",\"source\":\"%s\"", line->head.stream == 2 ? "stderr" : "stdout");
	if (*s->tag) {
		buf_printf(out, ",\"tag\":");
		text_json(out, s->tag, strlen(s->tag));
	}
	if (*s->attrs)
		buf_printf(out, ",\"attrs\":%s", s->attrs);
	buf_add(out, "}", 1);
}

/* What is only spaces is no raw event: collectors refuse it. */
static bool is_blank(const struct line *line)
{
	for (uint32_t i = 0; i < line->head.length; i++)
		if (!strchr(" \t\n\v\f\r", line->text[i]) || !line->text[i])
			return false;
	return true;
}

static void pack(struct splunk *s, struct buf *body)
{
	struct buf packed = { 0 };
	z_stream z = { 0 };

	if (!s->gzip || deflateInit2(&z, s->level, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		return;
	size_t room = deflateBound(&z, body->len);
	z.next_in = (unsigned char *)buf_bytes(body);
	z.avail_in = (unsigned)body->len;
	z.next_out = (unsigned char *)buf_reserve(&packed, room);
	z.avail_out = (unsigned)room;
	if (z.next_out && deflate(&z, Z_FINISH) == Z_STREAM_END)
		packed.len = z.total_out;
	deflateEnd(&z);
	buf_free(body);
	*body = packed;
}

static int post(struct splunk *s, size_t first, size_t n)
{
	struct buf body = { 0 };
	long answer = 0;
	CURLcode code;

	for (size_t i = first; i < first + n; i++)
		buf_add(&body, s->events[i].json, s->events[i].length);
	pack(s, &body);
	curl_easy_setopt(s->curl, CURLOPT_POST, 1L);
	curl_easy_setopt(s->curl, CURLOPT_POSTFIELDS, buf_bytes(&body));
	curl_easy_setopt(s->curl, CURLOPT_POSTFIELDSIZE, (long)body.len);
	code = perform(s);
	buf_free(&body);
	curl_easy_getinfo(s->curl, CURLINFO_RESPONSE_CODE, &answer);
	return code == CURLE_OK && answer == 200 ? 0 : -1;
}

static void drop(struct splunk *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(s->events[i].json);
	memmove(s->events, s->events + n, (s->count - n) * sizeof(*s->events));
	s->count -= n;
}

static void post_all(struct splunk *s)
{
	while (s->count > 0) {
		size_t n = s->count < s->batch ? s->count : s->batch;

		if (post(s, 0, n)) {
			if (s->count >= s->most)
				drop(s, n);
			break;
		}
		drop(s, n);
	}
	/* For what is kept. */
	s->due_ms = now_ms() + s->frequency_ms;
}

static void add_event(struct splunk *s, struct buf *json)
{
	if (s->count == s->room) {
		size_t room = s->room ? 2 * s->room : 64;
		struct event *events = realloc(s->events, room * sizeof(*events));

		if (!events) {
			buf_free(json);
			return;
		}
		s->events = events;
		s->room = room;
	}
	if (s->count == 0)
		s->due_ms = now_ms() + s->frequency_ms;
	char *kept = realloc(json->data, json->len);
	s->events[s->count++] = (struct event){ kept ? kept : json->data, json->len };
}

static void splunk_send(void *state, const struct line *line)
{
	struct splunk *s = state;
	struct buf json = { 0 };

	if (s->format == FORMAT_RAW && is_blank(line))
		return;
	buf_printf(&json, "{\"event\":");
	put_event(s, &json, line);
	buf_printf(&json, ",\"time\":\"%llu.%06u\"%s", (unsigned long long)(line->head.ns / 1000000000),
		   (unsigned)(line->head.ns % 1000000000 / 1000), s->rest);
	add_event(s, &json);
	if (s->count % s->batch == 0)
		post_all(s);
}

static void splunk_tick(void *state)
{
	struct splunk *s = state;

	if (s->count > 0 && now_ms() >= s->due_ms)
		post_all(s);
}

static int splunk_wait_ms(void *state)
{
	struct splunk *s = state;
	int64_t left = s->due_ms - now_ms();

	if (s->count == 0)
		return -1;
	return left > 0 ? (int)left : 0;
}

static void splunk_close(void *state)
{
	struct splunk *s = state;

	post_all(s);
	curl_easy_cleanup(s->curl);
}

const struct driver driver_splunk = {
	.name = "splunk",
	.open = splunk_open,
	.send = splunk_send,
	.tick = splunk_tick,
	.wait_ms = splunk_wait_ms,
	.close = splunk_close,
};
