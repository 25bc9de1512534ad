#include "checkpoint-mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cgroup-file.h"
#include "fd.h"
#include "kernel.h"
#include "mount-fs.h"
#include "plan.h"

#ifndef CLONE_NEWCGROUP
#define CLONE_NEWCGROUP 0x02000000
#endif

#define MOUNTINFO_MAX (8u << 20)

/* One line of mountinfo. Source: proc_pid_mountinfo(5). */
struct mount_line {
	unsigned long id;
	char *point, *type;
	bool named;
};

struct mount_table {
	char *text;
	struct mount_line *lines;
	size_t count;
};

/* Spaces and backslashes are written as three octal digits. */
static void unescape(char *text)
{
	char *to = text;

	for (const char *at = text; *at; at++) {
		if (at[0] == '\\' && at[1] && at[2] && at[3]) {
			*to++ = (char)((at[1] - '0') << 6 | (at[2] - '0') << 3 | (at[3] - '0'));
			at += 3;
		} else {
			*to++ = *at;
		}
	}
	*to = '\0';
}

static bool read_line(char *text, struct mount_line *line)
{
	char *words = strstr(text, " - ");

	if (!words)
		return false;
	*words = '\0';
	line->type = words + 3;
	line->type[strcspn(line->type, " ")] = '\0';
	line->id = strtoul(text, NULL, 10);
	line->point = text;
	line->named = false;
	for (int i = 0; i < 4 && line->point; i++) {
		line->point = strchr(line->point, ' ');
		line->point += line->point != NULL;
	}
	if (!line->point)
		return false;
	line->point[strcspn(line->point, " ")] = '\0';
	unescape(line->point);
	return true;
}

