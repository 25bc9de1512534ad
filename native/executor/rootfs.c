#include "rootfs.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../lib/fd.h"
#include "request.h"

/* Before Linux 6.5 layers come as one option, of at most 255 bytes; then paths are made short. */
#define OPTION_BYTES 256

static atomic_int has_lowerdir_add = 1;

static int fs_set(int fs, const char *key, const char *value)
{
	return (int)syscall(SYS_fsconfig, fs, FSCONFIG_SET_STRING, key, value, 0);
}

/* What the kernel wrote about a failure of the filesystem context: "e overlay: ..." lines. */
static int fs_failure(int fs, int code, const char *what, struct error *err)
{
	char text[256];
	ssize_t n = read(fs, text, sizeof(text) - 1);

	if (n < 2)
		return error_set(err, code, "%s", what);
	text[n] = '\0';
	text[strcspn(text, "\n")] = '\0';
	return error_set(err, code, "%s (%s)", what, text + 2);
}

struct layers {
	const char **paths;
	size_t count;
};

static int add_one_by_one(int fs, const struct layers *layers, struct error *err)
{
	for (size_t i = 0; i < layers->count; i++) {
		if (fs_set(fs, "lowerdir+", layers->paths[i]) == 0)
			continue;
		if (i == 0 && errno == EINVAL) {
			atomic_store(&has_lowerdir_add, 0);
			return 1;
		}
		return fs_failure(fs, errno, "add a layer to the overlay", err);
	}
	return 0;
}

/* Length of the longest directory all paths have in common, its slash included. */
static size_t common_directory(const struct layers *layers)
{
	const char *first = layers->paths[0];
	size_t len = (size_t)(strrchr(first, '/') - first) + 1;

	for (size_t i = 1; i < layers->count; i++)
		while (len > 0 && strncmp(first, layers->paths[i], len) != 0)
			for (len--; len > 0 && first[len - 1] != '/';)
				len--;
	return len;
}

/* The thread has a working directory of its own (work.c): paths relative to it are short. */
static int add_as_option(int fs, const struct layers *layers, struct error *err)
{
	size_t skip = common_directory(layers), used = 0;
	scoped_memory char *base = strndup(layers->paths[0], skip);
	char option[OPTION_BYTES] = "";

	if (!base || chdir(base))
		return error_set(err, errno, "enter the directory of the layers");
	for (size_t i = 0; i < layers->count; i++) {
		int n = snprintf(option + used, sizeof(option) - used, "%s%s", i ? ":" : "", layers->paths[i] + skip);

		if (n < 0 || (size_t)n >= sizeof(option) - used)
			return error_text(err, ENAMETOOLONG, "too many layers for an overlay on this kernel");
		used += (size_t)n;
	}
	return fs_set(fs, "lowerdir", option) ? fs_failure(fs, errno, "name the layers of the overlay", err) : 0;
}

static int add_layers(int fs, const struct layers *layers, struct error *err)
{
	int state = atomic_load(&has_lowerdir_add) ? add_one_by_one(fs, layers, err) : 1;

	return state > 0 ? add_as_option(fs, layers, err) : state;
}

static int configure(int fs, const struct layers *layers, const char *upper, const char *work, struct error *err)
{
	if (add_layers(fs, layers, err))
		return -1;
	/* As Docker: an index would tie the upper directory to one mount and one set of layers for ever. */
	(void)fs_set(fs, "index", "off");
	if (upper && (fs_set(fs, "upperdir", upper) || fs_set(fs, "workdir", work)))
		return fs_failure(fs, errno, "name the upper directory of the overlay", err);
	if (syscall(SYS_fsconfig, fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		return fs_failure(fs, errno, "make the overlay", err);
	return 0;
}

static int mount_overlay(const struct layers *layers, const char *upper, const char *work, bool readonly,
			 struct error *err)
{
	scoped_fd int fs = (int)syscall(SYS_fsopen, "overlay", FSOPEN_CLOEXEC);
	int mount;

	if (fs < 0)
		return error_set(err, errno, "open the overlay filesystem");
	if (configure(fs, layers, upper, work, err))
		return -1;
	mount = (int)syscall(SYS_fsmount, fs, FSMOUNT_CLOEXEC, readonly ? MOUNT_ATTR_RDONLY : 0);
	return mount < 0 ? error_set(err, errno, "mount the overlay") : mount;
}

static int open_overlay(struct json_object *rootfs, enum rootfs_use use, struct error *err)
{
	struct json_object *lower = field_array(rootfs, "lower");
	const char *upper = field_string(rootfs, "upper"), *work = field_string(rootfs, "work");
	size_t count = lower ? json_object_array_length(lower) : 0;
	scoped_memory const char **paths = calloc(count + 1, sizeof(*paths));
	struct layers layers = { paths, 0 };

	if (!paths)
		return error_text(err, ENOMEM, "no memory");
	/* Looked at, the upper directory is one more layer to read: a second writing mount of it would be undefined. */
	if (use == ROOTFS_LOOK && upper)
		paths[layers.count++] = upper;
	for (size_t i = 0; i < count; i++) {
		const char *path = json_object_get_string(json_object_array_get_idx(lower, i));

		if (!path || path[0] != '/')
			return error_text(err, EINVAL, "a layer of the root filesystem is not an absolute path");
		paths[layers.count++] = path;
	}
	if (layers.count == 0 || (upper && !work))
		return error_text(err, EINVAL, "the root filesystem lacks layers or a work directory");
	if (layers.count == 1 && (use == ROOTFS_LOOK || !upper)) {
		/* An overlay of one layer and no upper directory is no overlay: the directory itself will do. */
		int fd = (int)syscall(SYS_open_tree, AT_FDCWD, paths[0], OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);

		return fd < 0 ? error_set(err, errno, "open %s", paths[0]) : fd;
	}
	if (use == ROOTFS_LOOK)
		return mount_overlay(&layers, NULL, NULL, true, err);
	return mount_overlay(&layers, upper, work, field_bool(rootfs, "readonly"), err);
}

int rootfs_open(struct json_object *rootfs, enum rootfs_use use, bool *is_mount, struct error *err)
{
	const char *type = field_string(rootfs, "type"), *path = field_string(rootfs, "path");
	int fd = -1;

	*is_mount = type && strcmp(type, "overlay") == 0;
	if (*is_mount)
		fd = open_overlay(rootfs, use, err);
	else if (!type || strcmp(type, "dir") != 0 || !path)
		error_text(err, EINVAL, "rootfs must be an overlay or a directory");
	else if ((fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC)) < 0)
		error_set(err, errno, "open root filesystem %s", path);
	if (fd < 0)
		error_stage(err, "rootfs");
	return fd;
}
