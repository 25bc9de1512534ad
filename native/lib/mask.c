#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "child.h"
#include "fd.h"
#include "kernel.h"
#include "mount-fs.h"

/* A path that is not there hides and reveals nothing. */
static bool is_absent(int code)
{
	return code == ENOENT || code == ENOTDIR;
}

/*
 * The container's own null device, checked to be it: not something that was put there, and not the host's node, whose
 * mode and owner a container must not reach. Read-only, so that not even its own can be changed through a mask.
 */
static int clone_null(struct child *c, struct error *err)
{
	struct stat status;
	scoped_fd int null = fd_open_in_root(c->root, "/dev/null", O_PATH | O_NOFOLLOW, 0);
	scoped_fd int mount_fd = -1;

	if (null < 0 || fstat(null, &status))
		return error_set(err, errno, "open /dev/null");
	if (!S_ISCHR(status.st_mode) || status.st_rdev != makedev(1, 3))
		return error_text(err, EINVAL, "/dev/null is not the null device");
	mount_fd = k_open_tree(null, "", K_OPEN_TREE_CLONE | AT_EMPTY_PATH);
	if (mount_fd < 0 || k_mount_setattr(mount_fd, 0, K_ATTR_RDONLY, 0, 0, -1))
		return error_set(err, errno, "clone /dev/null");
	return steal_fd(&mount_fd);
}

/* All directories share one empty file system; its first mount is attached and then cloned. */
static int cover_directory(int *empty, int target, struct error *err)
{
	scoped_fd int mount_fd = -1;

	if (*empty < 0)
		mount_fd = mount_tmpfs("nr_inodes=1", K_ATTR_RDONLY, err);
	else
		mount_fd = k_open_tree(*empty, "", K_OPEN_TREE_CLONE | AT_EMPTY_PATH);
	if (mount_fd < 0)
		return *empty < 0 ? -1 : error_set(err, errno, "clone the mask");
	if (k_move_mount(mount_fd, target))
		return error_set(err, errno, "attach the mask");
	if (*empty < 0)
		*empty = steal_fd(&mount_fd);
	return 0;
}

static int mask_path(struct child *c, const char *path, int *empty, struct error *err)
{
	struct stat status;
	scoped_fd int null = -1;
	scoped_fd int target = fd_open_in_root(c->root, path, O_PATH, 0);

	if (target < 0)
		return is_absent(errno) ? 0 : error_set(err, errno, "open %s", path);
	if (fstat(target, &status))
		return error_set(err, errno, "stat %s", path);
	if (S_ISDIR(status.st_mode))
		return cover_directory(empty, target, err);
	null = clone_null(c, err);
	if (null < 0)
		return -1;
	return k_move_mount(null, target) ? error_set(err, errno, "attach the mask") : 0;
}

static int freeze_path(struct child *c, const char *path, struct error *err)
{
	scoped_fd int tree = -1;
	scoped_fd int target = fd_open_in_root(c->root, path, O_PATH, 0);

	if (target < 0)
		return is_absent(errno) ? 0 : error_set(err, errno, "open %s", path);
	tree = k_open_tree(target, "", K_OPEN_TREE_CLONE | AT_RECURSIVE | AT_EMPTY_PATH);
	if (tree < 0 || k_mount_setattr(tree, 0, K_ATTR_RDONLY, 0, 0, -1) || k_move_mount(tree, target))
		return error_set(err, errno, "make %s read-only", path);
	return 0;
}

int child_masks(struct child *c, struct error *err)
{
	scoped_fd int empty = -1;

	for (uint32_t i = 0; i < c->plan->readonly_paths.count; i++)
		if (freeze_path(c, plan_text_at(c->plan, c->plan->readonly_paths, i), err))
			return -1;
	for (uint32_t i = 0; i < c->plan->masked_paths.count; i++) {
		const char *path = plan_text_at(c->plan, c->plan->masked_paths, i);

		if (mask_path(c, path, &empty, err))
			return error_prefix(err, "can't mask path \"%s\"", path);
	}
	return 0;
}
