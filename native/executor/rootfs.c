#include "rootfs.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../lib/fd.h"
#include "request.h"

/*
 * How this kernel takes layers. Since Linux 6.7 one by one ("lowerdir+"); before, as one option. A kernel whose overlayfs
 * does not know the new mount interface yet (Linux 6.1) takes any key and refuses all of them when the filesystem is made,
 * so only a whole attempt tells.
 */
enum layers_by { LAYERS_UNKNOWN, LAYERS_ONE_BY_ONE, LAYERS_AS_OPTION };

static atomic_int layers_by = LAYERS_UNKNOWN;

/* The longest value fsconfig(2) takes, and the longest data of mount(2), each with its NUL. */
#define OPTION_BYTES 256
#define MOUNT_DATA_BYTES 4096

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
	for (size_t i = 0; i < layers->count; i++)
		if (fs_set(fs, "lowerdir+", layers->paths[i]))
			return fs_failure(fs, errno, "add a layer to the overlay", err);
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

/*
 * All layers as one value, relative to the directory they share, which becomes the thread's working directory (the
 * thread has one of its own, work.c): that makes them short. Returns its length.
 */
static ssize_t join_layers(const struct layers *layers, char *value, size_t size, struct error *err)
{
	size_t skip = common_directory(layers), used = 0;
	scoped_memory char *base = strndup(layers->paths[0], skip);

	if (!base || chdir(base))
		return error_set(err, errno, "enter the directory of the layers");
	for (size_t i = 0; i < layers->count; i++) {
		int n = snprintf(value + used, size - used, "%s%s", i ? ":" : "", layers->paths[i] + skip);

		if (n < 0 || (size_t)n >= size - used)
			return error_text(err, ENAMETOOLONG, "too many layers for an overlay on this kernel");
		used += (size_t)n;
	}
	return (ssize_t)used;
}

/* What an overlay is made of. upper and work are NULL for one that is only read. */
struct overlay {
	const struct layers *layers;
	const char *upper, *work;
	bool readonly, no_sync;
};

static int configure(int fs, const struct overlay *o, const char *lower, struct error *err)
{
	if (lower ? fs_set(fs, "lowerdir", lower) : add_one_by_one(fs, o->layers, err))
		return lower ? fs_failure(fs, errno, "name the layers of the overlay", err) : -1;
	/* As Docker: an index would tie the upper directory to one mount and one set of layers for ever. */
	(void)fs_set(fs, "index", "off");
	if (o->upper && (fs_set(fs, "upperdir", o->upper) || fs_set(fs, "workdir", o->work)))
		return fs_failure(fs, errno, "name the upper directory of the overlay", err);
	/* A hint, for kernels that know it: the end of such a mount would wait for the whole disk. */
	if (o->no_sync)
		(void)syscall(SYS_fsconfig, fs, FSCONFIG_SET_FLAG, "volatile", NULL, 0);
	if (syscall(SYS_fsconfig, fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		return fs_failure(fs, errno, "make the overlay", err);
	return 0;
}

/* A detached mount by the new interface; layers one by one when lower is NULL. */
static int mount_by_context(const struct overlay *o, const char *lower, struct error *err)
{
	scoped_fd int fs = (int)syscall(SYS_fsopen, "overlay", FSOPEN_CLOEXEC);
	int mount;

	if (fs < 0)
		return error_set(err, errno, "open the overlay filesystem");
	if (configure(fs, o, lower, err))
		return -1;
	mount = (int)syscall(SYS_fsmount, fs, FSMOUNT_CLOEXEC, o->readonly ? MOUNT_ATTR_RDONLY : 0);
	return mount < 0 ? error_set(err, errno, "mount the overlay") : mount;
}

/* A detached mount by mount(2), which takes longer options: mounted for a moment, copied, unmounted. */
static int mount_by_data(const struct overlay *o, const char *lower, struct error *err)
{
	char data[MOUNT_DATA_BYTES], point[] = "/run/berth-overlay-XXXXXX";
	int n = snprintf(data, sizeof(data), "index=off,lowerdir=%s", lower), copy = -1;

	if (o->upper && n > 0 && (size_t)n < sizeof(data))
		n += snprintf(data + n, sizeof(data) - (size_t)n, ",upperdir=%s,workdir=%s%s", o->upper, o->work,
			      o->no_sync ? ",volatile" : "");
	if (n < 0 || (size_t)n >= sizeof(data))
		return error_text(err, ENAMETOOLONG, "too many layers for an overlay on this kernel");
	if (!mkdtemp(point))
		return error_set(err, errno, "make a mount point");
	if (mount("overlay", point, "overlay", o->readonly ? MS_RDONLY : 0, data)) {
		error_set(err, errno, "make the overlay");
	} else {
		copy = (int)syscall(SYS_open_tree, AT_FDCWD, point, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
		if (copy < 0)
			error_set(err, errno, "copy the overlay's mount");
		umount2(point, MNT_DETACH);
	}
	rmdir(point);
	return copy;
}

static int mount_overlay(const struct overlay *o, struct error *err)
{
	int how = atomic_load(&layers_by), mount;
	char lower[MOUNT_DATA_BYTES];
	ssize_t length;

	if (how != LAYERS_AS_OPTION) {
		mount = mount_by_context(o, NULL, err);
		if (mount >= 0)
			atomic_store(&layers_by, LAYERS_ONE_BY_ONE);
		if (mount >= 0 || how == LAYERS_ONE_BY_ONE || error_code(err) != EINVAL)
			return mount;
	}
	length = join_layers(o->layers, lower, sizeof(lower), err);
	if (length < 0)
		return -1;
	mount = length < OPTION_BYTES ? mount_by_context(o, lower, err) : mount_by_data(o, lower, err);
	if (mount >= 0)
		atomic_store(&layers_by, LAYERS_AS_OPTION);
	return mount;
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
		return mount_overlay(&(struct overlay){ &layers, NULL, NULL, true, false }, err);
	return mount_overlay(&(struct overlay){ &layers, upper, work, field_bool(rootfs, "readonly"), use == ROOTFS_WRITE }, err);
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
