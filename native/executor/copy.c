#include "copy.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "../lib/fd.h"

/* Two descriptors are open for each level. */
#define DEPTH_MOST 200
#define XATTR_BYTES 65536
#define STOP_EVERY 64

/* A file with several names, and the first of them in the copy. */
struct link {
	dev_t dev;
	ino_t ino;
	char *path; /* relative to the top */
};

struct copy {
	int top; /* of the copy */
	struct link *links;
	size_t link_count, link_cap;
	char path[PATH_MAX]; /* of the entry being copied, relative to the top */
	char *xattr;
	tree_stop *stop;
	const void *arg;
	unsigned steps;
	struct error *err;
};

static int failed(struct copy *c, const char *what)
{
	return error_set(c->err, errno, "%s %s", what, c->path[0] ? c->path : "/");
}

/* What belongs to the overlay that is read, not to the file. */
static bool is_private(const char *name)
{
	return strncmp(name, "trusted.overlay.", 16) == 0 || strncmp(name, "user.overlay.", 13) == 0;
}

/* By path below /proc/self/fd, so that it works for every kind of file, links and devices included. */
static int copy_xattrs(struct copy *c, const char *from, const char *to)
{
	ssize_t size = llistxattr(from, c->xattr, XATTR_BYTES);
	char *value = c->xattr + XATTR_BYTES;

	if (size < 0)
		return errno == ENOTSUP || errno == EPERM ? 0 : failed(c, "list attributes of");
	for (const char *name = c->xattr; name < c->xattr + size; name += strlen(name) + 1) {
		ssize_t len;

		if (is_private(name))
			continue;
		len = lgetxattr(from, name, value, XATTR_BYTES);
		if (len < 0 && errno == ENODATA)
			continue;
		if (len < 0 || (lsetxattr(to, name, value, (size_t)len, 0) && errno != ENOTSUP))
			return failed(c, "copy attributes of");
	}
	return 0;
}

/*
 * A container that has the volume, too, may put a link in the place of what was just made, and there is no chmod that does
 * not follow links: so it goes by a descriptor, which is no link's.
 */
