/* Units of the executor and of its networks that need no kernel but sockets: channel, words, parsers, ruleset. */
#include <errno.h>
#include <fcntl.h>
#include <json-c/json_tokener.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../executor/channel.h"
#include "../executor/copy.h"
#include "../executor/request.h"
#include "../executor/sandbox-json.h"
#include "../executor/shim-call.h"
#include "../executor/stats.h"
#include "../executor/tree.h"
#include "../lib/cgroup-undo.h"
#include "../lib/cgroup.h"
#include "../lib/error.h"
#include "../lib/fd.h"
#include "../net/table.h"
#include "tap.h"

struct heard {
	unsigned messages;
	unsigned descriptors;
	int64_t last_id;
};

static void hear(struct json_object *message, int fd, void *arg)
{
	struct heard *h = arg;

	h->messages++;
	h->last_id = field_int(message, "id");
	if (fd >= 0) {
		h->descriptors++;
		close(fd);
	}
	json_object_put(message);
}

/* Sends bytes as Node would, reads them once at the other end. */
static int feed(struct channel *c, int peer, const char *bytes, size_t len, const int *fds, unsigned count,
		struct heard *h)
{
	if (fd_send(peer, bytes, len, fds, count))
		return -2;
	return channel_read(c, hear, h);
}

static void check_channel(void)
{
	static const char handle[] = "{\"cmd\":\"NODE_HANDLE\",\"type\":\"net.Native\",\"msg\":{\"id\":9}}\n";
	static const char ack[] = "{\"cmd\":\"NODE_HANDLE_ACK\"}\n";
	struct heard h = { 0 };
	struct channel c;
	char answer[64];
	int pair[2], null = open("/dev/null", O_RDONLY | O_CLOEXEC);

	socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair);
	ok(channel_init(&c, pair[0]) == 0, "a channel begins");
	ok(feed(&c, pair[1], "{\"id\":1}\n{\"id\":2}\n{\"id", 22, NULL, 0, &h) == 1 && h.messages == 2 && h.last_id == 2,
	   "two lines and a half are two messages");
	ok(feed(&c, pair[1], "\":3}\n", 5, NULL, 0, &h) == 1 && h.last_id == 3, "the rest of the half is the third");
	ok(feed(&c, pair[1], handle, sizeof(handle) - 1, &null, 1, &h) == 1 && h.descriptors == 1 && h.last_id == 9,
	   "a NODE_HANDLE message brings its descriptor");
	ok(read(pair[1], answer, sizeof(answer)) == sizeof(ack) - 1 && memcmp(answer, ack, sizeof(ack) - 1) == 0,
	   "and is acknowledged in Node's words");
	ok(feed(&c, pair[1], "{\"cmd\":\"NODE_SOCKET_GET_COUNT\"}\n", 32, NULL, 0, &h) == 1 && h.messages == 4,
	   "Node's other messages are passed over");
	ok(feed(&c, pair[1], "[1]\n", 4, NULL, 0, &h) == -1, "what is no object ends the channel");
	ok(feed(&c, pair[1], "{\"a\":1}x\n", 9, NULL, 0, &h) != -2, "trailing bytes do not hang it");
	close(pair[1]);
	ok(channel_read(&c, hear, &h) == 0, "the end is noticed");
	channel_free(&c);
	close(pair[0]);
	close(null);
}

static void check_frame_limits(void)
{
	struct frame f = { 0 };
	size_t len, total = 0;
	char *room;

	while ((room = frame_room(&f, 1u << 20)) != NULL) {
		memset(room, 'x', 1u << 20);
		frame_added(&f, 1u << 20);
		total += 1u << 20;
		if (frame_line(&f, &len))
			break;
	}
	ok(total == FRAME_MOST, "a line without end is refused at %zu bytes", total);
	frame_free(&f);
}

