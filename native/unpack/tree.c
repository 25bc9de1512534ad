/* SPDX-License-Identifier: Apache-2.0 */
#include "tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "path.h"

/* Directories held open: an archive goes through a tree depth first, so few are enough. */
#define CACHE_SIZE 8

struct tree {
	int root;
	int *parents;
	int parent_count;
	const struct idmaps *maps;
	uint64_t size;
	uint64_t next_slot;
	struct {
		int fd;
		char *path;
	} cache[CACHE_SIZE];
};

static int resolve(int root, const char *path, uint64_t flags, uint64_t how_to)
{
	struct open_how how = {.flags = flags | O_CLOEXEC, .resolve = how_to | RESOLVE_NO_MAGICLINKS};

	return (int)syscall(SYS_openat2, root, path[0] ? path : ".", &how, sizeof(how));
}

struct tree *tree_new(int root_fd, const int *parents, int parent_count, const struct idmaps *maps)
{
	struct tree *t = calloc(1, sizeof(*t));
	int *copy = calloc((size_t)parent_count + 1, sizeof(int));

	if (!t || !copy) {
		free(t);
		free(copy);
		return NULL;
	}
	for (int i = 0; i < parent_count; i++)
		copy[i] = parents[i];
	*t = (struct tree){.root = root_fd, .parents = copy, .parent_count = parent_count, .maps = maps};
	for (int i = 0; i < CACHE_SIZE; i++)
		t->cache[i].fd = -1;
	return t;
}

/* Forgets what the paths of the open directories were: one may mean something else now. The descriptors stay good. */
static void cache_forget(struct tree *t)
{
	for (int i = 0; i < CACHE_SIZE; i++) {
		free(t->cache[i].path);
		t->cache[i].path = NULL;
	}
}

void tree_free(struct tree *t)
{
	if (!t)
		return;
	cache_forget(t);
	for (int i = 0; i < CACHE_SIZE; i++)
		if (t->cache[i].fd >= 0)
			close(t->cache[i].fd);
	for (int i = 0; i < t->parent_count; i++)
		close(t->parents[i]);
	close(t->root);
	free(t->parents);
	free(t);
}

static bool is_opaque(int layer, const char *path)
{
	char value;
	int fd = resolve(layer, path, O_RDONLY | O_DIRECTORY, RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS);
	if (fd < 0)
		return false;
	bool opaque = fgetxattr(fd, OPAQUE_XATTR, &value, 1) == 1 && value == 'y';
	close(fd);
	return opaque;
}

/* True when `layer` does not have `path`, and hides what the layers below it have there. */
static bool hides(int layer, const char *path)
{
	char prefix[PATH_CAP];

	snprintf(prefix, sizeof(prefix), "%s", path);
	for (char *slash = strrchr(prefix, '/'); slash; slash = strrchr(prefix, '/')) {
		*slash = '\0';
		if (is_opaque(layer, prefix))
			return true;
	}
	return false;
}

/* Opens (O_PATH) what the layers below show at `path`. Returns the descriptor, or -1 when there is nothing. */
static int lower_open(const struct tree *t, const char *path, int *layer, struct stat *st)
{
	for (int i = 0; i < t->parent_count; i++) {
		int fd = resolve(t->parents[i], path, O_PATH | O_NOFOLLOW, RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS);
		if (fd < 0 && errno != ENOENT)
			return -1;
		if (fd < 0) {
			if (hides(t->parents[i], path))
				return -1;
			continue;
		}
		if (fstat(fd, st) == 0 && !tree_is_whiteout(st)) {
			*layer = t->parents[i];
			return fd;
		}
		close(fd);
		return -1;
	}
	return -1;
}

