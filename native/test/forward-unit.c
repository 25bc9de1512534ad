/* Units of the forwarder: records, queue, JSON, MessagePack, and the drivers that speak to unix datagram sockets. */
#include <endian.h>
#include <errno.h>
#include <json-c/json_tokener.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "../forward/batch.h"
#include "../forward/driver.h"
#include "../forward/msgpack.h"
#include "../forward/queue.h"
#include "../forward/records.h"
#include "../forward/text.h"
#include "../forward/wire.h"
#include "tap.h"

static unsigned taken;
static char last_text[LOG_RECORD_TEXT_MAX + 1];

static void take(void *owner, const struct log_record *head, const char *text)
{
	(void)owner;
	taken++;
	memcpy(last_text, text, head->length);
	last_text[head->length] = '\0';
}

static int feed(struct records *r, const void *bytes, size_t n)
{
	const char *at = bytes;
	int result = 0;

	while (n > 0 && result == 0) {
		size_t room, part;
		char *to = records_room(r, &room);

		part = n < room ? n : room;
		memcpy(to, at, part);
		result = records_added(r, part, take, NULL);
		at += part;
		n -= part;
	}
	return result;
}

static void records_tests(void)
{
	static struct records r;
	struct log_record head = { .length = 5, .stream = 1, .last = 1 };
	char bytes[sizeof(head) + 5];

	memcpy(bytes, &head, sizeof(head));
	memcpy(bytes + sizeof(head), "hello", 5);
	for (size_t i = 0; i < sizeof(bytes); i++)
		if (feed(&r, bytes + i, 1))
			break;
	ok(taken == 1 && !strcmp(last_text, "hello"), "a record comes together byte by byte");
	for (int i = 0; i < 100000; i++)
		if (feed(&r, bytes, sizeof(bytes)))
			break;
	ok(taken == 100001, "and many after it");
	head.length = LOG_RECORD_TEXT_MAX + 1;
	ok(feed(&r, &head, sizeof(head)) < 0, "one that is too long is none");
	memset(&r, 0, sizeof(r));
	head = (struct log_record){ .stream = 3 };
	ok(feed(&r, &head, sizeof(head)) < 0, "nor is one of another stream");
}

/* Takes everything and returns how many lines that was. */
static unsigned take_all(struct queue *q)
{
	unsigned n = 0;
	bool over;

	for (struct item *item = queue_take(q, -1, &over), *next; item; item = next, n++) {
		next = item->next;
		free(item);
	}
	return n;
}

static void *take_two(void *arg)
{
	for (unsigned n = 0; n < 2;)
		n += take_all(arg);
	return NULL;
}

static void queue_tests(void)
{
	struct log_record head = { .length = 600, .stream = 1 };
	static const char text[600];
	struct queue q;
	struct item *item;
	pthread_t thread;
	bool over;

	queue_init(&q, 1000, SIZE_MAX, true);
	for (int i = 0; i < 3; i++)
		queue_put(&q, &head, text);
	ok(q.count == 1 && q.dropped == 2, "a queue that drops loses what does not fit");
	queue_close(&q);
	item = queue_take(&q, -1, &over);
	ok(item && !over && !queue_take(&q, -1, &over) && over, "and gives what it has before it is over");
	free(item);

	queue_init(&q, 100, SIZE_MAX, false);
	queue_put(&q, &head, text);
	ok(q.count == 1, "one line always fits");
	ok(!queue_await_room(&q, 600, 1), "room is waited for while lines are taken");
	ok(pthread_create(&thread, NULL, take_two, &q) == 0, "somebody takes");
	queue_put(&q, &head, text);
	pthread_join(thread, NULL);
	ok(q.taken == 2 && q.dropped == 0 && q.count == 0, "a queue that does not drop waits");
	ok(!queue_take(&q, 1, &over) && !over, "a line is waited for as long as was said");
	queue_close(&q);
	queue_await(&q, 0);
	ok(!q.finished, "who does not get on is not waited for");

	queue_init(&q, SIZE_MAX, 2, true);
	for (int i = 0; i < 3; i++)
		queue_put(&q, &head, text);
	ok(q.count == 2, "the number of lines is a bound, too");
	ok(take_all(&q) == 2, "all lines are taken at once");
}