static void check_words(void)
{
	struct shim_words w;
	char out[64], small[3];

	shim_words_init(&w, '\n');
	shim_word(&w, "name", "a b=c%\n\xc3\xa9");
	shim_number(&w, "number", -7);
	ok(strcmp(w.text, "name=a%20b%3dc%25%0a%c3%a9\nnumber=-7\n") == 0, "values are encoded: %s", "name=...");
	ok(shim_value(w.text, "name", out, sizeof(out)) == 0 && strcmp(out, "a b=c%\n\xc3\xa9") == 0, "and come back");
	ok(shim_value(w.text, "umber", out, sizeof(out)) == -1, "half a key is no key");
	ok(shim_value(w.text, "name", small, sizeof(small)) == -1, "what does not fit is refused");
	ok(shim_value("a=%4", "a", out, sizeof(out)) == -1 && shim_value("a=%zz", "a", out, sizeof(out)) == -1,
	   "half an escape is refused");
	free(w.text);
}

static void check_addresses(void)
{
	static const char *const bad[] = { "", "1.2.3", "1.2.3.4/33", "1.2.3.4/", "1.2.3.4/+1", "1.2.3.4/8x", "::/129", "x", "1.2.3.4.5" };
	struct error err;
	struct cidr c;
	struct mac m;
	bool all = true;

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		all &= cidr_parse(bad[i], &c, &err) < 0 && err.code == EINVAL;
	ok(all, "bad addresses are refused");
	ok(cidr_parse("10.0.0.1", &c, &err) == 0 && c.prefix == 32, "an address alone has all its bits");
	ok(cidr_parse("fd00::1/64", &c, &err) == 0 && c.family == AF_INET6 && c.prefix == 64, "IPv6 too");
	ok(mac_parse("02:42:ac:11:00:02", &m, &err) == 0 && m.byte[5] == 2, "a MAC address is read");
	ok(mac_parse("02:42:ac:11:00", &m, &err) < 0 && mac_parse("02:42:ac:11:00:02:1", &m, &err) < 0, "a short or long one is refused");
}

static int sandbox_parses(const char *text)
{
	struct json_object *o = json_tokener_parse(text);
	struct sandbox_spec spec;
	struct error err;
	int result = sandbox_from_json(o, &spec, &err);

	if (result == 0)
		sandbox_json_free(&spec);
	json_object_put(o);
	return result;
}

static void check_sandbox(void)
{
	ok(sandbox_parses("{\"endpoints\":[{\"bridge\":\"b\",\"ifName\":\"eth0\",\"mac\":\"02:42:00:00:00:01\",\"addresses\":[\"10.0.0.2/8\"],"
			  "\"gateway\":\"10.0.0.1\",\"mtu\":1500}],\"ports\":[{\"proto\":\"tcp\",\"hostIp\":\"0.0.0.0\",\"hostPort\":0,"
			  "\"containerIp\":\"10.0.0.2\",\"containerPort\":80}],\"sysctls\":{\"net.a\":\"1\"}}") == 0,
	   "a sandbox is read");
	ok(sandbox_parses("{}") == 0, "an empty one too");
	ok(sandbox_parses("{\"endpoints\":[{}]}") < 0, "an endpoint of nothing is refused");
	ok(sandbox_parses("{\"endpoints\":[{\"bridge\":\"sixteen-letters-\",\"ifName\":\"eth0\"}]}") < 0, "a long link name is refused");
	ok(sandbox_parses("{\"ports\":[{\"proto\":\"icmp\"}]}") < 0, "an unknown protocol is refused");
	ok(sandbox_parses("{\"ports\":[{\"proto\":\"tcp\",\"hostIp\":\"0.0.0.0\",\"hostPort\":65536,\"containerIp\":\"1.2.3.4\",\"containerPort\":1}]}") < 0,
	   "a port beyond 65535 is refused");
	ok(sandbox_parses("{\"sysctls\":{\"net.a\":1}}") < 0, "a setting that is no string is refused");
}

static void check_paths(void)
{
	static const char *const bad[] = { "/tmp", "/tmp/", "/tmpx/a", "/etc/passwd", "/tmp/..", "/tmp/a/..", "/tmp/.", "/tmp/../etc/x" };
	const char *name;
	struct error err;
	bool all = true;

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		all &= tree_parent("/tmp", bad[i], &name, &err) < 0 && err.code == EINVAL;
	ok(all, "a tree outside of the root is refused");
}

