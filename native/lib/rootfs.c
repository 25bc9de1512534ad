#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "child.h"
#include "fd.h"
#include "kernel.h"
#include "mount-fs.h"

/*
 * Binds that are to share mounts with the host are cloned while this namespace still has the host's peers; afterwards
 * it only follows the host.
 */
static int open_shared_sources(struct child *c, struct error *err)
{
	const struct plan_mount *mounts = plan_items(c->plan, c->plan->mounts);

	for (uint32_t i = 0; i < c->plan->mounts.count; i++) {
		if (!(mounts[i].flags & PLAN_MOUNT_BIND) || !((mounts[i].propagation[0] | mounts[i].propagation[1]) & MS_SHARED))
			continue;
		if (!c->sources) {
			c->sources = malloc(c->plan->mounts.count * sizeof(*c->sources));
			if (!c->sources)
				return error_set(err, ENOMEM, "mounts");
			for (uint32_t j = 0; j < c->plan->mounts.count; j++)
				c->sources[j] = -1;
		}
		if (c->sources[i] < 0)
			c->sources[i] = mount_bind_new(c->plan, &mounts[i], err);
		if (c->sources[i] < 0)
			return -1;
	}
	return 0;
}

/*
 * The root becomes a mount of its own, on top of "/" of the new mount namespace. There it needs no mount point that
 * a user namespace could see, and pivot_root(".", ".") finds it by its descriptor.
 */
int child_open_root(struct child *c, struct error *err)
{
	const char *path = plan_text(c->plan, c->plan->rootfs);
	uint32_t propagation = c->plan->root_propagation;
	scoped_fd int here = -1;

	if (open_shared_sources(c, err))
		return -1;
	/* What is mounted inside must not reach the host. The host's mounts arrive only with slave or shared. */
	propagation = propagation & (MS_PRIVATE | MS_UNBINDABLE) ? MS_REC | MS_PRIVATE : MS_REC | MS_SLAVE;
	if (mount(NULL, "/", NULL, propagation, NULL))
		return error_set(err, errno, "make / %s", propagation & MS_PRIVATE ? "rprivate" : "rslave");
	if (c->io.rootfs >= 0) {
		c->root = c->io.rootfs;
	} else {
		if (!path)
			return error_text(err, EINVAL, "no root filesystem");
		c->root = k_open_tree(AT_FDCWD, path, K_OPEN_TREE_CLONE | AT_RECURSIVE);
		if (c->root < 0)
			return error_set(err, errno, "open root filesystem %s", path);
	}
	here = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (here < 0 || k_move_mount(c->root, here))
		return error_set(err, errno, "attach root filesystem");
	/* A clone of a shared mount is its peer. */
	if (k_mount_setattr(c->root, AT_RECURSIVE, 0, 0, propagation & ~(uint32_t)MS_REC, -1))
		return error_set(err, errno, "root propagation");
	return 0;
}

/*
 * Where pivot_root cannot be: the root is the initramfs itself. The new root is mounted on top of it already, which is
 * where setns looks, too; the old one stays below, for whoever breaks out of a chroot.
 */
static int chroot_into(struct child *c, struct error *err)
{
	if (fchdir(c->root) || chroot(".") || chdir("/"))
		return error_set(err, errno, "enter root filesystem");
	return 0;
}

int child_pivot(struct child *c, struct error *err)
{
	scoped_fd int old = -1;

	if (c->plan->flags & CONTAINER_NO_PIVOT)
		return chroot_into(c, err);
	old = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (old < 0 || fchdir(c->root))
		return error_set(err, errno, "enter root filesystem");
	if (syscall(SYS_pivot_root, ".", "."))
		return error_set(err, errno, "pivot_root");
	/* Its unmounting must not travel to the host. */
	if (fchdir(old) || mount(NULL, ".", NULL, MS_SLAVE | MS_REC, NULL) || umount2(".", MNT_DETACH) || chdir("/"))
		return error_set(err, errno, "detach the old root");
	return 0;
}

int child_root_options(struct child *c, struct error *err)
{
	if (c->plan->flags & CONTAINER_READONLY_ROOT && k_mount_setattr(c->root, 0, K_ATTR_RDONLY, 0, 0, -1))
		return error_set(err, errno, "make the root read-only");
	return 0;
}

/* pivot_root takes no shared mount, so this comes after it. */
int child_root_propagation(struct child *c, struct error *err)
{
	uint32_t propagation = c->plan->root_propagation;

	if (propagation & (MS_SHARED | MS_UNBINDABLE) && mount(NULL, "/", NULL, propagation, NULL))
		return error_set(err, errno, "root propagation");
	return 0;
}
