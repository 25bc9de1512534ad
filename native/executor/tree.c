#include "tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Between two questions whether to stop. */
#define STOP_EVERY 256

static int open_beneath(int dir, const char *path, uint64_t flags, uint64_t resolve)
{
	struct open_how how = { .flags = flags | O_CLOEXEC, .resolve = resolve };

	return (int)syscall(SYS_openat2, dir, path, &how, sizeof(how));
}

int tree_parent(const char *root, const char *path, const char **name, struct error *err)
{
	size_t len = strlen(root);
	const char *rest = path + len, *slash;
	char *holder;
	int top, parent;

	if (len == 0 || strncmp(path, root, len) != 0 || *rest != '/' || rest[1] == '\0')
		return error_text(err, EINVAL, "%s is not below %s", path, root);
	slash = strrchr(path, '/');
	*name = slash + 1;
	if (**name == '\0' || strcmp(*name, ".") == 0 || strcmp(*name, "..") == 0)
		return error_text(err, EINVAL, "%s does not name a file", path);
	top = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (top < 0)
		return error_set(err, errno, "open %s", root);
	if (slash == rest)
		return top;
	holder = strndup(rest + 1, (size_t)(slash - rest) - 1);
	parent = holder ? open_beneath(top, holder, O_PATH | O_DIRECTORY, RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS) : -1;
	if (parent < 0 && (errno == EXDEV || errno == ELOOP))
		error_text(err, EINVAL, "%s is not below %s", path, root);
	else if (parent < 0)
		error_set(err, errno, "open the directory of %s", path);
	free(holder);
	close(top);
	return parent;
}

/*
 * Where the walk is: the identity of each directory from the top down, so that going up is checked; and when the tree is
 * measured the directories in it, each name with its NUL, of which those before `at` have been visited. One directory is open at
 * a time: a container makes them as deep as it likes.
 */
struct level {
	dev_t dev;
	ino_t ino;
	char *names;
	size_t at, used, room;
};

struct walk {
	struct level *levels;
	size_t depth, cap;
	DIR *dir;
	tree_stop *stop;
	const void *arg;
	unsigned steps;
	struct error *err;
};

static int push(struct walk *w, int fd)
{
	struct stat st;

	if (w->depth == w->cap) {
		size_t cap = w->cap ? w->cap * 2 : 32;
		struct level *grown = realloc(w->levels, cap * sizeof(*grown));

		if (!grown)
			return error_text(w->err, ENOMEM, "no memory for a directory this deep");
		w->levels = grown;
		w->cap = cap;
	}
	if (fstat(fd, &st))
		return error_set(w->err, errno, "stat a directory");
	w->levels[w->depth++] = (struct level){ .dev = st.st_dev, .ino = st.st_ino };
	return 0;
}

/* Makes `fd` the directory being read; closes the one before. Takes fd over. */
static int enter(struct walk *w, int fd)
{
	DIR *dir = fdopendir(fd);

	if (!dir) {
		close(fd);
		return error_set(w->err, errno, "read a directory");
	}
	if (w->dir)
		closedir(w->dir);
	w->dir = dir;
	return 0;
}

static int descend(struct walk *w, const char *name)
{
	int fd = open_beneath(dirfd(w->dir), name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW,
			      RESOLVE_NO_XDEV | RESOLVE_NO_SYMLINKS | RESOLVE_BENEATH);

	if (fd < 0)
		return error_set(w->err, errno, errno == EXDEV ? "%s is a mount point" : "open directory %s", name);
	if (push(w, fd)) {
		close(fd);
		return -1;
	}
	return enter(w, fd);
}