static void check_ruleset(void)
{
	struct table_bridge bridge = { .name = "br0", .masquerade = true, .icc = true };
	struct port_map port = { .proto = IPPROTO_TCP, .host_port = htons(8080), .container_port = htons(80) };
	struct table table = { .name = "t", .bridges = &bridge, .bridge_count = 1, .ports = &port, .port_count = 1 };
	struct error err;
	char *text;

	cidr_parse("10.0.0.0/8", &bridge.subnet, &err);
	port.container = bridge.subnet.v4;
	text = table_text(&table);
	ok(text && strncmp(text, "table inet t\ndelete table inet t\ntable inet t {\n", 46) == 0, "a ruleset replaces its table");
	ok(strstr(text, "add element inet t published_any { 6 . 8080 : 10.0.0.0 . 80 }\n") != NULL, "it has the ports");
	ok(strstr(text, "add element inet t masqueraded { 10.0.0.0/8 }\n") != NULL, "and masquerades");
	free(text);
	bridge.internal = true;
	text = table_text(&table);
	ok(text && strstr(text, "add element inet t masqueraded") == NULL, "but not for an internal network");
	free(text);
}

/* Plays the container that has the volume, too: at the first question whether to stop, during the first big file. */
struct intruder {
	int top; /* of the copy */
	const char *victim;
	bool directory; /* replaces a directory that a file was made in; else the file that is being made */
	bool done;
};

static bool replace(const struct intruder *it, const char *name)
{
	return !renameat(it->top, name, it->top, "aside") && !symlinkat(it->victim, it->top, name);
}

static int intrude(const void *arg)
{
	struct intruder *it = *(struct intruder *const *)arg;

	if (!it->done)
		it->done = it->directory ? replace(it, "a") || replace(it, "b") : replace(it, "file");
	return 0;
}

static void make_file(int dir, const char *name, mode_t mode)
{
	static char bytes[4096];
	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	ok(fd >= 0 && !fd_write_all(fd, bytes, sizeof(bytes)) && !fchmod(fd, mode), "a file for the copy: %s", name);
	close(fd);
}

