#include "changes.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "../lib/fd.h"
#include "request.h"

/* Two descriptors are open for each level. */
#define DEPTH_MOST 2000
#define STOP_EVERY 256
#define CAPABILITY_BYTES 64

struct names {
	char **list;
	size_t count;
};

/* A directory on the way down. On the heap: a thread's stack is small, a tree may be deep. */
struct level {
	struct level *above;
	int upper, lower; /* lower is -1 where the layers below have no such directory */
	struct names names;
	size_t next;
	size_t path_end; /* of this directory in the path */
	bool told; /* it is among the changes itself */
};

struct walk {
	struct json_object *out;
	struct level *level;
	unsigned depth, steps;
	tree_stop *stop;
	const void *arg;
	struct error *err;
	char path[PATH_MAX];
};

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void names_free(struct names *n)
{
	while (n->count > 0)
		free(n->list[--n->count]);
	free(n->list);
	n->list = NULL;
}

static int names_add(struct names *n, const char *name)
{
	char **list = n->list;

	/* Powers of two. */
	if ((n->count & (n->count - 1)) == 0)
		list = realloc(n->list, (n->count ? n->count * 2 : 1) * sizeof(*list));
	if (!list)
		return -1;
	n->list = list;
	n->list[n->count] = strdup(name);
	return n->list[n->count++] ? 0 : -1;
}

