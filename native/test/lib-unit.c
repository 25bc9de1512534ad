/* Units of native/lib: plans there and back and hostile ones, users, cgroup paths, errors, paths below a root. */
#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <linux/filter.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/mman.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "capability.h"
#include "cgroup.h"
#include "criu.h"
#include "error.h"
#include "fd.h"
#include "idmap.h"
#include "plan.h"
#include "plan_parse.h"
#include "seccomp-filter.h"
#include "tap.h"
#include "user.h"

static const char spec_text[] =
	"{\"ociVersion\":\"1.2.0\",\"hostname\":\"h\",\"annotations\":{\"k\":\"v\\\"w\"},"
	"\"process\":{\"cwd\":\"/\",\"args\":[\"a\",\"b c\"],\"env\":[\"X=1\"],\"user\":{\"uid\":5,\"gid\":6,"
	"\"additionalGids\":[7,8]},\"capabilities\":{\"bounding\":[\"CAP_KILL\",\"CAP_NOT_KNOWN\"]},"
	"\"rlimits\":[{\"type\":\"RLIMIT_CORE\",\"soft\":1,\"hard\":18446744073709551615}]},"
	"\"root\":{\"path\":\"r\"},\"mounts\":[{\"destination\":\"/d\",\"type\":\"tmpfs\",\"source\":\"t\","
	"\"options\":[\"ro\",\"rw\",\"nosuid\",\"size=1m\",\"mode=700\",\"rslave\",\"noatime\",\"rro\"]},"
	"{\"destination\":\"/b\",\"source\":\"s\",\"options\":[\"rbind\"]}],"
	"\"linux\":{\"namespaces\":[{\"type\":\"mount\"},{\"type\":\"uts\"},{\"type\":\"network\",\"path\":\"/n\"}],"
	"\"sysctl\":{\"net.ipv4.conf.eth0/1.x\":\"2\"},"
	"\"resources\":{\"memory\":{\"limit\":1048576,\"swap\":-1},\"devices\":[{\"allow\":true,\"access\":\"rwm\"}]}}}";

static int plan_fd(const char *text, struct error *err)
{
	struct plan_options options = { .id = "id", .bundle = "/bundle", .home = "/home/x" };
	struct json_object *json = json_from_text(text, strlen(text), err);
	int fd = json ? plan_from_spec(json, &options, err) : -1;

	json_object_put(json);
	return fd;
}

static void test_round_trip(void)
{
	struct error err = { 0 };
	int fd = plan_fd(spec_text, &err);
	const struct plan *plan = fd < 0 ? NULL : plan_map(fd, &err);
	const struct plan_mount *mounts;
	const struct plan_pair *sysctl;
	bool listed;

	close(fd);
	if (!ok(plan != NULL, "a specification becomes a plan (%s)", err.message))
		return;
	mounts = plan_items(plan, plan->mounts);
	sysctl = plan_items(plan, plan->sysctls);
	ok(plan->process.args.count == 2 && !strcmp(plan_text_at(plan, plan->process.args, 1), "b c"), "arguments");
	ok(plan->process.env.count == 2 && !strcmp(plan_text_at(plan, plan->process.env, 1), "HOME=/home/x"),
	   "HOME is added when the environment has none");
	ok(plan->process.uid == 5 && ((const uint32_t *)plan_items(plan, plan->process.groups))[1] == 8, "user and groups");
	ok(plan->process.cap_bounding == 1 << 5, "a capability nobody knows is left out");
	ok(((const struct plan_rlimit *)plan_items(plan, plan->process.rlimits))->hard == UINT64_MAX, "the largest limit");
	ok(mounts[0].attr_set == (0x2 | 0x10) && (mounts[0].attr_clear & 1) && mounts[0].tree_set == 1,
	   "the last of contrary options counts, r-options are for the tree");
	ok(!strcmp(plan_text(plan, mounts[0].data), "size=1m,mode=700"), "unknown options are data");
	ok(mounts[0].propagation[0] == (1 << 19 | 16384), "propagation");
	ok(!strcmp(plan_text(plan, mounts[1].source), "/bundle/s") && mounts[1].flags == 3, "a relative source is below the bundle");
	ok(!strcmp(plan_text(plan, sysctl->key), "net/ipv4/conf/eth0.1/x"), "sysctl names with both separators");
	ok(!strcmp(plan_text(plan, plan->cgroup_path), "/id"), "the id is the cgroup when none is named");
	ok(plan_namespace_path(plan, 0x40000000, &listed) && listed, "a joined namespace has its path");
	ok(!strcmp(plan_text(plan, plan->state_head),
		   "{\"ociVersion\":\"1.2.0\",\"id\":\"id\",\"bundle\":\"/bundle\",\"annotations\":{\"k\":\"v\\\"w\"}"),
	   "the state is JSON but for its end");
	ok(plan->resources.present & RES_DEVICES && plan->resources.device_rules.count == 12,
	   "device rules end with those of every container");
	plan_unmap(plan);
}