static int make_directory(int dir, const char *name)
{
	mkdirat(dir, name, 0755);
	return openat(dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static void check_copy_races(void)
{
	char base[] = "/tmp/berth-copy-XXXXXX", outside[sizeof(base) + 16];
	int top = open(mkdtemp(base), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int host = make_directory(top, "host"), from = make_directory(top, "from"), to = make_directory(top, "to");
	struct intruder it = { .top = to, .victim = outside }, *arg = &it;
	int linked = make_directory(top, "linked"), a = make_directory(linked, "a"), b = make_directory(linked, "b");
	int to2 = make_directory(top, "to2"), parent;
	const char *name;
	struct error err = { 0 };
	struct stat st;

	snprintf(outside, sizeof(outside), "%s/host/f", base);
	make_file(host, "f", 0600);
	make_file(from, "file", 04777);
	ok(copy_tree(from, to, intrude, &arg, &err) == -1 && it.done, "a file replaced by a link while it is copied is a failure");
	ok(!fstatat(host, "f", &st, 0) && (st.st_mode & 07777) == 0600, "and the mode of what the link leads to stays");

	snprintf(outside, sizeof(outside), "%s/host", base);
	make_file(a, "f", 0600);
	ok(!linkat(a, "f", b, "f", 0), "with a second name");
	it = (struct intruder){ .top = to2, .victim = outside, .directory = true };
	copy_tree(linked, to2, intrude, &arg, &err);
	ok(it.done && !fstatat(host, "f", &st, 0) && st.st_nlink == 1, "a directory replaced by a link gives away no file outside");
	parent = tree_parent("/tmp", base, &name, &err);
	ok(!tree_remove(parent, name, NULL, NULL, &err), "nothing stays behind");
	close(parent);
	for (int *fd = (int[]){ top, host, from, to, linked, a, b, to2, -1 }; *fd >= 0; fd++)
		close(*fd);
}

static void write_file(const char *directory, const char *name, const char *text)
{
	char path[128];
	scoped_fd int fd = -1;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0 || fd_write_all(fd, text, strlen(text)))
		perror(path);
}

/* A sample of the cgroup "/c" below `base`, which the machine has everything mounted at. NULL: JSON's null. */
static struct json_object *sample_of(const char *base, int version, struct kept *kept)
{
	struct cgroup_machine machine = { .version = version, .controllers = ~0u };
	struct json_object *sample, *names = json_object_new_array();
	struct error err = { 0 };
	struct stats s;

	for (int i = 0; i < CGROUP_CONTROLLERS; i++)
		snprintf(machine.mount[i], sizeof(machine.mount[i]), "%s", base);
	json_object_array_add(names, json_object_new_string("lo"));
	ok(!stats_open(&s, &machine, kept, &err), "a machine with version %d is read", version);
	stats_container(&s, "/c", getpid(), names);
	sample = json_tokener_parse(s.text);
	ok(!!sample || !strcmp(s.text, "null"), "what is written is JSON");
	stats_close(&s);
	json_object_put(names);
	return sample;
}

static bool shows(struct json_object *sample, const char *group, const char *text)
{
	struct json_object *value;

	return json_object_object_get_ex(sample, group, &value) &&
	       !strcmp(json_object_to_json_string_ext(value, JSON_C_TO_STRING_PLAIN), text);
}

static void check_stats(void)
{
	char base[] = "/tmp/executor-unit-XXXXXX", c[64];
	struct kept kept;
	struct error err = { 0 };
	struct json_object *sample, *value;
	int parent;
	const char *name;

	ok(!kept_init(&kept, &err) && mkdtemp(base), "a place for files");
	snprintf(c, sizeof(c), "%s/c", base);
	ok(!sample_of(base, 2, &kept) && !sample_of(base, 1, &kept), "a cgroup that is gone has no sample");
	ok(!mkdir(c, 0755), "a cgroup");
	write_file(c, "cpu.stat", "usage_usec 7\nuser_usec 4\nsystem_usec 3\nnr_periods 2\nnr_throttled 1\nthrottled_usec 9\n");
	write_file(c, "memory.stat", "anon 4096\nfile_mapped 5\nfile 8192\n");
	write_file(c, "memory.current", "12288\n");
	write_file(c, "memory.max", "max\n");
	write_file(c, "memory.events", "oom 3\noom_kill 2\n");
	write_file(c, "pids.current", "1\n");
	write_file(c, "pids.max", "max\n");
	write_file(c, "io.stat", "8:0 rbytes=4096 wbytes=1 rios=1 wios=1 dbytes=0 dios=0\n8:16 \n");
	sample = sample_of(base, 2, &kept);
	ok(shows(sample, "cpu",
		 "{\"total\":7000,\"user\":4000,\"kernel\":3000,\"periods\":2,\"throttledPeriods\":1,\"throttledTime\":9000}"),
	   "v2: processor time in nanoseconds");
	ok(shows(sample, "pids", "{\"current\":1,\"limit\":\"18446744073709551615\"}"), "v2: no limit, to the last digit");
	ok(shows(sample, "block", "{\"serviceBytes\":[[8,0,\"read\",4096],[8,0,\"write\",1],[8,16,\"read\",0],[8,16,\"write\",0]]}"),
	   "v2: bytes of each device");
	ok(json_object_object_get_ex(sample, "memory", &value) && shows(value, "failures", "3") && shows(value, "usage", "12288"),
	   "v2: memory");
	ok(json_object_object_get_ex(value, "stats", &value) && shows(value, "file", "8192") && shows(value, "slab", "0"),
	   "v2: a name is taken whole, one that is missing is 0");
	ok(json_object_object_get_ex(sample, "interfaces", &value) && json_object_object_get_ex(value, "lo", &value) &&
		   json_object_array_length(value) == 8,
	   "eight counters of an interface");
	json_object_put(sample);
	ok(kept.count == 1, "the files are kept");
	write_file(c, "pids.current", "2\n");
	sample = sample_of(base, 2, &kept);
	ok(json_object_object_get_ex(sample, "pids", &value) && shows(value, "current", "2"), "and read anew");
	json_object_put(sample);
	kept_give(&kept, kept_take(&kept, "/c"), 0);
	ok(kept.count == 0, "until they are given up");

	write_file(c, "cpuacct.usage", "99\n");
	write_file(c, "cpuacct.usage_percpu", "90 9 \n");
	write_file(c, "cpuacct.stat", "user 2\nsystem 1\n");
	write_file(c, "cpu.stat", "nr_periods 5\nnr_throttled 4\nthrottled_time 3\n");
	write_file(c, "memory.usage_in_bytes", "1\n");
	write_file(c, "memory.max_usage_in_bytes", "2\n");
	write_file(c, "memory.limit_in_bytes", "9223372036854771712\n");
	write_file(c, "memory.failcnt", "4\n");
	write_file(c, "blkio.throttle.io_service_bytes", "8:0 Read 4096\n8:0 Total 4096\nTotal 4096\n");
	write_file(c, "blkio.throttle.io_serviced", "8:0 7\n");
	sample = sample_of(base, 1, &kept);
	ok(shows(sample, "cpu",
		 "{\"total\":99,\"perCpu\":[90,9],\"user\":20000000,\"kernel\":10000000,\"periods\":5,"
		 "\"throttledPeriods\":4,\"throttledTime\":3}"),
	   "v1: processor time");
	ok(shows(sample, "pids", "{\"current\":2,\"limit\":0}"), "v1: no limit is 0");
	ok(json_object_object_get_ex(sample, "memory", &value) && shows(value, "limit", "\"9223372036854771712\""),
	   "v1: a limit a double cannot hold");
	ok(json_object_object_get_ex(sample, "block", &value) &&
		   shows(value, "serviceBytes", "[[8,0,\"Read\",4096],[8,0,\"Total\",4096]]") &&
		   shows(value, "serviced", "[[8,0,\"\",7]]") && shows(value, "sectors", "[]"),
	   "v1: what the throttle counts, and empty lists for the rest");
	json_object_put(sample);
	kept_give(&kept, kept_take(&kept, "/c"), 0);
	parent = tree_parent("/tmp", base, &name, &err);
	ok(!tree_remove(parent, name, NULL, NULL, &err), "nothing stays behind");
	close(parent);
	close(kept.timer);
}

static bool holds(const char *directory, const char *name, const char *text)
{
	char path[128], found[64] = "";
	scoped_fd int fd = -1;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd >= 0 && read(fd, found, sizeof(found) - 1) >= 0 && !strcmp(found, text);
}

static void check_undo(void)
{
	char base[] = "/tmp/executor-unit-XXXXXX", c[64];
	struct cgroup cg = { .machine = { .version = 2 }, .path = "/c" };
	struct cgroup_limits *limits;
	struct error err = { 0 };
	const char *name;
	int parent;

	ok(!!mkdtemp(base), "a place for files");
	snprintf(cg.machine.mount[0], sizeof(cg.machine.mount[0]), "%s", base);
	snprintf(c, sizeof(c), "%s/c", base);
	ok(!mkdir(c, 0755), "a cgroup");
	write_file(c, "cpu.weight", "100\n");
	write_file(c, "memory.max", "4096\n");
	limits = cgroup_limits_read(&cg);
	write_file(c, "memory.max", "8192\n");
	cgroup_limits_restore(&cg, limits);
	ok(holds(c, "memory.max", "4096\n") && holds(c, "cpu.weight", "100\n"), "limits are what they were");
	cgroup_limits_free(limits);
	parent = tree_parent("/tmp", base, &name, &err);
	ok(!tree_remove(parent, name, NULL, NULL, &err), "nothing stays behind");
	close(parent);
}

/* What a thread of the executor has: work.c. */
#define STACK_BYTES (256u * 1024)
#define LINKS 39
#define DEPTH 2100 /* a path of as many single letters is longer than PATH_MAX */

static void *follow_links(void *base)
{
	char name[32], target[32];
	scoped_fd int root = open(base, O_PATH | O_DIRECTORY | O_CLOEXEC);
	scoped_fd int dir = -1;
	scoped_fd int file = -1;

	for (int i = 0; i < LINKS; i++) {
		snprintf(name, sizeof(name), "link%d", i);
		snprintf(target, sizeof(target), "/link%d/below", i + 1);
		if (symlinkat(target, root, name))
			return NULL;
	}
	dir = fd_mkdir_in_root(root, "/link0", 0755, (uid_t)-1, (gid_t)-1);
	file = fd_mkfile_in_root(root, "/link0/and/a/file", 0644);
	ok(dir >= 0 && file >= 0, "links to what is missing, one behind the other, are followed");
	fd_close(&dir);
	ok(!symlinkat("/round/and", root, "round"), "a link to itself");
	dir = fd_mkdir_in_root(root, "/round", 0755, (uid_t)-1, (gid_t)-1);
	ok(dir < 0 && errno == ELOOP, "is not followed for ever");
	return NULL;
}

/* Each level on its own, without going down to it from the top again: else this takes minutes. */
static void *deep_tree(void *base)
{
	struct tree_size size = { 0 };
	struct error err = { 0 };
	scoped_fd int top = open(base, O_PATH | O_DIRECTORY | O_CLOEXEC);
	int dir = fcntl(top, F_DUPFD_CLOEXEC, 3);

	for (int i = 0; i < DEPTH; i++) {
		int below = mkdirat(dir, "d", 0755) || mkdirat(dir, "e", 0755) ?
				    -1 : openat(dir, "d", O_PATH | O_DIRECTORY | O_CLOEXEC);

		close(dir);
		dir = below;
	}
	close(dir);
	ok(!tree_measure(top, "d", &size, NULL, NULL, &err) && size.inodes == 2 * (DEPTH - 1) + 1,
	   "a tree is measured however deep it is");
	return NULL;
}

static void *deep_cgroups(void *base)
{
	struct cgroup cg = { .machine = { .version = 2 }, .path = "/c" };
	struct error err = { 0 };
	int dir = open(base, O_PATH | O_DIRECTORY | O_CLOEXEC);

	snprintf(cg.machine.mount[0], sizeof(cg.machine.mount[0]), "%s", (char *)base);
	for (int i = 0; i < DEPTH; i++) {
		int below = mkdirat(dir, "c", 0755) ? -1 : openat(dir, "c", O_PATH | O_DIRECTORY | O_CLOEXEC);

		close(dir);
		dir = below;
	}
	close(dir);
	ok(cgroup_pids(&cg, NULL, 0, &err) == 0, "cgroups are walked through however deep they are (%s)", err.message);
	ok(cgroup_remove(&cg, &err) == 0, "and removed");
	return NULL;
}

/* Images and containers bring as many links and cgroups as they like. */
static void check_small_stack(void *(*run)(void *))
{
	char base[] = "/tmp/executor-unit-XXXXXX";
	struct error err = { 0 };
	const char *name;
	pthread_attr_t attr;
	pthread_t thread;
	int parent;

	ok(!!mkdtemp(base), "a place for files");
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_BYTES);
	ok(!pthread_create(&thread, &attr, run, base) && !pthread_join(thread, NULL), "a thread with a small stack");
	pthread_attr_destroy(&attr);
	parent = tree_parent("/tmp", base, &name, &err);
	ok(!tree_remove(parent, name, NULL, NULL, &err), "nothing stays behind");
	close(parent);
}

int main(void)
{
	check_small_stack(follow_links);
	check_small_stack(deep_cgroups);
	check_small_stack(deep_tree);
	check_undo();
	check_stats();
	check_channel();
	check_frame_limits();
	check_words();
	check_addresses();
	check_sandbox();
	check_paths();
	check_ruleset();
	check_copy_races();
	return tap_done();
}
