#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "child.h"
#include "fd.h"
#include "kernel.h"

static bool is_device(int dir, const char *name, const struct plan_device *d)
{
	struct stat status;

	return !fstatat(dir, name, &status, AT_SYMLINK_NOFOLLOW) && (status.st_mode & S_IFMT) == d->type &&
	       (d->type == S_IFIFO || status.st_rdev == makedev(d->major, d->minor));
}

/* In a user namespace nodes cannot be made: the host's is bound. */
static int bind_device(struct child *c, const struct plan_device *d, struct error *err)
{
	const char *path = plan_text(c->plan, d->path);
	scoped_fd int source = k_open_tree(AT_FDCWD, path, K_OPEN_TREE_CLONE);
	scoped_fd int target = -1;
	struct stat status;

	if (source < 0 || fstat(source, &status))
		return error_set(err, errno, "open device %s", path);
	if ((status.st_mode & S_IFMT) != d->type || status.st_rdev != makedev(d->major, d->minor))
		return error_text(err, ENODEV, "device %s of the host is another device", path);
	target = fd_mkfile_in_root(c->root, path, 0);
	if (target < 0 || k_move_mount(source, target))
		return error_set(err, errno, "bind device %s", path);
	return 0;
}

static int make_device(struct child *c, const struct plan_device *d, struct error *err)
{
	const char *path = plan_text(c->plan, d->path), *name = strrchr(path, '/');
	char parent[512];
	scoped_fd int dir = -1;

	if (!name || !name[1] || (size_t)(name - path) >= sizeof(parent) || !strcmp(name, "/..") || !strcmp(name, "/."))
		return error_text(err, EINVAL, "invalid device path %.200s", path);
	snprintf(parent, sizeof(parent), "%.*s/", (int)(name - path), path);
	name++;
	dir = fd_mkdir_in_root(c->root, parent, 0755, (uid_t)-1, (gid_t)-1);
	if (dir < 0)
		return error_set(err, errno, "directory of device %s", path);
	if (mknodat(dir, name, d->type | d->mode, d->type == S_IFIFO ? 0 : makedev(d->major, d->minor))) {
		if (errno == EPERM)
			return bind_device(c, d, err);
		if (errno != EEXIST)
			return error_set(err, errno, "mknod %s", path);
		if (!is_device(dir, name, d))
			return error_text(err, EEXIST, "%s exists and is another file", path);
		return 0;
	}
	if ((d->uid || d->gid) && fchownat(dir, name, d->uid, d->gid, AT_SYMLINK_NOFOLLOW))
		return error_set(err, errno, "chown %s", path);
	return 0;
}

static int make_links(struct child *c, struct error *err)
{
	static const struct {
		const char *name, *target;
	} links[] = {
		{ "fd", "/proc/self/fd" },	  { "stdin", "/proc/self/fd/0" }, { "stdout", "/proc/self/fd/1" },
		{ "stderr", "/proc/self/fd/2" }, { "core", "/proc/kcore" },
	};
	scoped_fd int dev = fd_mkdir_in_root(c->root, "/dev", 0755, (uid_t)-1, (gid_t)-1);

	if (dev < 0)
		return error_set(err, errno, "open /dev");
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
		if (!strcmp(links[i].name, "core") && faccessat(c->proc, "kcore", F_OK, 0))
			continue;
		if (symlinkat(links[i].target, dev, links[i].name) && errno != EEXIST)
			return error_set(err, errno, "link /dev/%s", links[i].name);
	}
	/* The terminals of this devpts, whatever the image brought. */
	if (unlinkat(dev, "ptmx", 0) && errno != ENOENT)
		return error_set(err, errno, "remove /dev/ptmx");
	if (symlinkat("pts/ptmx", dev, "ptmx"))
		return error_set(err, errno, "link /dev/ptmx");
	return 0;
}

/* A bound /dev is the host's and stays as it is. */
static bool dev_is_bound(const struct child *c)
{
	const struct plan_mount *mounts = plan_items(c->plan, c->plan->mounts);
	bool bound = false;

	for (uint32_t i = 0; i < c->plan->mounts.count; i++) {
		const char *destination = plan_text(c->plan, mounts[i].destination);

		if (!strcmp(destination, "/dev") || !strcmp(destination, "/dev/"))
			bound = mounts[i].flags & PLAN_MOUNT_BIND;
	}
	return bound;
}

int child_devices(struct child *c, struct error *err)
{
	const struct plan_device *devices = plan_items(c->plan, c->plan->devices);
	mode_t mask;

	if (dev_is_bound(c))
		return 0;
	mask = umask(0);
	for (uint32_t i = 0; i < c->plan->devices.count; i++)
		if (make_device(c, &devices[i], err))
			return -1;
	umask(mask);
	return make_links(c, err);
}