static int ascend(struct walk *w)
{
	int fd = openat(dirfd(w->dir), "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	const struct level *above = &w->levels[w->depth - 2];
	struct stat st;

	free(w->levels[--w->depth].names);
	if (fd < 0)
		return error_set(w->err, errno, "go up a directory");
	if (fstat(fd, &st) || st.st_dev != above->dev || st.st_ino != above->ino) {
		close(fd);
		return error_text(w->err, EAGAIN, "the tree was moved during the work");
	}
	return enter(w, fd);
}

static int stopped(struct walk *w)
{
	if (++w->steps % STOP_EVERY == 0 && w->stop && w->stop(w->arg))
		return error_text(w->err, ECANCELED, "cancelled");
	return 0;
}

static bool is_dot(const char *name)
{
	return name[0] == '.' && (name[1] == '\0' || (name[1] == '.' && name[2] == '\0'));
}

/* Removes one entry. 1: it is a directory that is not empty. */
static int remove_entry(struct walk *w, int dir, const char *name, unsigned char type)
{
	if (type != DT_DIR && unlinkat(dir, name, 0) == 0)
		return 0;
	if (type != DT_DIR && errno != EISDIR && errno != EPERM && errno != ENOENT)
		return error_set(w->err, errno, "remove %s", name);
	if (unlinkat(dir, name, AT_REMOVEDIR) == 0 || errno == ENOENT)
		return 0;
	if (errno == ENOTEMPTY || errno == EEXIST)
		return 1;
	return error_set(w->err, errno, "remove %s", name);
}

/* Removes what is in the current directory. 1: went down into one that was not empty. */
static int empty_directory(struct walk *w)
{
	struct dirent *entry;
	bool removed;

	do {
		removed = false;
		rewinddir(w->dir);
		while (errno = 0, (entry = readdir(w->dir)) != NULL) {
			int state;

			if (is_dot(entry->d_name))
				continue;
			if (stopped(w))
				return -1;
			state = remove_entry(w, dirfd(w->dir), entry->d_name, entry->d_type);
			if (state > 0)
				return descend(w, entry->d_name) ? -1 : 1;
			if (state < 0)
				return -1;
			removed = true;
		}
		if (errno)
			return error_set(w->err, errno, "read a directory");
		/* Removing while reading may make the kernel skip entries. */
	} while (removed);
	return 0;
}

static void walk_free(struct walk *w)
{
	if (w->dir)
		closedir(w->dir);
	while (w->depth > 0)
		free(w->levels[--w->depth].names);
	free(w->levels);
}

static int start(struct walk *w, int parent, const char *name)
{
	int fd = open_beneath(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW,
			      RESOLVE_NO_XDEV | RESOLVE_NO_SYMLINKS | RESOLVE_BENEATH);

	if (fd < 0)
		return error_set(w->err, errno, errno == EXDEV ? "%s is a mount point" : "open directory %s", name);
	if (push(w, fd)) {
		close(fd);
		return -1;
	}
	return enter(w, fd);
}

int tree_remove(int parent, const char *name, tree_stop *stop, const void *arg, struct error *err)
{
	struct walk w = { .stop = stop, .arg = arg, .err = err };
	int state = remove_entry(&w, parent, name, DT_UNKNOWN);

	if (state <= 0)
		return state;
	state = start(&w, parent, name);
	while (state == 0) {
		int went_down = empty_directory(&w);

		if (went_down < 0)
			state = -1;
		else if (went_down == 0 && w.depth == 1)
			break;
		else if (went_down == 0)
			state = ascend(&w);
	}
	walk_free(&w);
	if (state == 0 && unlinkat(parent, name, AT_REMOVEDIR) && errno != ENOENT)
		return error_set(err, errno, "remove %s", name);
	return state;
}

/* Files with several names, already counted. Open addressing; inode 0 is free. */
struct seen {
	ino_t *slots;
	size_t cap, count;
};

static bool seen_put(ino_t *slots, size_t cap, ino_t ino)
{
	size_t at = (size_t)(ino * 0x9e3779b97f4a7c15ULL) & (cap - 1);

	while (slots[at] && slots[at] != ino)
		at = (at + 1) & (cap - 1);
	if (slots[at] == ino)
		return true;
	slots[at] = ino;
	return false;
}

/* 1: counted before. 0: new. -1: no memory. */
static int seen_before(struct seen *s, ino_t ino)
{
	if (s->count * 2 >= s->cap) {
		size_t cap = s->cap ? s->cap * 2 : 256;
		ino_t *grown = calloc(cap, sizeof(*grown));

		if (!grown)
			return -1;
		for (size_t i = 0; i < s->cap; i++)
			if (s->slots[i])
				seen_put(grown, cap, s->slots[i]);
		free(s->slots);
		s->slots = grown;
		s->cap = cap;
	}
	if (seen_put(s->slots, s->cap, ino))
		return 1;
	s->count++;
	return 0;
}

static int names_add(struct level *l, const char *name)
{
	size_t size = strlen(name) + 1;

	if (l->used + size > l->room) {
		size_t room = (l->used + size) * 2;
		char *grown = realloc(l->names, room);

		if (!grown)
			return -1;
		l->names = grown;
		l->room = room;
	}
	memcpy(l->names + l->used, name, size);
	l->used += size;
	return 0;
}

/* Counts what is in the current directory; those below are for later. */
static int measure_directory(struct walk *w, struct seen *s, struct tree_size *out)
{
	struct dirent *entry;
	struct stat st;

	while (errno = 0, (entry = readdir(w->dir)) != NULL) {
		if (is_dot(entry->d_name))
			continue;
		if (stopped(w))
			return -1;
		/* A running container changes its files while they are counted. */
		if (fstatat(dirfd(w->dir), entry->d_name, &st, AT_SYMLINK_NOFOLLOW))
			continue;
		if (S_ISDIR(st.st_mode)) {
			out->inodes++;
			if (names_add(&w->levels[w->depth - 1], entry->d_name))
				return error_text(w->err, ENOMEM, "no memory for the list of directories");
			continue;
		}
		if (st.st_nlink > 1) {
			int before = seen_before(s, st.st_ino);

			if (before < 0)
				return error_text(w->err, ENOMEM, "no memory for the list of hard links");
			if (before)
				continue;
		}
		out->inodes++;
		out->bytes += (uint64_t)st.st_size;
	}
	return errno ? error_set(w->err, errno, "read a directory") : 0;
}

/* Down into the next directory that has not been visited. 1: there is none. */
static int measure_next(struct walk *w)
{
	for (;;) {
		struct level *l = &w->levels[w->depth - 1];
		const char *name = l->names + l->at;
		int fd;

		if (l->at == l->used)
			return 1;
		l->at += strlen(name) + 1;
		fd = open_beneath(dirfd(w->dir), name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW,
				  RESOLVE_NO_XDEV | RESOLVE_NO_SYMLINKS | RESOLVE_BENEATH);
		if (fd < 0)
			continue;
		if (push(w, fd)) {
			close(fd);
			return -1;
		}
		return enter(w, fd);
	}
}

int tree_measure(int parent, const char *name, struct tree_size *out, tree_stop *stop, const void *arg,
		 struct error *err)
{
	struct walk w = { .stop = stop, .arg = arg, .err = err };
	struct seen s = { 0 };
	int fd, result;

	*out = (struct tree_size){ .inodes = 1 };
	fd = open_beneath(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, RESOLVE_NO_SYMLINKS | RESOLVE_BENEATH);
	if (fd < 0)
		return error_set(err, errno, "open directory %s", name);
	result = push(&w, fd);
	if (result)
		close(fd);
	else
		result = enter(&w, fd) ? -1 : measure_directory(&w, &s, out);
	while (result == 0) {
		int state = measure_next(&w);

		if (state <= 0) {
			result = state < 0 ? -1 : measure_directory(&w, &s, out);
			continue;
		}
		if (w.depth > 1 && !ascend(&w))
			continue;
		/* Moved about by its container it has the size that could be counted. */
		result = w.depth > 1 && err->code != EAGAIN ? -1 : 0;
		break;
	}
	free(s.slots);
	walk_free(&w);
	return result;
}
