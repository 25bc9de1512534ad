/* Units of the shim: line protocol, detach keys, log lines, backlog, runtime log. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "backlog.h"
#include "children.h"
#include "detach.h"
#include "json-line.h"
#include "line.h"
#include "log-file.h"
#include "log-record.h"
#include "log-rotate.h"
#include "runtime-log.h"
#include "tap.h"

static bool parses(const char *text)
{
	char copy[4096];
	struct line line;
	snprintf(copy, sizeof(copy), "%s", text);
	return !line_parse(copy, &line);
}

static void line_tests(void)
{
	struct line line;
	uint64_t number;
	char text[] = "12 attach exec=a%20b stdin=1 empty= h=31 path=/a/b:c";
	ok(!line_parse(text, &line) && line.seq == 12 && !strcmp(line.verb, "attach"), "a request is parsed");
	ok(!strcmp(line_get(&line, "exec"), "a b"), "values are decoded");
	ok(!strcmp(line_get(&line, "empty"), "") && !line_get(&line, "none"),
	   "empty and missing values differ");
	ok(line_flag(&line, "stdin") && !line_flag(&line, "h"), "a flag is 1");
	ok(!line_number(&line, "h", 0, 31, &number) && number == 31, "a number at its bound is taken");
	ok(line_number(&line, "h", 0, 30, &number) && line_number(&line, "exec", 0, 30, &number),
	   "others are not");
	ok(!line_number(&line, "none", 7, 9, &number) && number == 7, "a missing number is its fallback");
	static const char *const bad[] = { "",
					   " ",
					   "x",
					   "1",
					   "1 ",
					   "-1 hello",
					   "1 Hello",
					   "1 hello x",
					   "1 hello =x",
					   "1 a k=%",
					   "1 a k=%4",
					   "1 a k=%zz",
					   "1 a k=%00",
					   "1 a k=\x01",
					   "1 a k=\xff",
					   "18446744073709551616 a",
					   "99999999999999999999999 a" };
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		ok(!parses(bad[i]), "not a request: %zu", i);
	ok(parses("18446744073709551615 a") && parses("0 hello  a=b "),
	   "the largest number and extra spaces are");
	struct buf out = { 0 };
	ok(!line_encode(&out, "a b/%\n\xff") && out.len == 15 &&
		   !memcmp(buf_bytes(&out), "a%20b/%25%0A%FF", 15),
	   "values are encoded");
	buf_free(&out);
	char many[LINE_MAX_FIELDS * 4 + 16] = "1 a";
	for (int i = 0; i < LINE_MAX_FIELDS; i++)
		strcat(many, " a=b");
	ok(parses(many), "as many fields as there may be");
	strcat(many, " a=b");
	ok(!parses(many), "no field more");
}

static void coding_tests(void)
{
	unsigned char bytes[4];
	struct buf out = { 0 };
	ok(hex_decode("1011", bytes, 4) == 2 && bytes[0] == 0x10 && bytes[1] == 0x11, "hex is decoded");
	ok(hex_decode("1", bytes, 4) < 0 && hex_decode("zz", bytes, 4) < 0 &&
		   hex_decode("0011223344", bytes, 4) < 0,
	   "odd, wrong and long hex is refused");
	ok(!base64_decode("aGVsbG8=", &out) && out.len == 5 && !memcmp(buf_bytes(&out), "hello", 5),
	   "base64 is decoded");
	buf_free(&out);
	ok(base64_decode("aGV*", &out) && base64_decode("aGV=x", &out), "wrong base64 is refused");
	buf_free(&out);
}

/* Scans in pieces (separated by '|') and returns what passes on, with '!' at the end when it detached. */
static const char *scan(const char *keys, const char *typed)
{
	static char result[256];
	struct detach d = { .length = strlen(keys) };
	size_t used = 0;
	memcpy(d.keys, keys, d.length);
	char pieces[128], *rest = pieces;
	snprintf(pieces, sizeof(pieces), "%s", typed);
	for (char *piece; (piece = strsep(&rest, "|"));) {
		size_t passed;
		bool end = detach_scan(&d, (unsigned char *)piece, strlen(piece),
				       (unsigned char *)result + used, &passed);
		used += passed;
		if (end) {
			result[used++] = '!';
			break;
		}
	}
	result[used] = '\0';
	return result;
}