static int table_read(struct mount_table *table, pid_t pid, struct error *err)
{
	char path[64], *rest;
	size_t size, room = 0;
	scoped_fd int fd = -1;

	snprintf(path, sizeof(path), "/proc/%d/mountinfo", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return error_set(err, errno, "open %s", path);
	table->text = fd_read_text(fd, MOUNTINFO_MAX, &size, err);
	if (!table->text)
		return -1;
	for (size_t i = 0; i < size; i++)
		room += table->text[i] == '\n';
	table->lines = calloc(room + 1, sizeof(*table->lines));
	if (!table->lines)
		return error_set(err, ENOMEM, "read %s", path);
	rest = table->text;
	for (char *line; table->count < room && (line = strsep(&rest, "\n"));)
		table->count += read_line(line, &table->lines[table->count]);
	return 0;
}

static void table_free(struct mount_table *table)
{
	free(table->lines);
	free(table->text);
}

/* The mount that is seen at path below root; NULL when nothing is there. */
static struct mount_line *table_find(const struct mount_table *table, int root, const char *path)
{
	char text[512] = "", name[64];
	unsigned long id;
	const char *at;
	scoped_fd int place = fd_open_in_root(root, path, O_PATH, 0);
	scoped_fd int info = -1;

	snprintf(name, sizeof(name), "/proc/self/fdinfo/%d", place);
	info = place < 0 ? -1 : open(name, O_RDONLY | O_CLOEXEC);
	if (info < 0 || fd_read_all(info, text, sizeof(text) - 1) < 0)
		return NULL;
	at = strstr(text, "mnt_id:");
	id = at ? strtoul(at + 7, NULL, 10) : 0;
	for (size_t i = 0; i < table->count; i++)
		if (table->lines[i].id == id)
			return &table->lines[i];
	return NULL;
}

__attribute__((format(printf, 3, 4))) static void put_external(struct criu_message *options, const char *place,
							       const char *format, ...)
{
	char name[PATH_MAX], text[2 * PATH_MAX + 16];
	va_list args;

	va_start(args, format);
	vsnprintf(name, sizeof(name), format, args);
	va_end(args);
	snprintf(text, sizeof(text), "mnt[%s]:%s", place, name);
	criu_put_text(options, CRIU_EXTERNAL, text);
}

static bool is_bind(const struct plan_mount *m)
{
	return m->flags & PLAN_MOUNT_BIND && !(m->flags & PLAN_MOUNT_REMOUNT);
}

int checkpoint_name_mounts(struct criu_message *options, const struct plan *plan, pid_t pid, struct error *err)
{
	const struct plan_mount *mounts = plan_items(plan, plan->mounts);
	struct mount_table table = { 0 };
	char path[64];
	scoped_fd int root = -1;
	int result = table_read(&table, pid, err);

	snprintf(path, sizeof(path), "/proc/%d/root", (int)pid);
	root = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (!result && root < 0)
		result = error_set(err, errno, "open %s", path);
	for (uint32_t i = 0; !result && i < plan->mounts.count; i++) {
		const char *destination = plan_text(plan, mounts[i].destination);
		struct mount_line *line = is_bind(&mounts[i]) ? table_find(&table, root, destination) : NULL;

		/* What is covered by a later mount is not found, and CRIU will say that it cannot be written down. */
		if (!line || line->named || !strcmp(line->point, "/"))
			continue;
		line->named = true;
		put_external(options, line->point, "%s", destination);
	}
	for (size_t i = 0; !result && i < table.count; i++) {
		const struct mount_line *line = &table.lines[i];

		if (!line->named && !strcmp(line->type, "cgroup2"))
			put_external(options, line->point, "cgroup2");
		else if (!line->named && !strcmp(line->type, "cgroup"))
			put_external(options, line->point, "cgroup:%s", strrchr(line->point, '/') + 1);
	}
	table_free(&table);
	return result;
}

/* Attaches the mount behind fd at <stage>/<name>, a place that is made. */
static int attach(int fd, const char *stage, const char *name, struct error *err)
{
	char path[PATH_MAX];
	struct stat status;
	scoped_fd int target = -1;

	snprintf(path, sizeof(path), "%s/%s", stage, name);
	if (fstat(fd, &status) || (S_ISDIR(status.st_mode) ? mkdir(path, 0700) : mknod(path, S_IFREG | 0600, 0)))
		return error_set(err, errno, "make %s", path);
	target = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (target < 0 || k_move_mount(fd, target))
		return error_set(err, errno, "attach %s", path);
	return 0;
}

static int attach_root(const struct plan *plan, const struct launch_io *io, const char *stage, struct error *err)
{
	const char *path = plan_text(plan, plan->rootfs);
	scoped_fd int made = -1;
	int root = io->rootfs;

	if (root < 0)
		root = made = path ? k_open_tree(AT_FDCWD, path, K_OPEN_TREE_CLONE | AT_RECURSIVE) : -1;
	if (root < 0)
		return error_set(err, path ? errno : EINVAL, "open root filesystem %s", path ? path : "");
	return attach(root, stage, "root", err);
}

/* The container's part of the v2 tree: new in its cgroup namespace, or the host's, as in the first run. */
static int attach_cgroup2(const struct plan *plan, const char *stage, struct error *err)
{
	bool listed;
	scoped_fd int fs = -1;
	scoped_fd int fd = -1;

	(void)plan_namespace_path(plan, CLONE_NEWCGROUP, &listed);
	if (listed)
		fs = (int)syscall(SYS_fsopen, "cgroup2", K_FSOPEN_CLOEXEC);
	if (fs >= 0 && !syscall(SYS_fsconfig, fs, K_FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		fd = (int)syscall(SYS_fsmount, fs, K_FSMOUNT_CLOEXEC, 0);
	if (fd < 0)
		fd = k_open_tree(AT_FDCWD, "/sys/fs/cgroup", K_OPEN_TREE_CLONE | AT_RECURSIVE);
	return fd < 0 ? error_set(err, errno, "open /sys/fs/cgroup") : attach(fd, stage, "cgroup2", err);
}

static int source_of(const struct launch_io *io, uint32_t mount)
{
	for (unsigned i = 0; i < io->source_count; i++)
		if (io->sources[i].mount == mount)
			return io->sources[i].fd;
	return -1;
}

int checkpoint_attach_mounts(const struct plan *plan, const struct launch_io *io, const char *stage, struct error *err)
{
	const struct plan_mount *mounts = plan_items(plan, plan->mounts);
	struct cgroup_machine machine;

	if (attach_root(plan, io, stage, err) || cgroup_probe(&machine, err))
		return -1;
	for (uint32_t i = 0; i < plan->mounts.count; i++) {
		scoped_fd int made = -1;
		char name[16];
		int source;

		if (!is_bind(&mounts[i]))
			continue;
		source = source_of(io, i);
		if (source < 0)
			source = made = mount_bind_new(plan, &mounts[i], err);
		snprintf(name, sizeof(name), "%u", i);
		if (source < 0 || attach(source, stage, name, err))
			return -1;
	}
	return machine.version == 2 ? attach_cgroup2(plan, stage, err) : 0;
}

void checkpoint_place_mounts(struct criu_message *options, const struct plan *plan, const struct cgroup *cgroup,
			     const char *stage)
{
	const struct plan_mount *mounts = plan_items(plan, plan->mounts);
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/root", stage);
	criu_put_text(options, CRIU_ROOT, path);
	for (uint32_t i = 0; i < plan->mounts.count; i++)
		if (is_bind(&mounts[i]))
			put_external(options, plan_text(plan, mounts[i].destination), "%s/%u", stage, i);
	if (cgroup->machine.version == 2)
		put_external(options, "cgroup2", "%s/cgroup2", stage);
	for (int i = 0; cgroup->machine.version == 1 && i < CGROUP_UNIFIED; i++) {
		char name[128];

		if (cgroup_repeats(cgroup, i) || cgroup_directory(cgroup, i, path, sizeof(path)) < 0)
			continue;
		snprintf(name, sizeof(name), "cgroup:%s", strrchr(cgroup->machine.mount[i], '/') + 1);
		put_external(options, name, "%s", path);
	}
}