static int copy_xattrs(int from, int to)
{
	char names[4096], value[65536];
	ssize_t length = flistxattr(from, names, sizeof(names));

	for (ssize_t i = 0; i < length; i += (ssize_t)strlen(names + i) + 1) {
		if (strncmp(names + i, "trusted.overlay.", 16) == 0)
			continue;
		ssize_t n = fgetxattr(from, names + i, value, sizeof(value));
		if (n >= 0 && fsetxattr(to, names + i, value, (size_t)n, 0) < 0 && errno != ENOTSUP)
			return -1;
	}
	return 0;
}

/* Owner, mode, extended attributes, times; in the order in which none undoes another. */
static int copy_attributes(int from, const struct stat *st, int to)
{
	struct timespec times[2] = {st->st_atim, st->st_mtim};

	if (fchown(to, st->st_uid, st->st_gid) < 0 || fchmod(to, st->st_mode & 07777) < 0)
		return -1;
	if (copy_xattrs(from, to) < 0)
		return -1;
	return futimens(to, times);
}

/* Gives what was just made to root of the inside. Returns 0 or -1 with errno. */
static int own(const struct tree *t, int fd)
{
	uid_t uid;
	gid_t gid;

	idmaps_root(t->maps, &uid, &gid);
	return uid || gid ? fchown(fd, uid, gid) : 0;
}