/* A server's side that takes some and leaves, then one that takes all. */
struct servers {
	struct wire wire;
	int server;
	unsigned dialled, refused;
};

static int dial_next(void *owner)
{
	struct servers *s = owner;
	int pair[2];

	s->dialled++;
	if (s->refused > 0) {
		s->refused--;
		return -1;
	}
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		return -1;
	s->wire = (struct wire){ .fd = pair[0] };
	s->server = pair[1];
	return 0;
}

static void put_message(struct batch *b, char letter, size_t n)
{
	char text[1000];

	memset(text, letter, n);
	buf_add(&b->bytes, text, n);
	(void)batch_end(b);
}

static size_t read_there(int fd, char *text, size_t size)
{
	ssize_t n = recv(fd, text, size, MSG_DONTWAIT);

	return n > 0 ? (size_t)n : 0;
}

/* A server that leaves in the middle of a write. */
static void *leave_later(void *arg)
{
	char some[2000];

	(void)!recv(*(int *)arg, some, sizeof(some), MSG_PEEK | MSG_WAITALL);
	close(*(int *)arg);
	return NULL;
}

static void batch_tests(void)
{
	static char text[1 << 20];
	struct servers s = { .wire = { .fd = -1 } };
	struct batch_patience patience = { 2, dial_next, NULL, &s };
	struct batch b = { 0 };
	int small = 4096, left;
	unsigned last = 0;
	pthread_t leaver;
	size_t got;

	put_message(&b, 'a', 10);
	put_message(&b, 'b', 10);
	batch_flush(&b, &s.wire, &patience);
	got = read_there(s.server, text, sizeof(text));
	ok(s.dialled == 1 && got == 20 && b.count == 0 && b.bytes.len == 0, "messages go over a connection made for them");

	setsockopt(s.wire.fd, SOL_SOCKET, SO_SNDBUF, &small, sizeof(small));
	left = s.server;
	for (char c = 'a'; c <= 'z'; c++)
		put_message(&b, c, 900);
	ok(batch_end(&b), "there is enough for a write");
	b.count--;
	pthread_create(&leaver, NULL, leave_later, &left);
	batch_flush(&b, &s.wire, &patience);
	pthread_join(leaver, NULL);
	got = read_there(s.server, text, sizeof(text));
	ok(s.dialled == 2 && got > 0 && got % 900 == 0 && text[got - 1] == 'z', "what was cut off goes again as a whole");
	for (size_t i = 0; i < got; i++)
		last += text[i] != (char)('z' - (char)((got - 1 - i) / 900));
	ok(*text > 'a' && last == 0, "and nothing that had gone does");

	wire_close(&s.wire);
	close(s.server);
	s.refused = 3;
	put_message(&b, 'a', 10);
	put_message(&b, 'b', 10);
	batch_flush(&b, &s.wire, &patience);
	got = read_there(s.server, text, sizeof(text));
	ok(s.dialled == 6 && got == 10 && *text == 'b', "a message is lost after its tries, and the next has its own");
	wire_close(&s.wire);
	close(s.server);
	free(b.ends);
}

static void compact_is(const char *text, const char *expected)
{
	struct buf out = { 0 };
	int result = text_compact(&out, text, strlen(text));

	if (!expected)
		ok(result < 0 && out.len == 0, "no JSON: %.*s", (int)strcspn(text, "\n["), text);
	else
		ok(!result && out.len == strlen(expected) && !memcmp(buf_bytes(&out), expected, out.len), "JSON: %.20s", text);
	buf_free(&out);
}

