#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "child.h"
#include "fd.h"
#include "kernel.h"
#include "mount-fs.h"

static bool text_is(const char *a, const char *b)
{
	return a && !strcmp(a, b);
}

/* The root of procfs, whole: inode 1. */
static bool is_proc_root(int fd)
{
	struct statfs fs;
	struct stat status;

	return !fstatfs(fd, &fs) && !fstat(fd, &status) && fs.f_type == PROC_SUPER_MAGIC && status.st_ino == 1;
}

/* What /proc of the container is at this moment, mounted or not. */
static bool is_proc_place(const struct child *c, const struct stat *target)
{
	struct stat proc;
	scoped_fd int fd = fd_open_in_root(c->root, "/proc", O_PATH, 0);

	return fd >= 0 && !fstat(fd, &proc) && proc.st_dev == target->st_dev && proc.st_ino == target->st_ino;
}

/*
 * Nothing but procfs may be put on /proc or on procfs: a fake /proc/self/attr or /proc/sys would make later writes go astray. The
 * exceptions are files that only tell (as lxcfs replaces them). Judged by what is there, not by how the path is spelt.
 */
static int check_proc_target(const struct child *c, const struct plan_mount *m, int target, int source, struct error *err)
{
	static const char *const allowed[] = { "/proc/cpuinfo", "/proc/diskstats", "/proc/meminfo", "/proc/stat",
					       "/proc/swaps",	"/proc/uptime",	   "/proc/loadavg", "/proc/slabinfo",
					       "/proc/net/dev", "/proc/sys/kernel/ns_last_pid" };
	const char *destination = plan_text(c->plan, m->destination);
	struct statfs fs;
	struct stat status;

	if (fstatfs(target, &fs) || fstat(target, &status))
		return error_set(err, errno, "stat %s", destination);
	if (is_proc_place(c, &status)) {
		if (source < 0 ? text_is(plan_text(c->plan, m->type), "proc") : is_proc_root(source))
			return 0;
		return error_text(err, EINVAL, "\"%s\" cannot be mounted because it is not of type proc", destination);
	}
	if (fs.f_type != PROC_SUPER_MAGIC || (status.st_ino == 1 && text_is(plan_text(c->plan, m->type), "proc")))
		return 0;
	for (size_t i = 0; i < sizeof(allowed) / sizeof(allowed[0]); i++)
		if (!strcmp(destination, allowed[i]))
			return 0;
	return error_text(err, EINVAL, "\"%s\" cannot be mounted because it is inside /proc", destination);
}

/* procfs and sysfs on a link would let an image choose where they land. */
static int check_ordinary(const struct child *c, const struct plan_mount *m, struct error *err)
{
	const char *type = plan_text(c->plan, m->type), *destination = plan_text(c->plan, m->destination);
	struct stat status;
	scoped_fd int fd = -1;

	if (!text_is(type, "proc") && !text_is(type, "sysfs"))
		return 0;
	fd = fd_open_in_root(c->root, destination, O_PATH | O_NOFOLLOW, 0);
	if (fd < 0)
		return errno == ENOENT ? 0 : error_set(err, errno, "open %s", destination);
	if (fstat(fd, &status) || !S_ISDIR(status.st_mode))
		return error_text(err, ENOTDIR, "filesystem \"%s\" must be mounted on ordinary directory", type);
	return 0;
}

/* The place for a mount, made when it is missing: a file for a file. Returns an O_PATH descriptor. */
static int open_target(const struct child *c, const struct plan_mount *m, int source, struct error *err)
{
	const char *destination = plan_text(c->plan, m->destination);
	struct stat status = { .st_mode = S_IFDIR }, there;
	int target;

	if (source >= 0 && fstat(source, &status))
		return error_set(err, errno, "stat %s", plan_text(c->plan, m->source));
	if (S_ISDIR(status.st_mode))
		target = fd_mkdir_in_root(c->root, destination, 0755, (uid_t)-1, (gid_t)-1);
	else
		target = fd_mkfile_in_root(c->root, destination, 0755);
	if (target < 0)
		return error_set(err, errno, "create mountpoint %s", destination);
	if (!fstat(target, &there) && S_ISDIR(there.st_mode) != S_ISDIR(status.st_mode)) {
		close(target);
		return error_set(err, ENOTDIR, "mount src=%s, dst=%s", plan_text(c->plan, m->source), destination);
	}
	if (check_proc_target(c, m, target, m->flags & PLAN_MOUNT_BIND ? source : -1, err)) {
		close(target);
		return -1;
	}
	return target;
}

static int set_propagation(int mount_fd, const struct plan_mount *m, struct error *err)
{
	for (int i = 0; i < 2; i++) {
		uint32_t kind = m->propagation[i];

		if (kind && k_mount_setattr(mount_fd, kind & MS_REC ? AT_RECURSIVE : 0, 0, 0, kind & ~(uint32_t)MS_REC, -1))
			return error_set(err, errno, "propagation");
	}
	return 0;
}