static int names_read(int dir_fd, struct names *n, struct error *err)
{
	int copy = openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = copy < 0 ? NULL : fdopendir(copy);
	struct dirent *entry;
	int result = 0;

	if (!dir) {
		if (copy >= 0)
			close(copy);
		return error_set(err, errno, "read a directory");
	}
	while (result == 0 && (entry = readdir(dir)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			result = names_add(n, entry->d_name);
	closedir(dir);
	if (result)
		return error_text(err, ENOMEM, "no memory");
	qsort(n->list, n->count, sizeof(*n->list), by_bytes);
	return 0;
}

static struct json_object *change(const char *path, enum change_kind kind)
{
	struct json_object *o = json_object_new_object();

	put_string(o, "Path", path);
	put_int(o, "Kind", kind);
	return o;
}

/* Directories on the way that nobody has been told of yet: those above a told one all have. */
static void tell_above(struct walk *w)
{
	while (!w->level->told) {
		struct level *l = w->level;
		char kept;

		while (!l->above->told)
			l = l->above;
		kept = w->path[l->path_end];
		w->path[l->path_end] = '\0';
		json_object_array_add(w->out, change(w->path, CHANGE_MODIFY));
		w->path[l->path_end] = kept;
		l->told = true;
	}
}

static void tell(struct walk *w, enum change_kind kind)
{
	tell_above(w);
	json_object_array_add(w->out, change(w->path, kind));
}

/* One whose second has no fraction comes from an archive that knows none. */
static bool same_time(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && (a->tv_nsec == b->tv_nsec || a->tv_nsec == 0 || b->tv_nsec == 0);
}

static ssize_t capability_of(int dir, const char *name, char *value)
{
	scoped_fd int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : fgetxattr(fd, "security.capability", value, CAPABILITY_BYTES);

	return n < 0 ? 0 : n;
}

static bool same_capability(const struct level *l, const char *name)
{
	char a[CAPABILITY_BYTES], b[CAPABILITY_BYTES];
	ssize_t n = capability_of(l->upper, name, a);

	return n == capability_of(l->lower, name, b) && memcmp(a, b, (size_t)n) == 0;
}

static bool same(const struct level *l, const char *name, const struct stat *a, const struct stat *b)
{
	if (a->st_mode != b->st_mode || a->st_uid != b->st_uid || a->st_gid != b->st_gid || a->st_rdev != b->st_rdev)
		return false;
	/* Length and time of a directory tell nothing. */
	if (!S_ISDIR(a->st_mode) && (a->st_size != b->st_size || !same_time(&a->st_mtim, &b->st_mtim)))
		return false;
	return !S_ISREG(a->st_mode) || same_capability(l, name);
}

static int enter(struct walk *w, int upper, int lower, bool told)
{
	struct level *l = calloc(1, sizeof(*l));

	if (!l || ++w->depth > DEPTH_MOST) {
		if (upper >= 0)
			close(upper);
		if (lower >= 0)
			close(lower);
		free(l);
		return error_text(w->err, l ? ELOOP : ENOMEM, "%.200s is too deep", w->path);
	}
	*l = (struct level){ w->level, upper, lower, { NULL, 0 }, 0, strlen(w->path), told };
	w->level = l;
	return names_read(upper, &l->names, w->err);
}

/* Names below that an opaque directory hides. */
static int tell_hidden(struct walk *w, const struct level *l)
{
	struct names old = { NULL, 0 };
	char opaque = 0;
	int result;

	if (l->lower < 0 || fgetxattr(l->upper, "trusted.overlay.opaque", &opaque, 1) != 1 || opaque != 'y')
		return 0;
	result = names_read(l->lower, &old, w->err);
	for (size_t i = 0; result == 0 && i < old.count; i++) {
		if (l->names.count > 0 &&
		    bsearch(&old.list[i], l->names.list, l->names.count, sizeof(*l->names.list), by_bytes))
			continue;
		if (strlen(w->path) + strlen(old.list[i]) + 2 > sizeof(w->path))
			continue;
		strcat(strcat(w->path, "/"), old.list[i]);
		tell(w, CHANGE_DELETE);
		w->path[l->path_end] = '\0';
	}
	names_free(&old);
	return result;
}

static void drop(struct walk *w)
{
	struct level *l = w->level;

	w->level = l->above;
	w->depth--;
	names_free(&l->names);
	close(l->upper);
	if (l->lower >= 0)
		close(l->lower);
	free(l);
}

static int leave(struct walk *w)
{
	struct level *l = w->level;

	w->path[l->path_end] = '\0';
	if (tell_hidden(w, l))
		return -1;
	drop(w);
	return 0;
}

static int descend(struct walk *w, const char *name, bool also_below, bool told)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	int upper = openat(w->level->upper, name, flags), lower = -1;

	if (upper < 0)
		/* A container that runs goes on changing its files. */
		return errno == ENOENT || errno == ENOTDIR ? 0 : error_set(w->err, errno, "open %.300s", w->path);
	if (also_below)
		lower = openat(w->level->lower, name, flags);
	return enter(w, upper, lower, told);
}

static int visit(struct walk *w, const char *name)
{
	struct level *l = w->level;
	struct stat now, old;
	bool known, differs;

	w->path[l->path_end] = '\0';
	if (l->path_end + strlen(name) + 2 > sizeof(w->path))
		return error_text(w->err, ENAMETOOLONG, "a path below %.200s is too long", w->path);
	strcat(strcat(w->path, "/"), name);
	if (fstatat(l->upper, name, &now, AT_SYMLINK_NOFOLLOW))
		return errno == ENOENT ? 0 : error_set(w->err, errno, "lstat %.300s", w->path);
	known = l->lower >= 0 && fstatat(l->lower, name, &old, AT_SYMLINK_NOFOLLOW) == 0;
	if (S_ISCHR(now.st_mode) && now.st_rdev == 0) {
		if (known)
			tell(w, CHANGE_DELETE);
		return 0;
	}
	differs = known && !same(l, name, &now, &old);
	if (!known || differs)
		tell(w, known ? CHANGE_MODIFY : CHANGE_ADD);
	if (!S_ISDIR(now.st_mode))
		return 0;
	return descend(w, name, known && S_ISDIR(old.st_mode), !known || differs);
}

int changes_list(int upper, int lower, struct json_object *out, tree_stop *stop, const void *arg, struct error *err)
{
	struct walk *w = calloc(1, sizeof(*w));
	int result;

	if (!w)
		return error_text(err, ENOMEM, "no memory");
	*w = (struct walk){ .out = out, .stop = stop, .arg = arg, .err = err };
	result = enter(w, fcntl(upper, F_DUPFD_CLOEXEC, 3), fcntl(lower, F_DUPFD_CLOEXEC, 3), true);
	while (result == 0 && w->level) {
		if (stop && ++w->steps % STOP_EVERY == 0 && stop(arg))
			result = error_text(err, ECANCELED, "cancelled");
		else if (w->level->next < w->level->names.count)
			result = visit(w, w->level->names.list[w->level->next++]);
		else
			result = leave(w);
	}
	while (w->level)
		drop(w);
	free(w);
	return result;
}
