#include "sources.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "../lib/fd.h"
#include "../lib/kernel.h"
#include "request.h"
#include "rootfs.h"

static int open_beneath(int base, const char *path, uint64_t resolve)
{
	struct open_how how = { .flags = O_PATH | O_CLOEXEC, .resolve = resolve };

	return (int)syscall(SYS_openat2, base, path, &how, sizeof(how));
}

/* Where a mount came from is told by the words clients know from Docker. */
static int part_failure(const char *base, const char *part, int code, struct error *err)
{
	if (code == EXDEV || code == ELOOP)
		error_text(err, EXDEV, "path concatenation escapes the base directory, base: %s, subpath: %s", base, part);
	else
		error_set(err, code, "cannot access path %s/%s: lstat %s/%s", base, part, base, part);
	return error_stage(err, "subpath");
}

/* Before Linux 6.15 only what is attached can be cloned: attached for a moment, where nobody looks. */
static int clone_attached(int mount, const char *part, struct error *err)
{
	char point[] = "/run/berth-source-XXXXXX";
	scoped_fd int base = -1, at = -1;
	int clone = -1;

	if (!mkdtemp(point))
		return error_set(err, errno, "make a mount point");
	if (syscall(SYS_move_mount, mount, "", AT_FDCWD, point, K_MOVE_F_EMPTY_PATH)) {
		error_set(err, errno, "attach the source of a mount");
		rmdir(point);
		return -1;
	}
	base = open(point, O_PATH | O_DIRECTORY | O_CLOEXEC);
	at = base < 0 ? -1 : open_beneath(base, part, RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS);
	clone = at < 0 ? -1 : k_open_tree(at, "", K_OPEN_TREE_CLONE | AT_EMPTY_PATH);
	if (clone < 0)
		error_set(err, errno, "clone the source of a mount");
	umount2(point, MNT_DETACH | UMOUNT_NOFOLLOW);
	rmdir(point);
	return clone;
}

/* A clone of what is at `part` below base; links are followed as long as they stay below. name: of base, for the words. */
static int clone_part(int base, bool detached, const char *name, const char *part, struct error *err)
{
	scoped_fd int at = open_beneath(base, part, RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS);
	int clone;

	if (at < 0)
		return part_failure(name, part, errno, err);
	clone = k_open_tree(at, "", K_OPEN_TREE_CLONE | AT_EMPTY_PATH | (detached ? 0 : AT_RECURSIVE));
	if (clone < 0 && errno == EINVAL && detached)
		return clone_attached(base, part, err);
	return clone < 0 ? error_set(err, errno, "clone %s/%s", name, part) : clone;
}

/* A directory of the engine's own, or a part of it. */
static int open_directory(const char *path, const char *part, struct error *err)
{
	scoped_fd int base = open(path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (base < 0)
		return error_set(err, errno, "open %s", path);
	return clone_part(base, false, path, part ? part : ".", err);
}

static int open_image(struct json_object *rootfs, const char *part, const char *name, struct error *err)
{
	bool is_mount;
	scoped_fd int base = rootfs_open(rootfs, ROOTFS_LOOK, &is_mount, err);

	if (base < 0)
		return -1;
	return part ? clone_part(base, true, name ? name : "", part, err) : steal_fd(&base);
}

/* In the mount namespace of another: its /dev/shm, which must be memory and no link. */
static int clone_shm(struct error *err)
{
	scoped_fd int at = open_beneath(AT_FDCWD, "/dev/shm", RESOLVE_NO_SYMLINKS);
	struct statfs fs;
	int clone;

	if (at < 0 || fstatfs(at, &fs))
		return error_set(err, errno, "open /dev/shm");
	if (fs.f_type != TMPFS_MAGIC)
		return error_text(err, EINVAL, "/dev/shm of the other container is no tmpfs");
	clone = k_open_tree(at, "", K_OPEN_TREE_CLONE | AT_EMPTY_PATH);
	return clone < 0 ? error_set(err, errno, "clone /dev/shm") : clone;
}

/*
 * A mount can be cloned only by who is in its namespace. This thread goes there and comes back; it must not stay, for what it
 * does next is by paths of the host.
 */
static int open_shm(pid_t pid, struct error *err)
{
	scoped_fd int own = open("/proc/thread-self/ns/mnt", O_RDONLY | O_CLOEXEC);
	scoped_fd int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	scoped_fd int here = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	scoped_fd int other = -1;
	char path[64];
	int clone;

	snprintf(path, sizeof(path), "/proc/%d/ns/mnt", (int)pid);
	other = open(path, O_RDONLY | O_CLOEXEC);
	if (own < 0 || root < 0 || here < 0 || other < 0 || setns(other, CLONE_NEWNS))
		return error_set(err, errno, "enter the mount namespace of the other container");
	clone = clone_shm(err);
	if (setns(own, CLONE_NEWNS) || fchdir(root) || chroot(".") || fchdir(here))
		abort();
	return clone;
}

int source_open(struct json_object *given, struct error *err)
{
	const char *path = field_string(given, "path"), *part = field_string(given, "subpath");
	struct json_object *rootfs = field_object(given, "rootfs");
	int64_t pid = field_int(given, "shmOf");

	if (part && !*part)
		part = NULL;
	if (pid > 0)
		return open_shm((pid_t)pid, err);
	if (rootfs)
		return open_image(rootfs, part, path, err);
	return path ? open_directory(path, part, err) : error_text(err, EINVAL, "a source needs a path, rootfs or shmOf");
}

int sources_open(struct json_object *given, struct sources *out, struct error *err)
{
	size_t count = given ? json_object_array_length(given) : 0;

	*out = (struct sources){ 0 };
	if (count == 0)
		return 0;
	out->list = calloc(count, sizeof(*out->list));
	if (!out->list)
		return error_text(err, ENOMEM, "no memory");
	for (size_t i = 0; i < count; i++) {
		struct json_object *entry = json_object_array_get_idx(given, i);
		int fd = source_open(entry, err);

		if (fd < 0)
			return -1;
		/* A clone is its original's peer: what is mounted inside must not reach the host. */
		if (k_mount_setattr(fd, AT_RECURSIVE, 0, 0, MS_SLAVE, -1)) {
			error_set(err, errno, "propagation");
			close(fd);
			return -1;
		}
		out->list[out->count++] = (struct source){ (uint32_t)field_int(entry, "mount"), fd };
	}
	return 0;
}

void sources_close(struct sources *sources)
{
	for (unsigned i = 0; i < sources->count; i++)
		close(sources->list[i].fd);
	free(sources->list);
	*sources = (struct sources){ 0 };
}