static void detach_tests(void)
{
	static const struct {
		const char *keys, *typed, *expected;
	} cases[] = {
		{ "pq", "hello", "hello" }, { "pq", "apqb", "a!" },      { "pq", "p|q", "!" },
		{ "pq", "p|x|pq", "px!" },  { "pq", "ppq", "ppq" },      { "pq", "ppqpq", "ppq!" },
		{ "p", "ap", "a!" },        { "", "pq", "pq" },          { "abc", "ab|ab|c", "ababc" },
		{ "abc", "xabc", "x!" },    { "abc", "ababc", "ababc" },
	};
	/* In "ab|ab|c" the second a breaks the match and is not a new beginning, as with Docker. */
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *got = scan(cases[i].keys, cases[i].typed);
		ok(!strcmp(got, cases[i].expected), "keys %s, typed %s: %s", cases[i].keys, cases[i].typed,
		   got);
	}
}

static void escape_is(const char *text, size_t n, const char *expected)
{
	char out[512];
	size_t length = json_escape(text, n, out);
	ok(length == strlen(expected) && !memcmp(out, expected, length), "escaped: %s", expected);
}

static void time_is(uint64_t ns, const char *expected)
{
	char out[JSON_TIME_MAX];
	size_t length = json_time(ns, out);
	ok(length == strlen(expected) && !memcmp(out, expected, length), "time: %s", expected);
}

static void json_tests(void)
{
	/* Each as Docker Engine 28.5.2 wrote it. */
	escape_is("a\tb\001<>&\"\\\r", 10, "a\\u0009b\\u0001\\u003c\\u003e\\u0026\\\"\\\\\\r");
	escape_is("\342\200\250\377\360\237\230\200x", 9, "\\u2028\\ufffd\360\237\230\200x");
	escape_is("\342\200\251\342\200\252", 6, "\\u2029\342\200\252");
	escape_is("\177\343\201", 3, "\177\\ufffd\\ufffd");
	escape_is("\355\240\200\300\200\364\220\200\200\360\220", 11,
		  "\\ufffd\\ufffd\\ufffd\\ufffd\\ufffd\\ufffd\\ufffd\\ufffd\\ufffd\\ufffd\\ufffd");
	escape_is("\b\f\0", 3, "\\u0008\\u000c\\u0000");
	time_is(1795473561389091930ULL, "2026-11-23T22:39:21.38909193Z");
	time_is(1795473561000000000ULL, "2026-11-23T22:39:21Z");
	time_is(1709164800000000001ULL, "2024-02-29T00:00:00.000000001Z");
	char out[512];
	size_t n = json_line(out, "x<", 2, 1, "stderr", "{\"a\":\"1\"}", 1795473561000000000ULL);
	static const char line[] = "{\"log\":\"x\\u003c\\n\",\"stream\":\"stderr\",\"attrs\":{\"a\":\"1\"},"
				   "\"time\":\"2026-11-23T22:39:21Z\"}\n";
	ok(n == strlen(line) && !memcmp(out, line, n), "a whole line");
	n = json_line_raw(out, "\377<\"\\\t\0\342\200\250", 9, 0, "stdout", 1795473561000000000ULL);
	static const char raw[] = "{\"log\":\"\377<\\\"\\\\\\u0009\\u0000\342\200\250\",\"stream\":\"stdout\","
				  "\"time\":\"2026-11-23T22:39:21Z\"}\n";
	ok(n == strlen(raw) && !memcmp(out, raw, n), "a line with its bytes as they came");
}

static char directory[] = "/tmp/berth-shim-unit-XXXXXX";

static const char *in_directory(const char *name)
{
	static char path[2][256];
	static unsigned turn;
	char *made = path[turn++ % 2];
	snprintf(made, 256, "%s/%s", directory, name);
	return made;
}

static size_t file_read(const char *name, char *out, size_t room)
{
	int fd = open(in_directory(name), O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, out, room - 1);
	if (fd >= 0)
		close(fd);
	out[n > 0 ? n : 0] = '\0';
	return n > 0 ? (size_t)n : 0;
}

static unsigned count(const char *text, const char *what)
{
	unsigned n = 0;
	for (const char *at = text; (at = strstr(at, what)); at += strlen(what))
		n++;
	return n;
}