/* Makes the directory name in dir_fd, with the attributes that `path` has in the layers below. Returns its descriptor. */
static int make_dir(const struct tree *t, int dir_fd, const char *path, const char *name)
{
	struct stat st;
	int layer;

	if (mkdirat(dir_fd, name, 0755) < 0)
		return -1;
	int fd = openat(dir_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	int below = lower_open(t, path, &layer, &st);
	bool inherits = below >= 0 && S_ISDIR(st.st_mode);
	if (fd >= 0 && !inherits && own(t, fd) < 0) {
		int saved = errno;
		close(fd);
		fd = -1;
		errno = saved;
	}
	if (fd >= 0 && inherits) {
		int from = resolve(layer, path, O_RDONLY | O_DIRECTORY, RESOLVE_BENEATH);
		if (from < 0 || copy_attributes(from, &st, fd) < 0) {
			int saved = errno;
			close(fd);
			fd = -1;
			errno = saved;
		}
		if (from >= 0)
			close(from);
	}
	if (below >= 0)
		close(below);
	return fd;
}

/* A whiteout in the way of a directory: the directory takes its place, and hides in turn. Returns 0 or -1 with errno. */
static int replace_whiteout(const struct tree *t, int dir_fd, const char *name)
{
	struct stat st;

	if (fstatat(dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return -1;
	if (!tree_is_whiteout(&st)) {
		errno = ENOTDIR;
		return -1;
	}
	if (unlinkat(dir_fd, name, 0) < 0 || mkdirat(dir_fd, name, 0755) < 0)
		return -1;
	int fd = openat(dir_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -1;
	int status = own(t, fd) < 0 ? -1 : fsetxattr(fd, OPAQUE_XATTR, "y", 1, 0);
	close(fd);
	return status;
}

/* Makes `path` and what is missing above it. Returns a descriptor of it, or -1 with errno. */
static int make_path(const struct tree *t, const char *path)
{
	char prefix[PATH_CAP];
	int fd = -1;

	for (size_t end = 0; path[end];) {
		end += strcspn(path + end, "/");
		snprintf(prefix, sizeof(prefix), "%.*s", (int)end, path);
		if (fd >= 0)
			close(fd);
		fd = resolve(t->root, prefix, O_RDONLY | O_DIRECTORY, RESOLVE_IN_ROOT);
		if (fd < 0 && (errno == ENOENT || errno == ENOTDIR)) {
			bool missing = errno == ENOENT;
			char whole[PATH_CAP];
			const char *dir, *base;
			snprintf(whole, sizeof(whole), "%s", prefix);
			path_split(whole, &dir, &base);
			int above = resolve(t->root, dir, O_RDONLY | O_DIRECTORY, RESOLVE_IN_ROOT);
			if (above < 0)
				return -1;
			if (missing)
				fd = make_dir(t, above, prefix, base);
			else if (replace_whiteout(t, above, base) == 0)
				fd = openat(above, base, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
			int saved = errno;
			close(above);
			errno = saved;
		}
		if (fd < 0)
			return -1;
		end += path[end] == '/';
	}
	return fd;
}

int tree_dir(struct tree *t, const char *path, struct error *err)
{
	if (!path[0])
		return t->root;
	for (int i = 0; i < CACHE_SIZE; i++)
		if (t->cache[i].path && strcmp(t->cache[i].path, path) == 0)
			return t->cache[i].fd;
	int fd = resolve(t->root, path, O_RDONLY | O_DIRECTORY, RESOLVE_IN_ROOT);
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		fd = make_path(t, path);
	if (fd < 0)
		return error_set(err, errno, "mkdir /%s", path);
	char *copy = strdup(path);
	if (!copy) {
		close(fd);
		return error_set(err, ENOMEM, "mkdir /%s", path);
	}
	unsigned int slot = t->next_slot++ % CACHE_SIZE;
	if (t->cache[slot].fd >= 0)
		close(t->cache[slot].fd);
	free(t->cache[slot].path);
	t->cache[slot].fd = fd;
	t->cache[slot].path = copy;
	return fd;
}

int tree_find_dir(const struct tree *t, const char *path)
{
	return resolve(t->root, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, RESOLVE_IN_ROOT);
}

int tree_stat(int dir_fd, const char *name, struct stat *st, struct error *err)
{
	if (fstatat(dir_fd, name, st, AT_SYMLINK_NOFOLLOW) == 0)
		return 1;
	return errno == ENOENT || errno == ENAMETOOLONG ? 0 : error_set(err, errno, "statat %s", name);
}

bool tree_is_whiteout(const struct stat *st)
{
	return S_ISCHR(st->st_mode) && st->st_rdev == 0;
}

static int remove_file(struct tree *t, int dir_fd, const char *name, const struct stat *st)
{
	if (st->st_nlink == 1 && (S_ISREG(st->st_mode) || S_ISLNK(st->st_mode)))
		t->size -= (uint64_t)st->st_size;
	return unlinkat(dir_fd, name, 0);
}

/*
 * Empties `dir`, which is below `top`: files go, directories that are not empty move up into `top` under a name of their own, to be
 * emptied in a later round. So the depth of a tree costs neither stack nor descriptors.
 */
static int empty_dir(struct tree *t, int top, int dir, uint64_t *moved)
{
	int copy = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *stream = copy < 0 ? NULL : fdopendir(copy);
	struct dirent *entry;
	int status = 0;

	if (!stream) {
		if (copy >= 0)
			close(copy);
		return -1;
	}
	while (status == 0 && (errno = 0, entry = readdir(stream))) {
		const char *name = entry->d_name;
		struct stat st;
		if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
			continue;
		status = fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW);
		if (status < 0)
			break;
		if (!S_ISDIR(st.st_mode)) {
			status = remove_file(t, dir, name, &st);
			continue;
		}
		if (unlinkat(dir, name, AT_REMOVEDIR) == 0)
			continue;
		char aside[64];
		do {
			snprintf(aside, sizeof(aside), ".berth-removing.%llu", (unsigned long long)(*moved)++);
			status = renameat2(dir, name, top, aside, RENAME_NOREPLACE);
		} while (status < 0 && errno == EEXIST);
	}
	closedir(stream);
	return status;
}

static int remove_dir(struct tree *t, int dir_fd, const char *name)
{
	uint64_t moved = 0;
	int top = openat(dir_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	int status = top < 0 ? -1 : 0;

	while (status == 0 && unlinkat(dir_fd, name, AT_REMOVEDIR) < 0) {
		if (errno != ENOTEMPTY && errno != EEXIST) {
			status = -1;
			break;
		}
		int list = openat(top, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		DIR *stream = list < 0 ? NULL : fdopendir(list);
		struct dirent *entry;
		if (!stream) {
			if (list >= 0)
				close(list);
			status = -1;
			break;
		}
		while (status == 0 && (entry = readdir(stream))) {
			struct stat st;
			if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
				continue;
			status = fstatat(top, entry->d_name, &st, AT_SYMLINK_NOFOLLOW);
			if (status < 0)
				break;
			if (!S_ISDIR(st.st_mode)) {
				status = remove_file(t, top, entry->d_name, &st);
				continue;
			}
			int dir = openat(top, entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
			status = dir < 0 ? -1 : empty_dir(t, top, dir, &moved);
			if (dir >= 0)
				close(dir);
			if (status == 0)
				status = unlinkat(top, entry->d_name, AT_REMOVEDIR);
		}
		closedir(stream);
	}
	if (top >= 0)
		close(top);
	return status;
}

int tree_remove(struct tree *t, int dir_fd, const char *name, struct error *err)
{
	struct stat st;
	int status = fstatat(dir_fd, name, &st, AT_SYMLINK_NOFOLLOW);

	if (status == 0 && (S_ISDIR(st.st_mode) || S_ISLNK(st.st_mode)))
		cache_forget(t);
	if (status == 0 && S_ISDIR(st.st_mode))
		status = remove_dir(t, dir_fd, name);
	else if (status == 0)
		status = remove_file(t, dir_fd, name, &st);
	return status == 0 ? 0 : error_set(err, errno, "remove %s", name);
}

static int copy_data(int from, int to)
{
	for (;;) {
		ssize_t n = copy_file_range(from, NULL, to, NULL, 1 << 30, 0);
		if (n == 0)
			return 0;
		if (n < 0 && errno != EINTR)
			break;
	}
	if (errno != EXDEV && errno != EINVAL && errno != EOPNOTSUPP)
		return -1;
	static _Thread_local char buffer[65536];
	for (;;) {
		ssize_t n = read(from, buffer, sizeof(buffer));
		if (n == 0)
			return 0;
		if (n < 0 && errno != EINTR)
			return -1;
		for (ssize_t done = 0; done < n;) {
			ssize_t w = write(to, buffer + done, (size_t)(n - done));
			if (w < 0 && errno != EINTR)
				return -1;
			done += w > 0 ? w : 0;
		}
	}
}

int tree_copy_up(struct tree *t, const char *path, int dir_fd, const char *name, struct error *err)
{
	struct stat st;
	int layer;
	int found = lower_open(t, path, &layer, &st);

	if (found < 0)
		return 0;
	close(found);
	if (!S_ISREG(st.st_mode))
		return 0;
	int from = resolve(layer, path, O_RDONLY | O_NOFOLLOW, RESOLVE_BENEATH);
	int to = from < 0 ? -1 : openat(dir_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	int status = to < 0 || copy_data(from, to) < 0 || copy_attributes(from, &st, to) < 0 ? -1 : 1;
	if (status < 0)
		error_set(err, errno, "copy /%s from a lower layer", path);
	else
		t->size += (uint64_t)st.st_size;
	if (to >= 0)
		close(to);
	if (from >= 0)
		close(from);
	return status;
}

int tree_inherit_root(struct tree *t, struct error *err)
{
	struct stat st;

	if (t->parent_count == 0)
		return own(t, t->root) < 0 ? error_set(err, errno, "set attributes of /") : 0;
	if (fstat(t->parents[0], &st) < 0 || copy_attributes(t->parents[0], &st, t->root) < 0)
		return error_set(err, errno, "set attributes of /");
	return 0;
}

const struct idmaps *tree_maps(const struct tree *t)
{
	return t->maps;
}

void tree_count(struct tree *t, uint64_t bytes)
{
	t->size += bytes;
}

uint64_t tree_size(const struct tree *t)
{
	return t->size;
}
