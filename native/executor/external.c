#include "external.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <json-c/json_object.h>
#include <linux/mount.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../lib/fd.h"
#include "request.h"
#include "resolve.h"
#include "sources.h"

int external_attach(int mount, const char *bundle, struct error *err)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/rootfs", bundle);
	if (syscall(SYS_move_mount, mount, "", AT_FDCWD, path, MOVE_MOUNT_F_EMPTY_PATH))
		return error_set(err, errno, "mount the root filesystem at %s", path);
	return 0;
}

/* A file to mount on, for what is no directory. */
static int attach_file(int mount, const char *path, struct error *err)
{
	if (mknod(path, S_IFREG | 0600, 0))
		return error_set(err, errno, "make %s", path);
	if (syscall(SYS_move_mount, mount, "", AT_FDCWD, path, MOVE_MOUNT_F_EMPTY_PATH))
		return error_set(err, errno, "mount %s", path);
	return 0;
}

int external_attach_netns(int netns, const char *bundle, struct error *err)
{
	char path[4096];
	scoped_fd int mount = (int)syscall(SYS_open_tree, netns, "", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH);

	if (mount < 0)
		return error_set(err, errno, "open the network namespace");
	snprintf(path, sizeof(path), "%s/netns", bundle);
	return attach_file(mount, path, err);
}

int external_attach_source(const struct source *source, struct json_object *spec, const char *bundle, struct error *err)
{
	struct json_object *mount = json_object_array_get_idx(field_array(spec, "mounts"), source->mount);
	char path[4096];
	struct stat status;

	snprintf(path, sizeof(path), "%s/mounts", bundle);
	if (!mount || fstat(source->fd, &status) || (mkdir(path, 0700) && errno != EEXIST))
		return error_set(err, mount ? errno : EINVAL, "make %s", path);
	snprintf(path, sizeof(path), "%s/mounts/%u", bundle, source->mount);
	if (S_ISDIR(status.st_mode) ? mkdir(path, 0700) : mknod(path, S_IFREG | 0600, 0))
		return error_set(err, errno, "make %s", path);
	if (syscall(SYS_move_mount, source->fd, "", AT_FDCWD, path, MOVE_MOUNT_F_EMPTY_PATH))
		return error_set(err, errno, "attach the source of a mount at %s", path);
	put_string(mount, "source", path);
	return 0;
}

static void detach_sources(const char *bundle)
{
	struct dirent *entry;
	char path[4096];
	DIR *directory;

	snprintf(path, sizeof(path), "%s/mounts", bundle);
	directory = opendir(path);
	while (directory && (entry = readdir(directory))) {
		snprintf(path, sizeof(path), "%s/mounts/%.20s", bundle, entry->d_name);
		if (entry->d_name[0] != '.')
			(void)umount2(path, MNT_DETACH | UMOUNT_NOFOLLOW);
	}
	if (directory)
		closedir(directory);
}

void external_detach(const char *bundle)
{
	char path[4096];

	detach_sources(bundle);

	snprintf(path, sizeof(path), "%s/netns", bundle);
	(void)umount2(path, MNT_DETACH | UMOUNT_NOFOLLOW);
	snprintf(path, sizeof(path), "%s/rootfs", bundle);
	(void)umount2(path, MNT_DETACH | UMOUNT_NOFOLLOW);
}

void external_set_user(struct json_object *process, const struct user *user)
{
	struct json_object *numbers = json_object_new_object();

	put_int(numbers, "uid", user->uid);
	put_int(numbers, "gid", user->gid);
	json_object_object_add(numbers, "additionalGids", groups_json(user));
	json_object_object_add(process, "user", numbers);
}

static void set_namespace(struct json_object *spec, const char *name, const char *path)
{
	struct json_object *list = field_array(field_object(spec, "linux"), "namespaces");

	for (size_t i = 0; list && i < json_object_array_length(list); i++) {
		struct json_object *ns = json_object_array_get_idx(list, i);
		const char *type = field_string(ns, "type");

		if (type && strcmp(type, name) == 0)
			put_string(ns, "path", path);
	}
}

int external_write_config(struct json_object *spec, const char *bundle, const struct user *user, bool netns, int userns,
			  struct error *err)
{
	scoped_fd int fd = -1;
	const char *text;
	char path[4096];
	size_t size;

	if (user)
		external_set_user(field_object(spec, "process"), user);
	snprintf(path, sizeof(path), "%s/netns", bundle);
	if (netns)
		set_namespace(spec, "network", path);
	snprintf(path, sizeof(path), "/proc/%d/fd/%d", getpid(), userns);
	if (userns >= 0)
		set_namespace(spec, "user", path);
	text = json_object_to_json_string_length(spec, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &size);
	snprintf(path, sizeof(path), "%s/config.json", bundle);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0 || !text || fd_write_all(fd, text, size))
		return error_set(err, errno, "write %s", path);
	return 0;
}