static void log_tests(void)
{
	enum { BATCH = 128 * 1024, BIG = 40001 };
	static char batch[BATCH], text[256 * 1024], big[BIG];
	struct log log;
	struct log_options options = { .path = in_directory("log"), .attrs = "" };
	ok(!log_open(&log, &options, batch, sizeof(batch)), "the log opens");
	log_write(&log, 0, "one\ntw", 6);
	log_write(&log, 1, "err", 3);
	log_write(&log, 0, "o\n\n", 3);
	file_read("log", text, sizeof(text));
	ok(count(text, "\n") == 3 && strstr(text, "\"log\":\"two\\n\"") && strstr(text, "\"log\":\"\\n\""),
	   "lines are joined and cut");
	log_end(&log, 1);
	file_read("log", text, sizeof(text));
	ok(strstr(text, "\"log\":\"err\",\"stream\":\"stderr\"") != NULL,
	   "the end of a stream writes what has no newline");
	memset(big, 'x', sizeof(big));
	big[BIG - 1] = '\n';
	log_write(&log, 0, big, 100);
	log_write(&log, 0, big + 100, sizeof(big) - 100);
	size_t n = file_read("log", text, sizeof(text));
	ok(count(text, "x\",\"stream") == 2 && count(text, "x\\n\"") == 1,
	   "a long line comes in pieces of 16 KiB");
	const char *first = strstr(text, "\"log\":\"xx");
	const char *time = first ? strstr(first, "\"time\"") : NULL;
	char stamp[64] = "";
	if (time)
		snprintf(stamp, sizeof(stamp), "%.*s", (int)strcspn(time, "}"), time);
	ok(*stamp && count(text, stamp) == 3, "which carry the first one's time");
	ok(n == log.size, "the size is known");
	log_close(&log);

	options.path = in_directory("small");
	options.max_size = 200;
	options.max_files = 3;
	log_open(&log, &options, batch, sizeof(batch));
	for (int i = 0; i < 12; i++)
		log_write(&log, 0, "0123456789\n", 11);
	struct stat st;
	ok(!stat(in_directory("small.1"), &st) && !stat(in_directory("small.2"), &st) && st.st_size >= 200 &&
		   stat(in_directory("small.3"), &st),
	   "the log rotates, and keeps as many files as asked for");
	ok(log.lost == 0, "nothing is lost");
	log_close(&log);

	options.path = in_directory("single");
	options.max_files = 1;
	log_open(&log, &options, batch, sizeof(batch));
	for (int i = 0; i < 12; i++)
		log_write(&log, 0, "0123456789\n", 11);
	ok(!stat(in_directory("single"), &st) && st.st_size < 400 && stat(in_directory("single.1"), &st),
	   "a single file is cut off instead");
	log_close(&log);

	options.path = "/dev/full";
	options.max_size = 0;
	ok(!log_open(&log, &options, batch, sizeof(batch)), "a log on a full disk opens");
	log_write(&log, 0, "lost\n", 5);
	ok(log.lost > 0, "and loses lines, no more");
	log_close(&log);
}

static unsigned drains;

static void drained(struct forward *f)
{
	(void)f;
	drains++;
}

/* The next record of socket; its text in out. */
static struct log_record record_read(int socket, char *out)
{
	struct log_record head = { 0 };
	if (recv(socket, &head, sizeof(head), MSG_WAITALL) != sizeof(head) || head.length > LOG_RECORD_TEXT_MAX ||
	    recv(socket, out, head.length, MSG_WAITALL) != (ssize_t)head.length)
		head.length = UINT32_MAX;
	return head;
}

static void forward_tests(void)
{
	enum { BATCH = 128 * 1024, LINES = 3000 };
	static char batch[BATCH], text[LOG_RECORD_TEXT_MAX + 1], big[LOG_LINE_MAX + 10];
	struct log log;
	struct loop loop;
	struct log_options options = { .attrs = "" };
	int pair[2];
	if (loop_open(&loop) || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		return;
	ok(!log_open(&log, &options, batch, sizeof(batch)), "a log without a file opens");
	log.forward.drained = drained;
	ok(!forward_open(&log.forward, &loop, pair[0]), "and has a forwarder");
	log_write(&log, 0, "one\ntw", 6);
	log_write(&log, 1, "\377\n", 2);
	struct log_record head = record_read(pair[1], text);
	ok(head.length == 3 && head.stream == 1 && !head.ordinal && head.last && !memcmp(text, "one", 3),
	   "a line is a record");
	head = record_read(pair[1], text);
	ok(head.length == 1 && head.stream == 2 && *text == '\377', "with its stream and its bytes");
	memset(big, 'x', sizeof(big));
	log_write(&log, 0, big, sizeof(big));
	log_write(&log, 0, "\n", 1);
	head = record_read(pair[1], text);
	uint64_t ns = head.ns;
	ok(head.length == LOG_LINE_MAX && head.ordinal == 1 && !head.last && !memcmp(text, "twx", 3),
	   "a long line is pieces with numbers");
	head = record_read(pair[1], text);
	ok(head.length == 12 && head.ordinal == 2 && head.last && head.ns == ns, "the last one of which says so");
	log_write(&log, 0, "end", 3);
	log_end(&log, 0);
	head = record_read(pair[1], text);
	ok(head.length == 3 && head.ordinal == 1 && !head.last, "what has no end is a piece");

	unsigned sent = 0;
	for (; sent < LINES && !log_waits(&log); sent++)
		log_write(&log, 0, big, 999), log_write(&log, 0, "y\n", 2);
	ok(log_waits(&log) && sent < LINES, "a forwarder that does not read is waited for");
	unsigned got = 0;
	for (; got < sent; got++) {
		forward_flush(&log.forward);
		if (record_read(pair[1], text).length != 1000)
			break;
	}
	ok(got == sent && !log_waits(&log), "and gets everything, in whole records");
	close(pair[1]);
	log_write(&log, 0, "x\n", 2);
	ok(!log_waits(&log) && log.forward.source.fd < 0, "one that has gone is not waited for");
	log_close(&log);
	close(loop.epoll);
}

static void backlog_tests(void)
{
	enum { PIECE = 700 * 1024, PIECES = 5 };
	static char piece[PIECE], got[PIECE];
	struct backlog b = BACKLOG_EMPTY;
	int sockets[2];
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, sockets))
		return;
	int added = 0;
	for (int i = 0; i < PIECES; i++) {
		memset(piece, 'a' + i, PIECE);
		struct iovec part = { piece, PIECE };
		added |= backlog_add(&b, &part, 1, directory);
	}
	ok(!added && b.file >= 0 && b.memory.len == PIECE, "beyond a megabyte a file takes over");
	size_t total = 0, wrong = 0;
	for (int sent = 0; sent == 0;) {
		sent = backlog_send(&b, sockets[0]);
		for (ssize_t n; (n = read(sockets[1], got, sizeof(got))) > 0;)
			for (ssize_t i = 0; i < n; i++, total++)
				wrong += got[i] != 'a' + (char)(total / PIECE);
	}
	ok(total == (size_t)PIECE * PIECES && wrong == 0, "everything comes out in order");
	ok(backlog_is_empty(&b) && b.file < 0, "and the file is gone");
	close(sockets[1]);
	struct iovec part = { piece, PIECE };
	backlog_add(&b, &part, 1, directory);
	ok(backlog_send(&b, sockets[0]) < 0, "a client that has gone is noticed");
	backlog_free(&b);
	close(sockets[0]);
}