static int attach(const struct plan_mount *m, int mount_fd, int target, struct error *err)
{
	if (k_move_mount(mount_fd, target))
		return error_set(err, errno, "move_mount");
	return set_propagation(mount_fd, m, err);
}

static int mount_bind(struct child *c, const struct plan_mount *m, int given, struct error *err)
{
	scoped_fd int source = given >= 0 ? given : mount_bind_new(c->plan, m, err);
	scoped_fd int target = -1;

	if (source < 0 || mount_attributes(source, m, err))
		return -1;
	target = open_target(c, m, source, err);
	return target < 0 ? -1 : attach(m, source, target, err);
}

/* Attributes that would stop us from filling the mount are set when all is in it. */
static bool late_readonly(const struct child *c, const struct plan_mount *m)
{
	return m->attr_set & K_ATTR_RDONLY && (m->flags & PLAN_MOUNT_TMPCOPYUP ||
					       text_is(plan_text(c->plan, m->destination), "/dev"));
}

static int mount_fs(struct child *c, const struct plan_mount *m, struct error *err)
{
	uint64_t attrs = m->attr_set & ~(uint64_t)(late_readonly(c, m) ? K_ATTR_RDONLY : 0);
	struct stat status;
	scoped_fd int target = -1;
	scoped_fd int mount_fd = -1;
	scoped_fd int before = fd_open_in_root(c->root, plan_text(c->plan, m->destination), O_PATH | O_DIRECTORY, 0);

	if (check_ordinary(c, m, err))
		return -1;
	/* A tmpfs takes the mode of the directory it covers, unless it is given one. */
	mount_fd = mount_fs_new(c->plan, m, attrs, before >= 0 && !fstat(before, &status) ? status.st_mode & 07777 : 0, err);
	if (mount_fd < 0)
		return -1;
	target = open_target(c, m, -1, err);
	if (target < 0)
		return -1;
	if (m->flags & PLAN_MOUNT_TMPCOPYUP && before >= 0 && tree_copy(before, mount_fd, err))
		return -1;
	if (m->flags & PLAN_MOUNT_TMPCOPYUP && late_readonly(c, m) && k_mount_setattr(mount_fd, 0, K_ATTR_RDONLY, 0, 0, -1))
		return error_set(err, errno, "read-only");
	return attach(m, mount_fd, target, err);
}

static int remount(struct child *c, const struct plan_mount *m, struct error *err)
{
	const char *destination = plan_text(c->plan, m->destination), *data = plan_text(c->plan, m->data);
	char path[64];
	scoped_fd int target = fd_open_in_root(c->root, destination, O_PATH, 0);

	if (target < 0)
		return error_set(err, errno, "open %s", destination);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", target);
	if ((data || m->super) && mount("", path, "", MS_REMOUNT | m->super, data))
		return error_set(err, errno, "remount");
	return mount_attributes(target, m, err);
}

static int mount_one(struct child *c, const struct plan_mount *m, int given, struct error *err)
{
	const char *type = plan_text(c->plan, m->type);
	int result;

	if (m->flags & PLAN_MOUNT_REMOUNT)
		result = remount(c, m, err);
	else if (m->flags & PLAN_MOUNT_BIND)
		result = mount_bind(c, m, given, err);
	else if (text_is(type, "cgroup")) {
		scoped_fd int target = open_target(c, m, -1, err);

		result = target < 0 ? -1 : mount_cgroup(c, m, target, err);
	} else
		result = mount_fs(c, m, err);
	if (result)
		error_prefix(err, "error mounting \"%s\" to rootfs at \"%s\"",
			     plan_text(c->plan, m->source) ? plan_text(c->plan, m->source) : "",
			     plan_text(c->plan, m->destination));
	return result;
}

int child_mounts(struct child *c, struct error *err)
{
	const struct plan_mount *mounts = plan_items(c->plan, c->plan->mounts);

	for (uint32_t i = 0; i < c->plan->mounts.count; i++)
		if (mount_one(c, &mounts[i], c->sources ? c->sources[i] : -1, err))
			return -1;
	return 0;
}

int child_mount_options_late(struct child *c, struct error *err)
{
	const struct plan_mount *mounts = plan_items(c->plan, c->plan->mounts);

	for (uint32_t i = 0; i < c->plan->mounts.count; i++) {
		scoped_fd int fd = -1;

		if (!late_readonly(c, &mounts[i]) || mounts[i].flags & (PLAN_MOUNT_TMPCOPYUP | PLAN_MOUNT_BIND))
			continue;
		fd = fd_open_in_root(c->root, plan_text(c->plan, mounts[i].destination), O_PATH, 0);
		if (fd < 0 || k_mount_setattr(fd, 0, K_ATTR_RDONLY, 0, 0, -1))
			return error_set(err, errno, "make %s read-only", plan_text(c->plan, mounts[i].destination));
	}
	return 0;
}