static int copy_mode(struct copy *c, int to, const char *name, const struct stat *st)
{
	scoped_fd int fd = openat(to, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	char path[32];
	struct stat made;

	if (fd < 0 || fstat(fd, &made))
		return failed(c, "open");
	if ((made.st_mode & S_IFMT) != (st->st_mode & S_IFMT))
		return error_text(c->err, EAGAIN, "%s was replaced while it was copied", c->path);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return chmod(path, st->st_mode & 07777) ? failed(c, "set the mode of") : 0;
}

/* Owner before mode and attributes: changing it clears set-id bits and capabilities. Times last. */
static int copy_facts(struct copy *c, int from, int to, const char *name, const struct stat *st)
{
	struct timespec times[] = { st->st_atim, st->st_mtim };
	char source[PATH_MAX], target[PATH_MAX];

	if (fchownat(to, name, st->st_uid, st->st_gid, AT_SYMLINK_NOFOLLOW))
		return failed(c, "give an owner to");
	if (!S_ISLNK(st->st_mode) && copy_mode(c, to, name, st))
		return -1;
	if (snprintf(source, sizeof(source), "/proc/self/fd/%d/%s", from, name) >= (int)sizeof(source) ||
	    snprintf(target, sizeof(target), "/proc/self/fd/%d/%s", to, name) >= (int)sizeof(target)) {
		errno = ENAMETOOLONG;
		return failed(c, "copy");
	}
	if (copy_xattrs(c, source, target))
		return -1;
	return utimensat(to, name, times, AT_SYMLINK_NOFOLLOW) ? failed(c, "set times of") : 0;
}

static int copy_bytes(struct copy *c, int in, int out, const struct stat *st)
{
	off_t at = 0, end;

	/* Data by data: holes stay holes. */
	while (at < st->st_size) {
		at = lseek(in, at, SEEK_DATA);
		if (at < 0 && errno == ENXIO)
			break;
		if (at < 0)
			return failed(c, "read");
		end = lseek(in, at, SEEK_HOLE);
		if (end < 0 || lseek(out, at, SEEK_SET) < 0)
			return failed(c, "read");
		while (at < end) {
			ssize_t n = sendfile(out, in, &at, (size_t)(end - at));

			if (n < 0 && errno != EINTR)
				return failed(c, "copy");
			if (n == 0)
				return 0;
			if (c->stop && c->stop(c->arg))
				return error_text(c->err, ECANCELED, "cancelled");
		}
	}
	return ftruncate(out, st->st_size) ? failed(c, "write") : 0;
}

static int copy_regular(struct copy *c, int from, int to, const char *name, const struct stat *st)
{
	scoped_fd int in = openat(from, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	scoped_fd int out = -1;

	if (in < 0)
		return failed(c, "open");
	out = openat(to, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	return out < 0 ? failed(c, "create") : copy_bytes(c, in, out, st);
}

static int copy_symlink(struct copy *c, int from, int to, const char *name)
{
	char target[PATH_MAX];
	ssize_t n = readlinkat(from, name, target, sizeof(target) - 1);

	if (n < 0)
		return failed(c, "read link");
	target[n] = '\0';
	return symlinkat(target, to, name) ? failed(c, "link") : 0;
}

/* Directories on the way may have become links since: they lead nowhere but into the copy. */
static int link_again(struct copy *c, const char *first, int to, const char *name)
{
	const char *slash = strrchr(first, '/');
	scoped_memory char *parent = slash ? strndup(first, (size_t)(slash - first)) : strdup(".");
	scoped_fd int dir = parent ? fd_open_in_root(c->top, parent, O_PATH | O_DIRECTORY, 0) : -1;

	return dir < 0 || linkat(dir, slash ? slash + 1 : first, to, name, 0) ? failed(c, "link") : 0;
}

/* 1: it had a name already and has another now. */
static int copy_link(struct copy *c, int to, const char *name, const struct stat *st)
{
	struct link *grown;

	if (S_ISDIR(st->st_mode) || st->st_nlink < 2)
		return 0;
	for (size_t i = 0; i < c->link_count; i++)
		if (c->links[i].ino == st->st_ino && c->links[i].dev == st->st_dev)
			return link_again(c, c->links[i].path, to, name) ? -1 : 1;
	if (c->link_count == c->link_cap) {
		c->link_cap = c->link_cap ? c->link_cap * 2 : 16;
		grown = realloc(c->links, c->link_cap * sizeof(*grown));
		if (!grown)
			return failed(c, "copy");
		c->links = grown;
	}
	c->links[c->link_count] = (struct link){ st->st_dev, st->st_ino, strdup(c->path) };
	return c->links[c->link_count++].path ? 0 : failed(c, "copy");
}

static int copy_directory(struct copy *c, int from, int to, unsigned depth);

static int copy_below(struct copy *c, int from, int to, const char *name, unsigned depth)
{
	scoped_fd int source = openat(from, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	scoped_fd int target = -1;

	if (source < 0)
		return failed(c, "open");
	if (mkdirat(to, name, 0700))
		return failed(c, "create");
	target = openat(to, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return target < 0 ? failed(c, "open") : copy_directory(c, source, target, depth + 1);
}

static int copy_entry(struct copy *c, int from, int to, const char *name, unsigned depth)
{
	struct stat st;
	int state;

	if (fstatat(from, name, &st, AT_SYMLINK_NOFOLLOW))
		return failed(c, "stat");
	state = copy_link(c, to, name, &st);
	if (state)
		return state < 0 ? -1 : 0;
	if (S_ISDIR(st.st_mode))
		state = copy_below(c, from, to, name, depth);
	else if (S_ISREG(st.st_mode))
		state = copy_regular(c, from, to, name, &st);
	else if (S_ISLNK(st.st_mode))
		state = copy_symlink(c, from, to, name);
	else if (S_ISSOCK(st.st_mode))
		return 0;
	else if (mknodat(to, name, st.st_mode & (S_IFMT | 0777), st.st_rdev))
		state = failed(c, "create");
	return state ? -1 : copy_facts(c, from, to, name, &st);
}

static int copy_directory(struct copy *c, int from, int to, unsigned depth)
{
	size_t length = strlen(c->path);
	struct dirent *entry;
	int copied = dup(from), result = 0;
	DIR *dir = copied < 0 ? NULL : fdopendir(copied);

	if (!dir) {
		if (copied >= 0)
			close(copied);
		return failed(c, "read");
	}
	if (depth > DEPTH_MOST)
		result = error_text(c->err, ELOOP, "%.200s... is too deep", c->path);
	while (result == 0 && (errno = 0, entry = readdir(dir)) != NULL) {
		const char *name = entry->d_name;

		if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
			continue;
		if (++c->steps % STOP_EVERY == 0 && c->stop && c->stop(c->arg))
			result = error_text(c->err, ECANCELED, "cancelled");
		else if (snprintf(c->path + length, sizeof(c->path) - length, "%s%s", length ? "/" : "", name) >=
			 (int)(sizeof(c->path) - length))
			result = error_set(c->err, ENAMETOOLONG, "copy %.200s", name);
		else
			result = copy_entry(c, from, to, name, depth);
		if (result == 0)
			c->path[length] = '\0';
	}
	if (result == 0 && errno)
		result = failed(c, "read");
	closedir(dir);
	return result;
}

static bool is_empty(int directory)
{
	int copied = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = copied < 0 ? NULL : fdopendir(copied);
	struct dirent *entry;
	bool empty = dir != NULL;

	while (empty && (entry = readdir(dir)) != NULL)
		empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
	if (dir)
		closedir(dir);
	return empty;
}

static void remove_all(int directory)
{
	int copied = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = copied < 0 ? NULL : fdopendir(copied);
	struct error ignored;
	struct dirent *entry;

	while (dir && (entry = readdir(dir)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			(void)tree_remove(directory, entry->d_name, NULL, NULL, &ignored);
	if (dir)
		closedir(dir);
}

int copy_tree(int from, int to, tree_stop *stop, const void *arg, struct error *err)
{
	struct copy *c;
	struct stat st;
	int result;

	if (!is_empty(to))
		return 1;
	c = calloc(1, sizeof(*c));
	if (!c || !(c->xattr = malloc(2 * XATTR_BYTES))) {
		free(c);
		return error_text(err, ENOMEM, "no memory");
	}
	c->top = to;
	c->stop = stop;
	c->arg = arg;
	c->err = err;
	result = fstat(from, &st) ? failed(c, "stat") : copy_directory(c, from, to, 0);
	if (result == 0)
		result = copy_facts(c, from, to, ".", &st);
	if (result)
		remove_all(to);
	while (c->link_count > 0)
		free(c->links[--c->link_count].path);
	free(c->links);
	free(c->xattr);
	free(c);
	return result;
}