static void runtime_log_tests(void)
{
	struct error err = { 0 };
	int fd = open(in_directory("runtime"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	static const char text[] =
		"{\"level\":\"warning\",\"msg\":\"first\"}\n"
		"{\"level\":\"error\",\"msg\": \"exec: \\\"a\\\\b\\\": \\u003cx\\n\",\"time\":\"t\"}\n";
	if (write(fd, text, strlen(text)) < 0)
		return;
	close(fd);
	runtime_log_error(in_directory("runtime"), &err);
	ok(!strcmp(err.message, "exec: \"a\\b\": <x\n"), "the last message of a runtime's log is found");
	runtime_log_error(in_directory("none"), &err);
	ok(!*err.message, "no log is no message");
}

struct watched {
	struct child child;
	int status;
	unsigned times;
};

static void child_ended(struct child *child, int status)
{
	struct watched *w = (struct watched *)child;
	w->status = status;
	w->times++;
}

static pid_t child_make(int code)
{
	pid_t pid = fork();
	if (pid == 0 && code < 0)
		pause();
	if (pid == 0)
		_exit(code);
	return pid;
}

static void children_tests(void)
{
	static struct children children;
	struct watched early = { .status = -1 }, lives = { .status = -1 };
	pid_t pid = child_make(3);
	siginfo_t info;
	waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT);
	children_reap(&children);
	child_watch(&children, &early.child, pid, child_ended);
	ok(early.times == 1 && WEXITSTATUS(early.status) == 3, "who ended before it was watched has its status kept");

	pid = child_make(-1);
	children.unknown[0].pid = pid;
	child_watch(&children, &lives.child, pid, child_ended);
	ok(lives.times == 0, "that of an orphan of long ago is not taken for that of the number's new holder");
	kill(pid, SIGTERM);
	waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT);
	children_reap(&children);
	ok(lives.times == 1 && WTERMSIG(lives.status) == SIGTERM, "who is told of its own end");

	pid = child_make(4);
	for (unsigned i = 0; i < CHILDREN_UNKNOWN; i += 5)
		children.unknown[i].pid = pid;
	waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT);
	children_reap(&children);
	early.times = 0;
	child_watch(&children, &early.child, pid, child_ended);
	ok(early.times == 1 && WEXITSTATUS(early.status) == 4, "of two with one number it is the last that counts");
}

int main(void)
{
	if (!mkdtemp(directory))
		return 1;
	line_tests();
	coding_tests();
	detach_tests();
	json_tests();
	log_tests();
	forward_tests();
	backlog_tests();
	runtime_log_tests();
	children_tests();
	static const char *const made[] = { "log", "small", "small.1", "small.2", "single", "runtime" };
	for (size_t i = 0; i < sizeof(made) / sizeof(*made); i++)
		unlink(in_directory(made[i]));
	rmdir(directory);
	return tap_done();
}
