/* volume.*: what a new volume begins with, and the file systems behind volumes that are more than a directory. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "../lib/fd.h"
#include "copy.h"
#include "executor.h"
#include "rootfs.h"

#ifndef STATX_ATTR_MOUNT_ROOT
#define STATX_ATTR_MOUNT_ROOT 0x00002000
#endif

#define PROPAGATION (MS_PRIVATE | MS_SHARED | MS_SLAVE | MS_UNBINDABLE)

static int is_cancelled(const void *arg)
{
	return request_cancelled(arg);
}

/* A volume's directory: the last part of its path is no link, whoever may have written into the volume. */
static int open_target(const char *target, struct error *err)
{
	int fd = target ? open(target, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;

	if (!target)
		return error_text(err, EINVAL, "target is needed");
	return fd < 0 ? error_set(err, errno, "open %s", target) : fd;
}

static bool is_mounted(int fd)
{
	struct statx status;

	return statx(fd, "", AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW, 0, &status) == 0 &&
	       status.stx_attributes & STATX_ATTR_MOUNT_ROOT;
}

/*
 * mount(2) as it is told. The kernel takes neither propagation nor, for a bind, read-only together with the rest: they are calls
 * of their own, by the path, for a descriptor from before shows what is below.
 */
static int mount_volume(struct json_object *m, const char *target, int fd, struct error *err)
{
	const char *source = field_string(m, "source"), *type = field_string(m, "type"), *data = field_string(m, "data");
	unsigned long flags = (unsigned long)field_int(m, "flags"), kinds = flags & PROPAGATION;
	unsigned long plain = flags & ~(kinds | (kinds && !(flags & MS_BIND) ? MS_REC : 0));
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (mount(source ? source : "", path, type ? type : "", plain, data && *data ? data : NULL))
		return error_set(err, errno, "mount");
	if ((kinds && mount("", target, "", kinds | (flags & MS_REC), NULL)) ||
	    ((flags & (MS_BIND | MS_RDONLY)) == (MS_BIND | MS_RDONLY) &&
	     mount("", target, "", plain | MS_REMOUNT, NULL))) {
		error_set(err, errno, "mount");
		(void)umount2(target, MNT_DETACH | UMOUNT_NOFOLLOW);
		return -1;
	}
	return 0;
}

void op_volume_mount(struct request *r)
{
	const char *target = field_string(r->params, "target");
	struct error err = { 0 };
	scoped_fd int fd = open_target(target, &err);

	/* One that is there is that of a container which runs already. */
	if (fd < 0 || (!is_mounted(fd) && mount_volume(r->params, target, fd, &err)))
		request_refuse(r, NULL, &err);
	else
		request_answer(r, NULL);
}

void op_volume_unmount(struct request *r)
{
	const char *target = field_string(r->params, "target");
	struct error err = { 0 };
	scoped_fd int fd = open_target(target, &err);

	if (fd < 0)
		request_refuse(r, NULL, &err);
	else if (is_mounted(fd) && umount2(target, MNT_DETACH | UMOUNT_NOFOLLOW) && errno != EINVAL)
		request_fail(r, NULL, errno, "unmount %s: %s", target, errno_text(errno));
	else
		request_answer(r, NULL);
}

/* Copies into the volume, which is mounted for that when it is a file system of its own and not in use. */
static int populate(struct request *r, int from, const char *target, struct error *err)
{
	struct json_object *m = field_object(r->params, "mount");
	scoped_fd int place = open_target(target, err);
	bool mounted = false;
	int state = -1;

	if (place < 0)
		return -1;
	if (m && !is_mounted(place)) {
		if (mount_volume(m, target, place, err))
			return error_stage(err, "volume");
		mounted = true;
	}
	{
		scoped_fd int to = open(target, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

		state = to < 0 ? error_set(err, errno, "open %s", target) : copy_tree(from, to, is_cancelled, r, err);
	}
	if (mounted)
		(void)umount2(target, MNT_DETACH | UMOUNT_NOFOLLOW);
	return state;
}

void op_volume_populate(struct request *r)
{
	const char *path = field_string(r->params, "path"), *target = field_string(r->params, "target");
	struct error err = { 0 };
	bool is_mount;
	scoped_fd int root = rootfs_open(field_object(r->params, "rootfs"), ROOTFS_LOOK, &is_mount, &err);
	scoped_fd int from = -1;

	if (root < 0) {
		request_refuse(r, NULL, &err);
		return;
	}
	if (!path || !target) {
		request_fail(r, "invalid-argument", EINVAL, "path and target are needed");
		return;
	}
	from = fd_open_in_root(root, path, O_RDONLY | O_DIRECTORY, 0);
	if (from < 0 && (errno == ENOENT || errno == ENOTDIR)) {
		/* The image has nothing there: the volume stays empty. */
		request_answer(r, NULL);
		return;
	}
	if (from < 0)
		request_fail(r, NULL, errno, "open %s: %s", path, errno_text(errno));
	else if (populate(r, from, target, &err) < 0)
		request_refuse(r, NULL, &err);
	else
		request_answer(r, NULL);
}
