#include "mount-fs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/statvfs.h>

#include "error.h"
#include "fd.h"
#include "kernel.h"
#include "plan.h"

#define VALUE_MAX 255 /* fsconfig takes no longer strings */

static int fs_config(int fs, unsigned command, const char *key, const char *value)
{
	return (int)syscall(SYS_fsconfig, fs, command, key, value, 0);
}

/* What the file system has to say about a refusal: "e tmpfs: Bad value for 'size'". */
static int fs_error(int fs, int code, const char *what, struct error *err)
{
	char text[256];
	ssize_t n = read(fs, text, sizeof(text) - 1);

	if (n <= 2)
		return error_set(err, code, "%s", what);
	text[n] = '\0';
	text[strcspn(text, "\n")] = '\0';
	return error_set(err, code, "%s: %s", what, text + 2);
}

static int set_option(int fs, char *option, struct error *err)
{
	char *value = strchr(option, '=');

	if (value)
		*value++ = '\0';
	if (fs_config(fs, value ? K_FSCONFIG_SET_STRING : K_FSCONFIG_SET_FLAG, option, value))
		return fs_error(fs, errno, option, err);
	return 0;
}

static int set_options(int fs, const char *data, struct error *err)
{
	scoped_memory char *copy = strdup(data);
	char *rest = NULL;

	if (!copy)
		return error_set(err, ENOMEM, "mount options");
	for (char *option = strtok_r(copy, ",", &rest); option; option = strtok_r(NULL, ",", &rest))
		if (set_option(fs, option, err))
			return -1;
	return 0;
}

static int set_super(int fs, uint32_t super, struct error *err)
{
	static const struct {
		uint32_t flag;
		const char *name;
	} flags[] = {
		{ MS_SYNCHRONOUS, "sync" },
		{ MS_DIRSYNC, "dirsync" },
		{ 1 << 25, "lazytime" },
		{ MS_MANDLOCK, "mand" },
	};

	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (super & flags[i].flag && fs_config(fs, K_FSCONFIG_SET_FLAG, flags[i].name, NULL))
			return fs_error(fs, errno, flags[i].name, err);
	return 0;
}

static bool too_long(const char *data)
{
	for (const char *at = data; at && *at; at += strcspn(at, ",") + (at[strcspn(at, ",")] == ','))
		if (strcspn(at, ",") > VALUE_MAX)
			return true;
	return false;
}

/* The call of before Linux 5.2, for option values that fsconfig cannot take; then cloned to be unattached. */
static int mount_classic(const char *type, const char *source, const char *data, uint32_t super, uint64_t attrs,
			 struct error *err)
{
	scoped_fd int mount_fd = -1;

	/* /proc itself is a place every machine has; the mount is there for as long as it takes to clone it. */
	if (mount(source, "/proc", type, super, data))
		return error_set(err, errno, "mount %s", type);
	mount_fd = k_open_tree(AT_FDCWD, "/proc", K_OPEN_TREE_CLONE);
	if (mount_fd < 0)
		error_set(err, errno, "clone the mount of %s", type);
	umount2("/proc", MNT_DETACH);
	if (mount_fd >= 0 && k_mount_setattr(mount_fd, 0, attrs, 0, 0, -1))
		return error_set(err, errno, "attributes of %s", type);
	return steal_fd(&mount_fd);
}

static int fs_mount(const char *type, const char *source, const char *data, uint32_t super, uint64_t attrs,
		    const char *mode, struct error *err)
{
	int mount_fd;
	scoped_fd int fs = -1;

	if (too_long(data))
		return mount_classic(type, source, data, super, attrs, err);
	fs = (int)syscall(SYS_fsopen, type, K_FSOPEN_CLOEXEC);
	if (fs < 0)
		return error_set(err, errno, "file system %s", type);
	if (source && *source && fs_config(fs, K_FSCONFIG_SET_STRING, "source", source))
		return fs_error(fs, errno, "source", err);
	if (mode && fs_config(fs, K_FSCONFIG_SET_STRING, "mode", mode))
		return fs_error(fs, errno, "mode", err);
	if (set_super(fs, super, err) || (data && set_options(fs, data, err)))
		return -1;
	if (fs_config(fs, K_FSCONFIG_CMD_CREATE, NULL, NULL))
		return fs_error(fs, errno, type, err);
	mount_fd = (int)syscall(SYS_fsmount, fs, K_FSMOUNT_CLOEXEC, attrs);
	return mount_fd < 0 ? fs_error(fs, errno, type, err) : mount_fd;
}

