#include "stats.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../lib/fd.h"

#define EXACT_MAX (1ULL << 53)

int stats_open(struct stats *s, const struct cgroup_machine *machine, struct kept *kept, struct error *err)
{
	*s = (struct stats){ .cg.machine = *machine, .kept = kept, .size = 16384 };
	s->room = malloc(STATS_BYTES);
	s->text = malloc(s->size);
	if (!s->room || !s->text)
		return error_text(err, ENOMEM, "no memory");
	s->text[0] = '\0';
	return machine->version ? 0 : error_text(err, ENOENT, "no control groups");
}

void stats_close(struct stats *s)
{
	free(s->room);
	free(s->text);
}

static void add_bytes(struct stats *s, const char *bytes, size_t count)
{
	if (s->length + count + 1 > s->size) {
		size_t size = (s->size + count) * 2;
		char *more = s->failed ? NULL : realloc(s->text, size);

		if (!more) {
			s->failed = true;
			return;
		}
		s->text = more;
		s->size = size;
	}
	memcpy(s->text + s->length, bytes, count);
	s->length += count;
	s->text[s->length] = '\0';
}

void stats_add(struct stats *s, const char *text)
{
	add_bytes(s, text, strlen(text));
}

void stats_add_number(struct stats *s, uint64_t number)
{
	char digits[24];
	size_t at = sizeof(digits);
	bool quoted = number > EXACT_MAX;

	if (quoted)
		digits[--at] = '"';
	do
		digits[--at] = (char)('0' + number % 10);
	while (number /= 10);
	if (quoted)
		digits[--at] = '"';
	add_bytes(s, digits + at, sizeof(digits) - at);
}

char stats_last(const struct stats *s)
{
	return s->length > 0 ? s->text[s->length - 1] : '{';
}

static void add_name(struct stats *s, const char *name)
{
	stats_add(s, stats_last(s) == '{' ? "\"" : ",\"");
	stats_add(s, name);
	stats_add(s, "\":");
}

void stats_put(struct stats *s, const char *name, uint64_t number)
{
	add_name(s, name);
	stats_add_number(s, number);
}

void stats_put_table(struct stats *s, const char *name, const char *const *names)
{
	add_name(s, name);
	stats_add(s, "{");
	for (; *names; names++)
		stats_put(s, *names, stats_field(s, *names));
	stats_add(s, "}");
}

static void cut(struct stats *s, ssize_t n)
{
	if (n == STATS_BYTES - 1)
		while (n > 0 && s->room[n - 1] != '\n')
			n--;
	s->room[n < 0 ? 0 : n] = '\0';
}

static ssize_t read_path(struct stats *s, const char *path)
{
	scoped_fd int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : fd_read_all(fd, s->room, STATS_BYTES - 1);

	cut(s, n);
	return n;
}

static int open_source(const struct stats *s, const struct stats_source *source)
{
	char path[PATH_MAX];
	int length = cgroup_directory(&s->cg, source->controller, path, sizeof(path)), fd;

	if (length < 0 || (size_t)snprintf(path + length, sizeof(path) - (size_t)length, "/%s", source->file) >=
				  sizeof(path) - (size_t)length)
		return -2;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -2 : fd;
}

/* The kernel gives such a file whole in one read. One whose cgroup has been removed is opened anew: there may be another. */
static ssize_t read_source(struct stats *s, const struct stats_source *source, char *room, size_t size)
{
	int *fd = &s->files->fds[source->number];
	ssize_t n = -1;

	for (int fresh = *fd == -1; n < 0 && *fd != -2; fresh++) {
		if (fresh > 1)
			return -1;
		if (fresh) {
			fd_close(fd);
			*fd = open_source(s, source);
		}
		if (*fd >= 0)
			n = pread(*fd, room, size, 0);
	}
	return n;
}

ssize_t stats_file(struct stats *s, const struct stats_source *source)
{
	ssize_t n = read_source(s, source, s->room, STATS_BYTES - 1);

	cut(s, n);
	return n;
}