static void compact_tests(void)
{
	static const char *const none[] = { "",       " ",     "{",	    "}",       "[1,]",   "{,}",	   "{\"a\"}", "{\"a\":}", "{\"a\":1,}",
					    "01",     "1.",    "-",	    "+1",      "1e",	 ".5",	   "tru",     "nulll",	  "\"a",
					    "\"\n\"", "\"\\x", "\"\\u00g0\"", "[1 2]", "{1:2}", "[1]]", "1 2",     "\"\\" };
	struct buf deep = { 0 };

	compact_is(" { \"a\" : [ 1 , -2.5e+3 , true ] , \"b<\" : \"x \\n & \\u00e9\" } ",
		   "{\"a\":[1,-2.5e+3,true],\"b\\u003c\":\"x \\n \\u0026 \\u00e9\"}");
	compact_is("0", "0");
	compact_is("\"s\"", "\"s\"");
	compact_is("null", "null");
	compact_is("[[],{}]", "[[],{}]");
	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++)
		compact_is(none[i], NULL);
	for (int i = 0; i < 10001; i++)
		buf_add(&deep, "[", 1);
	buf_add(&deep, "", 1);
	compact_is(buf_bytes(&deep), NULL);
	buf_free(&deep);
}

static void msgpack_is(struct buf *out, const char *expected, size_t n, const char *what)
{
	ok(out->len >= n && !memcmp(buf_bytes(out), expected, n), "%s", what);
	buf_free(out);
}

static void msgpack_tests(void)
{
	static const char long_text[70000];
	static const unsigned char ack[] = "\x81\xa3"
					   "ack\xa4"
					   "abcd";
	struct buf out = { 0 };
	const char *text;

	/* The first two as fluentd's library for Go sends them. */
	msgpack_integer(&out, 1795891617);
	msgpack_is(&out, "\xd2\x6b\x0b\x21\xa1", 5, "a time is a 32 bit integer");
	msgpack_event_time(&out, 1795891619ULL * 1000000000 + 999526078);
	msgpack_is(&out, "\xd7\0\x6b\x0b\x21\xa3\x3b\x93\x8e\xbe", 10, "or an event time");
	msgpack_integer(&out, 5000000000);
	msgpack_is(&out, "\xd3\0\0\0\1\x2a\5\xf2\0", 9, "one of another century is longer");
	msgpack_string(&out, long_text, 31);
	msgpack_is(&out, "\xbf", 1, "a short string");
	msgpack_string(&out, long_text, 32);
	msgpack_is(&out, "\xd9\x20", 2, "a longer one");
	msgpack_string(&out, long_text, 256);
	msgpack_is(&out, "\xda\1\0", 3, "a long one");
	msgpack_string(&out, long_text, 70000);
	msgpack_is(&out, "\xdb\0\1\x11\x70", 5, "a very long one");
	msgpack_map(&out, 16);
	msgpack_is(&out, "\xde\0\x10", 3, "a map");
	for (size_t n = 0; n < sizeof(ack) - 1; n++)
		if (msgpack_read_ack(ack, n, &text) != 0)
			ok(false, "an acknowledgement of %zu bytes is not complete", n);
	ok(msgpack_read_ack(ack, sizeof(ack) - 1, &text) == 4 && !memcmp(text, "abcd", 4), "an acknowledgement is read");
	ok(msgpack_read_ack((const unsigned char *)"\x82", 1, &text) < 0, "anything else is none");
}

static char directory[] = "/tmp/berth-forward-XXXXXX";
static char socket_path[sizeof(directory) + 8];

static int listen_datagrams(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	snprintf(socket_path, sizeof(socket_path), "%s/socket", directory);
	strcpy(address.sun_path, socket_path);
	return fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0 ? fd : -1;
}

static struct json_object *configured(const char *format)
{
	char text[1024];

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(text, sizeof(text), format, socket_path);
#pragma GCC diagnostic pop
	return json_tokener_parse(text);
}

static struct line line_of(const char *text, uint8_t stream)
{
	return (struct line){
		.head = { .length = (uint32_t)strlen(text), .stream = stream, .last = 1, .ns = 1795891617123456789ULL },
		.text = text,
	};
}