static void test_hostile_plans(void)
{
	struct error err = { 0 };
	int fd = plan_fd(spec_text, &err), bad, accepted = 0;
	const struct plan *plan = plan_map(fd, &err);
	size_t size = plan->size;
	char *copy = malloc(size);
	struct plan *head = (struct plan *)copy;

	memcpy(copy, plan, size);
	ok(!plan_check(copy, size, &err), "a copy passes");
	ok(plan_check(copy, size - 1, &err), "cut off by a byte it does not");
	copy[size - 1] = 'x';
	ok(plan_check(copy, size, &err), "nor without its last NUL");
	memcpy(copy, plan, size);
	head->process.args.count = 0x40000000;
	ok(plan_check(copy, size, &err), "a count that overflows is refused");
	memcpy(copy, plan, size);
	head->mounts.at = (uint32_t)size - 8;
	ok(plan_check(copy, size, &err), "a list that begins inside and ends outside is refused");
	memcpy(copy, plan, size);
	head->hostname = (uint32_t)size;
	ok(plan_check(copy, size, &err), "a string behind the end is refused");
	memcpy(copy, plan, size);
	head->seccomp.filter = (struct plan_blob){ (uint32_t)size - 8, 64 };
	ok(plan_check(copy, size, &err), "a filter that ends outside is refused");
	/* Whatever 4 bytes hold: either it is refused, or all of it can be read. The sanitisers watch the reading. */
	srand(7);
	for (int i = 0; i < 20000; i++) {
		size_t at = (size_t)rand() % (size - 4);
		uint32_t value = (uint32_t)rand() >> (rand() % 32);

		memcpy(copy, plan, size);
		memcpy(copy + at, &value, 4);
		if (plan_check(copy, size, &err))
			continue;
		accepted++;
		for (uint32_t a = 0; a < head->process.args.count; a++)
			accepted += strlen(plan_text_at(head, head->process.args, a)) > size;
	}
	ok(accepted > 0 && accepted < 20000, "of 20000 altered plans %d pass, and can be read", accepted);
	bad = memfd_create("unsealed", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	ok(bad >= 0 && write(bad, plan, size) == (ssize_t)size && !plan_map(bad, &err), "an unsealed plan is refused");
	close(bad);
	close(fd);
	free(copy);
	plan_unmap(plan);
}

static void refuses(const char *from, const char *to, const char *message)
{
	char text[sizeof(spec_text) + 300], *at;
	struct error err = { 0 };
	int fd;

	strcpy(text, spec_text);
	at = strstr(text, from);
	memmove(at + strlen(to), at + strlen(from), strlen(at + strlen(from)) + 1);
	memcpy(at, to, strlen(to));
	fd = plan_fd(text, &err);
	ok(fd < 0 && strstr(err.message, message), "refused: %s (%s)", message, err.message);
	if (fd >= 0)
		close(fd);
}

static void test_refusals(void)
{
	refuses("\"cwd\":\"/\"", "\"cwd\":\"x\"", "Cwd must be an absolute path");
	refuses("[\"a\",\"b c\"]", "[]", "args must not be empty");
	refuses("[\"a\",\"b c\"]", "[\"a\\u0000b\"]", "exec: \"a\\x00b\": executable file not found in $PATH");
	refuses("[\"a\",\"b c\"]", "[1]", "must be of type string");
	refuses("\"ociVersion\":\"1.2.0\",", "", "ociVersion is missing");
	refuses("{\"type\":\"uts\"}", "{\"type\":\"ipc\"}", "unable to set hostname without a private UTS namespace");
	refuses("{\"type\":\"uts\"}", "{\"type\":\"mount\"}", "duplicated ns");
	refuses("RLIMIT_CORE", "RLIMIT_NONE", "wrong rlimit value: RLIMIT_NONE");
	refuses("net.ipv4.conf.eth0/1.x", "net/../kernel/core_pattern", "invalid sysctl");
	refuses("net.ipv4.conf.eth0/1.x", "kernel.core_pattern", "not in a separate kernel namespace");
	refuses("\"uid\":5", "\"uid\":-5", "out of range");
	refuses("[7,8]", "[4294967296]", "additionalGids is out of range");
	refuses("[7,8]", "[-1]", "additionalGids is out of range");
	refuses("\"X=1\"", "\"X=1\\u0000\"", "env holds a NUL character");
	refuses("\"cwd\"", "\"scheduler\":{\"policy\":\"SCHED_OTHER\",\"nice\":4294967296},\"cwd\"", "nice is out of range");
	refuses("\"memory\":{", "\"blockIO\":{\"weight\":4294967796},\"memory\":{", "weight is out of range");
	refuses("[\"rbind\"]", "[\"rbind\",\"size=1m\"]", "cannot have any filesystem-specific options applied: size=1m");
	refuses("\"linux\":{", "\"linux\":{\"intelRdt\":{},", "intelRdt is not supported");
}

static void test_json(void)
{
	struct error err;
	char deep[400];

	memset(deep, '[', 200);
	memset(deep + 200, ']', 200);
	ok(!json_from_text(deep, sizeof(deep), &err), "deep nesting is refused");
	ok(!json_from_text("{} x", 4, &err), "trailing data is refused");
	ok(!json_from_text("{", 1, &err), "an unfinished document is refused");
}

static const char passwd_text[] = "# comment\nroot:x:0:0:root:/root:/bin/sh\n\nbob:x:1000:1001::/home/bob:/bin/sh\n"
				  "odd\n12:x:77:78::/n:\nlast:x:9:9::";
static const char group_text[] = "root:x:0:\nbob:x:1001:\nwheel:x:10:root,bob\naudio:x:11:bob,x\n99:x:5:";

static void resolves(const char *spec, uint32_t uid, uint32_t gid, uint32_t groups, const char *home)
{
	struct user user;
	struct error err = { 0 };
	int result = user_resolve_text(passwd_text, group_text, spec, NULL, 0, &user, &err);

	ok(!result && user.uid == uid && user.gid == gid && user.group_count == groups && !strcmp(user.home, home),
	   "user \"%s\" is %u:%u with %u groups, at home in %s (%s)", spec ? spec : "(none)", uid, gid, groups, home,
	   err.message);
}

static void resolves_not(const char *spec, const char *message)
{
	struct user user;
	struct error err = { 0 };

	ok(user_resolve_text(passwd_text, group_text, spec, NULL, 0, &user, &err) && !strcmp(err.message, message),
	   "user \"%s\": %s", spec, err.message);
}

static void test_users(void)
{
	const char *const extra[] = { "audio", "4000", "audio" };
	struct user user;
	struct error err;

	resolves(NULL, 0, 0, 1, "/root");
	resolves("", 0, 0, 1, "/root");
	resolves("bob", 1000, 1001, 2, "/home/bob");
	resolves("1000", 1000, 1001, 2, "/home/bob");
	resolves("bob:wheel", 1000, 10, 0, "/home/bob");
	resolves("bob:4242", 1000, 4242, 0, "/home/bob");
	resolves("4242", 4242, 0, 0, "/");
	resolves("4242:7", 4242, 7, 0, "/");
	resolves("12", 77, 78, 0, "/n");
	resolves("last", 9, 9, 0, "/");
	resolves_not("eve", "unable to find user eve: no matching entries in passwd file");
	resolves_not("bob:none", "unable to find group none: no matching entries in group file");
	resolves_not("2147483648", "uids and gids must be in range 0-2147483647");
	resolves_not("-1", "uids and gids must be in range 0-2147483647");
	resolves_not("0:-1", "uids and gids must be in range 0-2147483647");
	ok(!user_resolve_text(NULL, NULL, "5:6", NULL, 0, &user, &err) && user.uid == 5 && user.gid == 6,
	   "numbers need no files");
	ok(!user_resolve_text(passwd_text, group_text, "bob", extra, 3, &user, &err) && user.group_count == 3 &&
		   user.groups[2] == 4000,
	   "extra groups are added once");
}

static void test_cgroup_paths(void)
{
	static const char *const bad[] = { "", "/", "a", "/a/../b", "/..", "/a/./b", "//a", "/a//b" };
	struct cgroup cg;
	struct error err;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ok(cgroup_open(&cg, bad[i], &err) && err.code == EINVAL, "cgroup path \"%s\" is refused", bad[i]);
	ok(!cgroup_open(&cg, "/berth-unit/..x/", &err) && !strcmp(cg.path, "/berth-unit/..x"), "a path that only looks odd");
	ok(cgroup_remove(&cg, &err) == 0, "removing what is not there succeeds");
}

static void test_errors(void)
{
	struct error err = { .stage = "old" };

	ok(error_set(&err, ENOENT, "open %s", "/x") == -1 && !strcmp(err.message, "open /x: no such file or directory") &&
		   !err.stage[0],
	   "an errno value is put in words");
	error_prefix(&err, "container %d", 1);
	error_stage(&err, "first");
	error_stage(&err, "second");
	ok(!strcmp(err.message, "container 1: open /x: no such file or directory") && !strcmp(err.stage, "first"),
	   "the outer text comes first, the inner stage stays");
}

static void test_paths_in_root(void)
{
	char dir[] = "/tmp/berth-unit-XXXXXX", path[64];
	int root, fd;
	struct stat status;

	ok(mkdtemp(dir) != NULL, "a root");
	root = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	fd = fd_mkdir_in_root(root, "/a/../../../b//c/", 0755, (uid_t)-1, (gid_t)-1);
	ok(fd >= 0, "`..` stays inside");
	fd_close(&fd);
	fd = fd_mkdir_in_root(root, "b//c/", 0750, (uid_t)-1, (gid_t)-1);
	ok(fd >= 0, "directories with their parents");
	fd_close(&fd);
	snprintf(path, sizeof(path), "%s/out", dir);
	ok(!symlink("/../../../../etc", path), "a link that points out");
	fd = fd_open_in_root(root, "/out/passwd", O_RDONLY, 0);
	ok(fd < 0 && errno == ENOENT, "is followed inside");
	fd = fd_mkfile_in_root(root, "/b/c/file", 0600);
	ok(fd >= 0 && !fstat(fd, &status) && S_ISREG(status.st_mode), "a file");
	fd_close(&fd);
	fd = open("/tmp", O_PATH | O_CLOEXEC);
	ok(fd_open_proc(fd, "x", O_RDONLY) < 0 && errno == EXDEV, "what is not procfs is not taken for it");
	fd_close(&fd);
	snprintf(path, sizeof(path), "rm -r %s", dir);
	ok(system(path) == 0, "removed");
	close(root);
}

static void test_seccomp_cache(void)
{
	static const char profile[] = "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"architectures\":[\"SCMP_ARCH_X86_64\"],"
				      "\"syscalls\":[{\"names\":[\"read\",\"write\",\"no_such_call\"],\"action\":\"SCMP_ACT_ALLOW\"}]}";
	char dir[] = "/tmp/berth-unit-XXXXXX", command[64];
	struct json_object *json = json_tokener_parse(profile);
	struct seccomp_program one, two;
	struct error err = { 0 };

	ok(mkdtemp(dir) != NULL, "a cache");
	ok(!seccomp_compile(json, dir, &one, &err) && one.size > 0, "a profile is compiled (%s)", err.message);
	ok(!seccomp_compile(json, dir, &two, &err) && one.size == two.size && !memcmp(one.filter, two.filter, one.size) &&
		   one.flags == two.flags,
	   "the cached filter is the same");
	ok(one.size > 6 * sizeof(struct sock_filter) &&
		   ((struct sock_filter *)one.filter)[5].k == (0x00050000 | ENOSYS),
	   "calls newer than the profile answer ENOSYS");
	free(one.filter);
	free(two.filter);
	json_object_put(json);
	snprintf(command, sizeof(command), "rm -r %s", dir);
	ok(system(command) == 0, "removed");
}

/* Whoever opens a device of an image acts on the hardware: none is there with this number, and opening would say so. */
static void test_user_files(void)
{
	char dir[] = "/tmp/berth-unit-XXXXXX", command[64], path[64];
	struct error err = { 0 };
	struct user user;
	int root;

	ok(mkdtemp(dir) != NULL, "a root");
	root = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	ok(!mkdirat(root, "etc", 0755) && !mkfifoat(root, "etc/group", 0644), "a pipe for its groups");
	ok(!user_resolve(root, "5", NULL, 0, &user, &err) && user.uid == 5, "which nobody waits for (%s)", err.message);
	if (!getuid()) {
		snprintf(path, sizeof(path), "%s/etc/passwd", dir);
		ok(!mknod(path, S_IFCHR | 0644, makedev(241, 99)), "a device for its users");
		ok(!user_resolve(root, "5", NULL, 0, &user, &err) && user.uid == 5, "which nobody opens (%s)", err.message);
		ok(!unlink(path) && !symlink("/proc/self/fd/0", path), "a link to a descriptor");
		ok(!user_resolve(root, "5", NULL, 0, &user, &err) && user.uid == 5, "which nobody follows (%s)", err.message);
	}
	close(root);
	snprintf(command, sizeof(command), "rm -r %s", dir);
	ok(system(command) == 0, "removed");
}

static void test_id_maps(void)
{
	static const char *const bad[] = { "0 1",      "0 1 2 3\n", "0 1 x\n",		 "-1 1 1\n",	     "0 1 0\n", "0 4294967295 1\n",
					   "0 1  2\n", "\n",	     "4294967000 1 300\n", "0 99999999999 1\n", " 0 1 2\n" };
	static struct idmap map;
	static struct idmaps maps;
	struct error err = { 0 };
	uint32_t id = 0, group = 0;
	char *text, *at;

	ok(!idmap_parse(NULL, &map, &err) && map.count == 0 && idmap_outside(&map, 7, &id) && id == 7 && idmap_inside(&map, 8, &id) && id == 8,
	   "without ranges ids are themselves");
	ok(!idmap_parse("0 100000 10\n10 500000 5", &map, &err) && map.count == 2, "a map of two ranges (%s)", err.message);
	ok(idmap_outside(&map, 0, &id) && id == 100000 && idmap_outside(&map, 9, &id) && id == 100009, "the first range");
	ok(idmap_outside(&map, 10, &id) && id == 500000 && idmap_outside(&map, 14, &id) && id == 500004, "the second");
	ok(!idmap_outside(&map, 15, &id), "what is behind both has no id outside");
	ok(idmap_inside(&map, 500004, &id) && id == 14 && idmap_inside(&map, 100000, &id) && id == 0, "and back");
	ok(!idmap_inside(&map, 0, &id) && !idmap_inside(&map, 100010, &id) && !idmap_inside(&map, 500005, &id), "others have none inside");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ok(idmap_parse(bad[i], &map, &err) && err.code == EINVAL, "no map: number %zu", i);
	text = at = malloc(IDMAP_TEXT + 64);
	for (int i = 0; i <= ID_RANGES_MOST; i++)
		at += sprintf(at, "%d %d 1\n", i, i);
	ok(idmap_parse(text, &map, &err), "more ranges than the kernel takes are refused");
	free(text);
	idmap_parse("0 100000 10", &maps.uids, &err);
	idmap_parse("0 200000 10", &maps.gids, &err);
	idmaps_root(&maps, &id, &group);
	ok(id == 100000 && group == 200000, "root has the ids that 0 has");
	idmaps_root(NULL, &id, &group);
	ok(id == 0 && group == 0, "without maps it is root");
	id = 100000;
	group = 200000;
	ok(!idmaps_outside(&maps, &id, &group, &err) && id == 100000 && group == 200000, "root of the outside stays");
	id = 5;
	group = 10;
	ok(idmaps_outside(&maps, &id, &group, &err) && !strcmp(err.message, "container ID 10 cannot be mapped to a host ID"),
	   "a group without an id outside is refused (%s)", err.message);
}

static void test_criu_messages(void)
{
	/* criu_req {type = DUMP, opts = {pid = 300, leave_running = 1, external = "a"}}, by protobuf's encoding. */
	static const uint8_t expected[] = { 0x10, 0xac, 0x02, 0x18, 0x01, 0xaa, 0x02, 0x01, 'a' };
	static const uint8_t answer[] = { 0x08, 0x02, 0x10, 0x01, 0x22, 0x03, 0x08, 0xac, 0x02, 0x38, 0x10,
					  0x4a, 0x02, 'n',  'o',  0x58, 0x01, 0x65, 1,	  2,	3,    4 };
	static const uint8_t notice[] = { 0x08, 0x06, 0x10, 0x01, 0x2a, 0x07, 0x0a, 0x02, 'x', 'y', 0x10, 0xac, 0x02 };
	struct criu_message m = { 0 }, outer = { 0 };
	struct criu_answer a;

	criu_put_number(&m, CRIU_PID, 300);
	criu_put_number(&m, CRIU_LEAVE_RUNNING, true);
	criu_put_text(&m, CRIU_EXTERNAL, "a");
	ok(m.size == sizeof(expected) && !memcmp(m.bytes, expected, m.size), "a message to CRIU");
	criu_put_message(&outer, 2, &m);
	ok(outer.size == m.size + 2 && outer.bytes[0] == 0x12 && outer.bytes[1] == m.size, "in another");
	criu_message_free(&m);
	criu_message_free(&outer);
	ok(!criu_answer_parse(answer, sizeof(answer), &a) && a.type == CRIU_RESTORE && a.success && a.pid == 300 &&
		   a.code == 16 && !strcmp(a.message, "no"),
	   "an answer, with fields nobody asked for");
	ok(!criu_answer_parse(notice, sizeof(notice), &a) && a.type == CRIU_NOTIFIED && a.pid == 300 && !strcmp(a.script, "xy"),
	   "a notice");
	ok(!criu_answer_parse((const uint8_t *)"\x08\x0a\x10\x01\x52\x06\x08\x03\x10\x11\x20\x01", 12, &a) && a.version == 317,
	   "a version");
	for (size_t size = 1; size < sizeof(notice); size++)
		criu_answer_parse(notice, size, &a);
	ok(criu_answer_parse(answer, sizeof(answer) - 1, &a) && criu_answer_parse((const uint8_t *)"\x22\xff\x01", 3, &a) &&
		   criu_answer_parse((const uint8_t *)"\x0b", 1, &a),
	   "one that is cut off, or claims too much, is none");
}

static void test_criu_logs(void)
{
	static const char log[] = "Error (criu/util.c:1): first\n(00.1) Warn  (a.c:2): not\n(00.2) Error (b.c:3): second\n"
				  "no Error (at: all): x\n(00.3) Error (c.c:4): third: e: no\nError (d.c:5): fourth\n";
	char dir[] = "/tmp/berth-unit-XXXXXX", command[64];
	struct criu_answer answer = { .code = 16, .message = "Error\nmore" };
	struct error err;
	int fd, root;

	ok(mkdtemp(dir) != NULL, "a directory");
	root = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	criu_failure(root, "log", &answer, &err);
	ok(err.code == 16 && !strcmp(err.message, "criu failed: Error"), "without a log, what it answers (%s)", err.message);
	fd = openat(root, "log", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	ok(!fd_write_all(fd, log, sizeof(log) - 1), "a log");
	close(fd);
	criu_failure(root, "log", &answer, &err);
	ok(!strcmp(err.message, "criu failed: second; third: e: no; fourth"), "its last errors (%s)", err.message);
	close(root);
	snprintf(command, sizeof(command), "rm -r %s", dir);
	ok(system(command) == 0, "removed");
}

int main(void)
{
	test_errors();
	test_json();
	test_round_trip();
	test_hostile_plans();
	test_refusals();
	test_users();
	test_user_files();
	test_cgroup_paths();
	test_paths_in_root();
	test_seccomp_cache();
	test_id_maps();
	test_criu_messages();
	test_criu_logs();
	ok(capability_number("sys_admin") == 21 && capability_number("CAP_X") < 0 && capability_name(41) == NULL,
	   "names of capabilities");
	return tap_done();
}