/* Kernel file systems label their files themselves. */
static bool takes_label(const char *type)
{
	static const char *const own[] = { "proc", "sysfs", "mqueue", "cgroup", "cgroup2", "debugfs", "tracefs" };

	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (!strcmp(own[i], type))
			return false;
	return !access("/sys/fs/selinux/enforce", F_OK);
}

int mount_fs_new(const struct plan *plan, const struct plan_mount *m, uint64_t attrs, unsigned mode, struct error *err)
{
	const char *type = plan_text(plan, m->type), *source = plan_text(plan, m->source);
	const char *data = plan_text(plan, m->data), *label = plan_text(plan, plan->mount_label);
	scoped_memory char *labelled = NULL;
	char text[8];

	if (!type || !*type)
		return error_text(err, EINVAL, "mount without a type");
	if (label && *label && takes_label(type)) {
		if (asprintf(&labelled, "%s%scontext=%s", data ? data : "", data ? "," : "", label) < 0) {
			labelled = NULL;
			return error_set(err, ENOMEM, "mount label");
		}
		data = labelled;
	}
	snprintf(text, sizeof(text), "%04o", mode & 07777);
	return fs_mount(type, source, data, m->super, attrs, mode && !strcmp(type, "tmpfs") ? text : NULL, err);
}

int mount_tmpfs(const char *options, uint64_t attrs, struct error *err)
{
	return fs_mount("tmpfs", "tmpfs", *options ? options : NULL, 0, attrs, NULL, err);
}

/* Flags that are not there need not be cleared, and asking would fail where a user namespace has them locked. */
static uint64_t present_attributes(int mount_fd, uint64_t clear)
{
	static const struct {
		unsigned long flag;
		uint64_t attribute;
	} flags[] = {
		{ ST_RDONLY, K_ATTR_RDONLY }, { ST_NOSUID, K_ATTR_NOSUID }, { ST_NODEV, K_ATTR_NODEV },
		{ ST_NOEXEC, K_ATTR_NOEXEC },
	};
	struct statvfs fs;

	if (fstatvfs(mount_fd, &fs))
		return clear;
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (!(fs.f_flag & flags[i].flag))
			clear &= ~flags[i].attribute;
	return clear;
}

int mount_attributes(int mount_fd, const struct plan_mount *m, struct error *err)
{
	uint64_t clear = m->attr_clear ? present_attributes(mount_fd, m->attr_clear) : 0;

	if ((m->tree_set || m->tree_clear) &&
	    k_mount_setattr(mount_fd, AT_RECURSIVE, m->tree_set, m->tree_clear, 0, -1))
		return error_set(err, errno, "recursive attributes");
	if ((m->attr_set || clear) && k_mount_setattr(mount_fd, 0, m->attr_set, clear, 0, -1))
		return error_set(err, errno, "attributes");
	return 0;
}

int mount_bind_new(const struct plan *plan, const struct plan_mount *m, struct error *err)
{
	const char *source = plan_text(plan, m->source);
	unsigned flags = K_OPEN_TREE_CLONE | (m->flags & PLAN_MOUNT_RECURSIVE ? AT_RECURSIVE : 0) |
			 (m->flags & PLAN_MOUNT_NOFOLLOW_SOURCE ? AT_SYMLINK_NOFOLLOW : 0);
	scoped_fd int mount_fd = k_open_tree(AT_FDCWD, source ? source : "", flags);

	if (mount_fd < 0)
		return error_set(err, errno, "stat %s", source ? source : "");
	return steal_fd(&mount_fd);
}
