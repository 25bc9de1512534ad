#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <string.h>
#include <sys/stat.h>

#include "child.h"
#include "cgroup-file.h"
#include "fd.h"
#include "kernel.h"
#include "mount-fs.h"

#ifndef CLONE_NEWCGROUP
#define CLONE_NEWCGROUP 0x02000000
#endif

static int bind_at(int source, int target, uint64_t attrs, struct error *err)
{
	if (k_mount_setattr(source, AT_RECURSIVE, attrs, 0, 0, -1) || k_move_mount(source, target))
		return error_set(err, errno, "attach cgroup");
	return 0;
}

/*
 * In a cgroup namespace of its own a new mount shows the container's part. In the host's, mounting anew would reset
 * the hierarchy's options for the whole machine, so the host's mount is bound.
 */
static int mount_v2(struct child *c, const struct plan_mount *m, int target, struct error *err)
{
	bool listed;
	const char *path = plan_namespace_path(c->plan, CLONE_NEWCGROUP, &listed);
	struct plan_mount fs = *m;
	scoped_fd int mount_fd = -1;

	(void)path;
	if (listed) {
		scoped_fd int opened = (int)syscall(SYS_fsopen, "cgroup2", K_FSOPEN_CLOEXEC);

		if (opened >= 0 && !syscall(SYS_fsconfig, opened, K_FSCONFIG_CMD_CREATE, NULL, NULL, 0))
			mount_fd = (int)syscall(SYS_fsmount, opened, K_FSMOUNT_CLOEXEC, fs.attr_set);
		if (mount_fd >= 0)
			return k_move_mount(mount_fd, target) ? error_set(err, errno, "attach cgroup2") : 0;
	}
	mount_fd = k_open_tree(AT_FDCWD, "/sys/fs/cgroup", K_OPEN_TREE_CLONE | AT_RECURSIVE);
	return mount_fd < 0 ? error_set(err, errno, "open /sys/fs/cgroup") : bind_at(mount_fd, target, m->attr_set, err);
}

/* Names that people look for (`cpu`) lead to the directory of the joint hierarchy (`cpu,cpuacct`). */
static int link_names(const char *name, int dir, struct error *err)
{
	char word[64];

	if (!strchr(name, ','))
		return 0;
	for (const char *at = name; *at;) {
		size_t length = strcspn(at, ",");

		if (length && length < sizeof(word)) {
			memcpy(word, at, length);
			word[length] = '\0';
			if (symlinkat(name, dir, word) && errno != EEXIST)
				return error_set(err, errno, "link %s", word);
		}
		at += length + (at[length] == ',');
	}
	return 0;
}

static int mount_controller(struct child *c, const struct plan_mount *m, enum cgroup_controller controller, int dir,
			    struct error *err)
{
	const char *name = strrchr(c->cgroup.machine.mount[controller], '/') + 1;
	char path[PATH_MAX];
	scoped_fd int source = -1;
	scoped_fd int target = -1;

	if (cgroup_directory(&c->cgroup, controller, path, sizeof(path)) < 0)
		return error_set(err, errno, "cgroup");
	source = k_open_tree(AT_FDCWD, path, K_OPEN_TREE_CLONE);
	if (source < 0)
		return error_set(err, errno, "open %s", path);
	if (mkdirat(dir, name, 0755) && errno != EEXIST)
		return error_set(err, errno, "mkdir %s", name);
	target = openat(dir, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (target < 0)
		return error_set(err, errno, "open %s", name);
	return bind_at(source, target, m->attr_set, err) ? -1 : link_names(name, dir, err);
}

static int mount_v1(struct child *c, const struct plan_mount *m, int target, struct error *err)
{
	uint64_t attrs = K_ATTR_NOSUID | K_ATTR_NODEV | K_ATTR_NOEXEC;
	scoped_fd int tmpfs = mount_tmpfs("mode=755", attrs, err);

	if (tmpfs < 0)
		return -1;
	if (k_move_mount(tmpfs, target))
		return error_set(err, errno, "attach the cgroup directory");
	for (int i = 0; i < CGROUP_UNIFIED; i++)
		if (!cgroup_repeats(&c->cgroup, i) && mount_controller(c, m, i, tmpfs, err))
			return -1;
	if (m->attr_set & K_ATTR_RDONLY && k_mount_setattr(tmpfs, 0, K_ATTR_RDONLY, 0, 0, -1))
		return error_set(err, errno, "make the cgroup directory read-only");
	return 0;
}

int mount_cgroup(struct child *c, const struct plan_mount *m, int target, struct error *err)
{
	return c->cgroup.machine.version == 2 ? mount_v2(c, m, target, err) : mount_v1(c, m, target, err);
}