uint64_t stats_number(struct stats *s, const struct stats_source *source)
{
	char text[32];
	ssize_t n = read_source(s, source, text, sizeof(text) - 1);

	if (n <= 0)
		return 0;
	text[n] = '\0';
	return isdigit((unsigned char)text[0]) ? strtoull(text, NULL, 10) : UINT64_MAX;
}

uint64_t stats_field(const struct stats *s, const char *name)
{
	size_t length = strlen(name);

	for (const char *at = s->room; at && *at; at = strchr(at, '\n') ? strchr(at, '\n') + 1 : NULL)
		if (!strncmp(at, name, length) && at[length] == ' ')
			return strtoull(at + length + 1, NULL, 10);
	return 0;
}

static void put_time(struct stats *s)
{
	struct timespec t;
	char text[48];

	clock_gettime(CLOCK_REALTIME, &t);
	snprintf(text, sizeof(text), "\"at\":\"%lld%09ld\"", (long long)t.tv_sec, t.tv_nsec);
	stats_add(s, text);
}

static bool is_named(struct json_object *names, const char *name)
{
	for (size_t i = 0; i < json_object_array_length(names); i++) {
		const char *each = json_object_get_string(json_object_array_get_idx(names, i));

		if (each && !strcmp(each, name))
			return true;
	}
	return false;
}

/* "bytes packets errs drop fifo frame compressed multicast bytes packets errs drop ..." */
static void add_interface(struct stats *s, const char *name, const char *counters)
{
	add_name(s, name);
	stats_add(s, "[");
	for (int i = 0; i < 12; i++) {
		char *end;
		uint64_t number = strtoull(counters, &end, 10);

		counters = end;
		if (i >= 4 && i < 8)
			continue;
		if (i > 0)
			stats_add(s, ",");
		stats_add_number(s, number);
	}
	stats_add(s, "]");
}

/* A name that needs escaping in JSON is none the engine gave. */
static bool is_plain(const char *name)
{
	for (; *name; name++)
		if (*name < ' ' || *name == '"' || *name == '\\' || *name > '~')
			return false;
	return true;
}

static void put_interfaces(struct stats *s, pid_t pid, struct json_object *names)
{
	char path[40];

	snprintf(path, sizeof(path), "/proc/%d/net/dev", (int)pid);
	if (read_path(s, path) < 0)
		return;
	stats_add(s, ",\"interfaces\":{");
	for (char *line = s->room, *next; line && *line; line = next) {
		char *name = line + strspn(line, " "), *colon;

		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		colon = strchr(name, ':');
		if (!colon)
			continue;
		*colon = '\0';
		if (is_named(names, name) && is_plain(name))
			add_interface(s, name, colon + 1);
	}
	stats_add(s, "}");
}

void stats_container(struct stats *s, const char *path, pid_t pid, struct json_object *names)
{
	size_t start = s->length;
	struct error ignored;
	int result = -1;

	stats_add(s, "{");
	put_time(s);
	if (path && !cgroup_name(&s->cg, path, &ignored) && (s->files = kept_take(s->kept, s->cg.path))) {
		result = s->cg.machine.version == 2 ? stats_v2(s) : stats_v1(s);
		kept_give(s->kept, s->files, !result);
	}
	if (result) {
		s->length = start;
		stats_add(s, "null");
		return;
	}
	if (names && json_object_array_length(names) > 0)
		put_interfaces(s, pid, names);
	stats_add(s, "}");
}

/* user, nice, system, idle, iowait, irq, softirq: what the reference adds up. */
#define MACHINE_COLUMNS 7

void stats_machine(struct stats *s)
{
	uint64_t ticks = 0, hertz = (uint64_t)sysconf(_SC_CLK_TCK), processors = 0;
	char *at = s->room + 4;

	if (read_path(s, "/proc/stat") > 0 && !strncmp(s->room, "cpu ", 4)) {
		for (int i = 0; i < MACHINE_COLUMNS; i++)
			ticks += strtoull(at, &at, 10);
		for (at = strchr(s->room, '\n'); at && !strncmp(at + 1, "cpu", 3); at = strchr(at + 1, '\n'))
			processors++;
	}
	stats_put(s, "machineTime", ticks * (1000000000ULL / hertz));
	stats_put(s, "processors", processors);
}