static void syslog_tests(int server)
{
	struct json_object *config = configured("{\"network\": \"unixgram\", \"address\": \"%s\", \"facility\": 3, "
						"\"format\": \"rfc5424micro\", \"tag\": \"t\", \"host\": \"h\"}");
	struct error err = { 0 };
	void *state = driver_syslog.open(config, &err);
	struct line line = line_of("hello", 2);
	char got[256] = "", expected[256];
	ssize_t n;

	if (!ok(state != NULL, "syslog reaches a unix datagram socket"))
		return;
	setenv("TZ", "UTC", 1);
	driver_syslog.send(state, &(struct line){ .head = { .stream = 1 }, .text = "" });
	driver_syslog.send(state, &line);
	n = recv(server, got, sizeof(got) - 1, 0);
	snprintf(expected, sizeof(expected), "<27>1 2026-11-28T18:46:57.123456Z h t %d t - hello\n", getpid());
	ok(n > 0 && !strcmp(got, expected), "and sends a line in the form asked for, an empty one not at all");
	driver_syslog.close(state);
	json_object_put(config);
	free(state);
}

static void journald_tests(int server)
{
	struct json_object *config = configured("{\"socket\": \"%s\", \"fields\": {\"CONTAINER_ID\": \"abc\", \"X\": \"a\\nb\"}}");
	static char big[LOG_RECORD_TEXT_MAX + 1];
	struct error err = { 0 };
	void *state = driver_journald.open(config, &err);
	struct line line = line_of("hello", 2);
	char got[2048] = "";
	uint64_t length = htole64(3);
	int small = 1024;
	ssize_t n;

	if (!ok(state != NULL, "journald is reached"))
		return;
	driver_journald.send(state, &line);
	n = recv(server, got, sizeof(got) - 1, 0);
	ok(n > 0 && !strncmp(got, "MESSAGE=hello\nPRIORITY=3\nCONTAINER_ID=abc\nX\n", 44) && !memcmp(got + 44, &length, 8) &&
		   !memcmp(got + 52, "a\nb\nSYSLOG_TIMESTAMP=2026-11-28T18:46:57.123456789Z\n", 51),
	   "an entry has its fields, one of several lines with its length");
	ok(memmem(got, (size_t)n, "CONTAINER_LOG_ORDINAL=1\n", 24) != NULL, "and its number");
	/* Longer than a datagram of this socket may be. */
	setsockopt(((struct wire *)state)->fd, SOL_SOCKET, SO_SNDBUF, &small, sizeof(small));
	memset(big, 'x', LOG_RECORD_TEXT_MAX);
	line = line_of(big, 1);
	line.head.ordinal = 1;
	line.head.last = 0;
	driver_journald.send(state, &line);
	union {
		char space[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = { 0 };
	struct msghdr message = { .msg_control = &control, .msg_controllen = sizeof(control) };
	struct pollfd p = { .fd = server, .events = POLLIN };
	n = poll(&p, 1, 5000) > 0 ? recvmsg(server, &message, MSG_CMSG_CLOEXEC) : -1;
	int fd = -1;
	if (n == 0 && CMSG_FIRSTHDR(&message))
		memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(fd));
	n = fd >= 0 ? pread(fd, got, sizeof(got), 0) : -1;
	ok(n == sizeof(got) && !memcmp(got, "MESSAGE=xxx", 11), "an entry too long for a datagram comes as a file");
	if (fd >= 0)
		close(fd);
	driver_journald.close(state);
	json_object_put(config);
	free(state);
}

int main(void)
{
	int server;

	records_tests();
	queue_tests();
	batch_tests();
	compact_tests();
	msgpack_tests();
	if (!mkdtemp(directory) || (server = listen_datagrams()) < 0)
		return 1;
	syslog_tests(server);
	journald_tests(server);
	close(server);
	unlink(socket_path);
	rmdir(directory);
	return tap_done();
}
