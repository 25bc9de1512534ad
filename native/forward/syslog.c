/*
 * syslog: one message a line, in the forms of Docker's driver. A message that cannot be sent is tried once more on a new
 * connection, and then lost. Source: RFC 3164, 5424, 5425 (length before each message, over TLS).
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "batch.h"
#include "driver.h"
#include "text.h"
#include "wire.h"

enum format { FORMAT_UNIX, FORMAT_3164, FORMAT_5424, FORMAT_5424_MICRO };

struct syslog {
	struct wire wire;
	struct ssl_ctx_st *settings;
	const char *network, *address;
	enum format format;
	int facility;
	const char *tag, *host;
	struct buf message;
	struct batch batch; /* over a stream */
	bool stream;
};

static const char *const local_paths[] = { "/dev/log", "/var/run/syslog", "/var/run/log" };

static int dial_local(struct syslog *s, struct error *err)
{
	static const char *const networks[] = { "unixgram", "unix" };

	for (unsigned n = 0; n < 2; n++)
		for (unsigned p = 0; p < 3; p++)
			if (wire_dial(&s->wire, networks[n], local_paths[p], NULL, err) == 0)
				return 0;
	return error_text(err, ECONNREFUSED, "Unix syslog delivery error");
}

static int dial(struct syslog *s, struct error *err)
{
	return *s->network ? wire_dial(&s->wire, s->network, s->address, s->settings, err) : dial_local(s, err);
}

static enum format format_of(const char *name)
{
	if (strcmp(name, "rfc3164") == 0)
		return FORMAT_3164;
	if (strcmp(name, "rfc5424") == 0)
		return FORMAT_5424;
	return strcmp(name, "rfc5424micro") == 0 ? FORMAT_5424_MICRO : FORMAT_UNIX;
}

static int read_tls(struct syslog *s, struct json_object *config, struct error *err)
{
	struct json_object *given = config_object(config, "tls");
	struct wire_tls tls = {
		.ca = config_string(given, "ca"),
		.cert = config_string(given, "cert"),
		.key = config_string(given, "key"),
		.skip_verify = config_bool(given, "skipVerify"),
	};
	const char *what = "";

	if (strcmp(s->network, "tls") != 0)
		return 0;
	s->settings = wire_tls_settings(&tls, &what, err);
	if (s->settings)
		return 0;
	if (strcmp(what, "pair") == 0)
		return error_prefix(err, "Could not load X509 key pair");
	return err->code == EINVAL ? -1 : error_prefix(err, "could not read CA certificate \"%s\"", tls.ca);
}

static void *syslog_open(struct json_object *config, struct error *err)
{
	struct syslog *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->wire.fd = -1;
	s->network = config_string(config, "network");
	s->address = config_string(config, "address");
	s->stream = strcmp(s->network, "udp") != 0 && strcmp(s->network, "unixgram") != 0;
	s->format = format_of(config_string(config, "format"));
	s->facility = (int)config_int(config, "facility");
	s->tag = config_string(config, "tag");
	s->host = config_string(config, "host");
	return read_tls(s, config, err) || (dial(s, err) && !config_bool(config, "again")) ? NULL : s;
}

static void put_head(struct syslog *s, const struct line *line)
{
	struct buf *out = &s->message;
	int priority = s->facility << 3 | (line->head.stream == 2 ? 3 : 6);
	uint64_t ns = line->head.ns;

	if (s->format == FORMAT_UNIX || s->format == FORMAT_3164) {
		buf_printf(out, "<%d>", priority);
		text_time(out, "%b %e %H:%M:%S ", ns);
		if (s->format == FORMAT_3164)
			buf_printf(out, "%s ", s->host);
		buf_printf(out, "%s[%d]: ", s->tag, getpid());
		return;
	}
	buf_printf(out, "<%d>1 ", priority);
	text_time(out, "%Y-%m-%dT%H:%M:%S", ns);
	if (s->format == FORMAT_5424_MICRO)
		buf_printf(out, ".%06u", (unsigned)(ns % 1000000000 / 1000));
	text_zone(out, ns);
	buf_printf(out, " %s %s %d %s - ", s->host, s->tag, getpid(), s->tag);
}

/* With their length before them where RFC 5425 wants it: over TLS, in the newer forms. */
static void frame(struct syslog *s)
{
	struct buf framed = { 0 };

	if (s->format < FORMAT_5424 || !s->settings)
		return;
	buf_printf(&framed, "%zu ", s->message.len);
	buf_add(&framed, buf_bytes(&s->message), s->message.len);
	buf_free(&s->message);
	s->message = framed;
}

static int dial_again(void *state)
{
	struct error err;

	return dial(state, &err);
}

static void syslog_flush(void *state)
{
	struct syslog *s = state;

	batch_flush(&s->batch, &s->wire, &(struct batch_patience){ 1, dial_again, NULL, s });
}

static void send_datagram(struct syslog *s)
{
	if (s->wire.fd >= 0 && wire_send(&s->wire, buf_bytes(&s->message), s->message.len) == 0)
		return;
	wire_close(&s->wire);
	if (dial_again(s) == 0 && wire_send(&s->wire, buf_bytes(&s->message), s->message.len))
		wire_close(&s->wire);
}

static void syslog_send(void *state, const struct line *line)
{
	struct syslog *s = state;

	if (line->head.length == 0)
		return;
	put_head(s, line);
	buf_add(&s->message, line->text, line->head.length);
	buf_add(&s->message, "\n", 1);
	frame(s);
	if (s->stream)
		buf_add(&s->batch.bytes, buf_bytes(&s->message), s->message.len);
	else
		send_datagram(s);
	buf_free(&s->message);
	if (s->stream && batch_end(&s->batch))
		syslog_flush(s);
}

static void syslog_close(void *state)
{
	struct syslog *s = state;

	wire_close(&s->wire);
}

const struct driver driver_syslog = {
	.name = "syslog", .open = syslog_open, .send = syslog_send, .flush = syslog_flush, .close = syslog_close,
};
