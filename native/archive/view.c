/* SPDX-License-Identifier: Apache-2.0 */
#include "view.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../unpack/confine.h"
#include "fd.h"
#include "kernel.h"

#define HARMLESS (K_ATTR_NOSUID | K_ATTR_NODEV | K_ATTR_NOEXEC)

/* A copy of the root mount of another namespace, without what is mounted below it. */
static int copy_root(int namespace, struct error *err)
{
	scoped_fd int own = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);

	if (own < 0 || setns(namespace, CLONE_NEWNS) < 0)
		return error_set(err, errno, "enter the mount namespace of the container");
	int root = k_open_tree(AT_FDCWD, "/", K_OPEN_TREE_CLONE);
	int code = errno;
	if (setns(own, CLONE_NEWNS) < 0) {
		if (root >= 0)
			close(root);
		return error_set(err, errno, "leave the mount namespace of the container");
	}
	return root < 0 ? error_set(err, code, "open the root filesystem of the container") : root;
}

/* Nothing of it spreads to where its source came from. */
static int tame(int mount, bool readonly, unsigned flags, struct error *err)
{
	if (k_mount_setattr(mount, flags, HARMLESS | (readonly ? K_ATTR_RDONLY : 0), 0, MS_PRIVATE, -1) < 0)
		return error_set(err, errno, "mount_setattr");
	return 0;
}

/* Where something is to be mounted. Returns it, or -1 with errno. */
static int open_place(int root, const struct view_mount *m, bool make)
{
	int place = fd_open_in_root(root, m->target, O_PATH, 0);
	struct stat st;

	if (place >= 0 || errno != ENOENT || !make)
		return place;
	if (fstat(m->fd, &st) < 0)
		return -1;
	return S_ISDIR(st.st_mode) ? fd_mkdir_in_root(root, m->target, 0755, (uid_t)-1, (gid_t)-1)
				   : fd_mkfile_in_root(root, m->target, 0755);
}

static int attach(int root, const struct view_mount *m, bool make, struct error *err)
{
	scoped_fd int place = open_place(root, m, make);

	if (place < 0 && errno == ENOENT)
		return 0;
	if (place < 0)
		return error_set(err, errno, "open %s", m->target);
	if (tame(m->fd, m->readonly, AT_RECURSIVE, err) < 0)
		return -1;
	if (k_move_mount(m->fd, place) < 0)
		return error_set(err, errno, "mount %s", m->target);
	return 0;
}

int view_enter(struct view *v, struct error *err)
{
	if (v->namespace) {
		int root = copy_root(v->root, err);
		if (root < 0)
			return -1;
		close(v->root);
		v->root = root;
	}
	if (confine_namespaces(err) < 0 || tame(v->root, false, 0, err) < 0 || confine_root(&v->root, err) < 0)
		return -1;
	for (unsigned i = 0; i < v->mount_count; i++) {
		if (attach(v->root, &v->mounts[i], v->make_places, err) < 0)
			return -1;
		fd_close(&v->mounts[i].fd);
	}
	if (v->readonly && k_mount_setattr(v->root, 0, K_ATTR_RDONLY, 0, 0, -1) < 0)
		return error_set(err, errno, "mount_setattr");
	return confine_self(err) < 0 ? -1 : v->root;
}
