/* SPDX-License-Identifier: Apache-2.0 */
#include "tar-tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "listing.h"
#include "seen.h"
#include "tar-header.h"

/* A descriptor is open for each level. Deeper than any path the kernel takes at once. */
#define DEPTH_MOST 4000
/* The longest that the kernel has, and the record of it. */
#define CAPABILITY_MOST 24
#define RECORD_MOST 128

/* A directory on the way down. */
struct level {
	struct level *above;
	int fd;
	struct listing children;
	size_t next;
	size_t name_end; /* of this directory in the name */
};

struct walk {
	const struct tar_tree *t;
	struct level *level;
	unsigned depth;
	char *name;
	size_t name_size, name_len;
	struct seen seen;
	/* The record of the capability of the entry at hand; 0 bytes without one. */
	char xattrs[RECORD_MOST];
	size_t xattr_bytes;
	struct error *err;
};

static int no_memory(struct walk *w)
{
	return error_set(w->err, ENOMEM, "tar");
}

static int name_append(struct walk *w, const char *text)
{
	size_t len = strlen(text);

	if (w->name_len + len + 32 > w->name_size) {
		size_t size = (w->name_len + len + 32) * 2;
		char *name = realloc(w->name, size);
		if (!name)
			return no_memory(w);
		w->name = name;
		w->name_size = size;
	}
	memcpy(w->name + w->name_len, text, len + 1);
	w->name_len += len;
	return 0;
}

static void name_cut(struct walk *w, size_t len)
{
	w->name_len = len;
	w->name[len] = '\0';
}

static void drop(struct walk *w)
{
	struct level *l = w->level;

	w->level = l->above;
	w->depth--;
	listing_free(&l->children);
	close(l->fd);
	free(l);
}

/* Takes `fd` over. */
static int enter(struct walk *w, int fd)
{
	struct level *l = w->depth < DEPTH_MOST ? calloc(1, sizeof(*l)) : NULL;

	if (!l) {
		close(fd);
		return error_set(w->err, w->depth < DEPTH_MOST ? ENOMEM : ELOOP, "%.300s", w->name);
	}
	*l = (struct level){.above = w->level, .fd = fd, .name_end = w->name_len};
	w->level = l;
	w->depth++;
	return listing_read(&l->children, fd) ? error_set(w->err, errno, "read /%.300s", w->name) : 0;
}

/* Revision 3 of a capability names the user namespace's root, which means nothing elsewhere: it becomes revision 2. */
static size_t plain_capability(char *value, size_t size)
{
	if (size <= 20 || value[3] != 3)
		return size;
	value[3] = 2;
	return 20;
}

/* The attribute that travels. What else a file may have stays where it is, as with Docker. */
static void read_capability(struct walk *w, int fd)
{
	char value[CAPABILITY_MOST];
	ssize_t n = fgetxattr(fd, "security.capability", value, sizeof(value));

	w->xattr_bytes = 0;
	if (n > 0)
		w->xattr_bytes = tar_record_write("SCHILY.xattr.security.capability", value,
						  plain_capability(value, (size_t)n), w->xattrs);
}

static int put_header(struct walk *w, const struct tar_entry *e)
{
	size_t size = tar_header_size(e);
	char *room;

	if (size <= SENDER_ROOM) {
		room = sender_room(w->t->to, size, w->err);
		if (!room)
			return -1;
		tar_header_write(e, room);
		return 0;
	}
	room = malloc(size);
	if (!room)
		return no_memory(w);
	tar_header_write(e, room);
	int result = sender_write(w->t->to, room, size, w->err);
	free(room);
	return result;
}

static char type_of(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFREG:
		return '0';
	case S_IFLNK:
		return '2';
	case S_IFCHR:
		return '3';
	case S_IFBLK:
		return '4';
	case S_IFDIR:
		return '5';
	case S_IFIFO:
		return '6';
	default:
		return '\0';
	}
}

static struct tar_entry entry_of(const struct walk *w, const struct stat *st)
{
	return (struct tar_entry){
		.name = w->name,
		.type = type_of(st->st_mode),
		.mode = st->st_mode,
		.uid = st->st_uid,
		.gid = st->st_gid,
		.mtime = st->st_mtim.tv_sec,
		.xattrs = w->xattrs,
		.xattr_bytes = w->xattr_bytes,
	};
}

/* The owner as the reader knows it. Returns whether it has one. */
static bool own_entry(const struct walk *w, struct tar_entry *e)
{
	return idmaps_inside(w->t->maps, &e->uid, &e->gid);
}

/* Of a file that has other names: whether it has been written under one of them, and its entry now says so. */
static int as_link(struct walk *w, const struct stat *st, struct tar_entry *e, bool *linked)
{
	bool failed = false;

	*linked = false;
	if (st->st_nlink < 2)
		return 0;
	const char *before = seen_before(&w->seen, st, w->name, &failed);
	if (failed)
		return no_memory(w);
	if (before) {
		*linked = true;
		e->type = '1';
		e->linkname = before;
	}
	return 0;
}

static int put_file(struct walk *w, int fd, const struct stat *st)
{
	bool linked;

	read_capability(w, fd);
	struct tar_entry e = entry_of(w, st);
	if (!own_entry(w, &e))
		return 0;
	if (as_link(w, st, &e, &linked) < 0)
		return -1;
	if (linked)
		return put_header(w, &e);
	e.size = (uint64_t)st->st_size;
	if (put_header(w, &e) < 0)
		return -1;
	if (e.size == 0)
		return 0;
	if (sender_file(w->t->to, fd, e.size, w->err) < 0)
		return -1;
	return sender_zeros(w->t->to, tar_padding(e.size), w->err);
}

static int put_symlink(struct walk *w, int parent, const char *name, const struct stat *st)
{
	char target[4097];
	ssize_t n = readlinkat(parent, name, target, sizeof(target) - 1);
	bool linked;

	if (n < 0)
		return errno == ENOENT || errno == EINVAL ? 0 : error_set(w->err, errno, "readlink /%.300s", w->name);
	target[n] = '\0';
	struct tar_entry e = entry_of(w, st);
	e.linkname = target;
	if (!own_entry(w, &e))
		return 0;
	if (as_link(w, st, &e, &linked) < 0)
		return -1;
	return put_header(w, &e);
}

static int put_special(struct walk *w, const struct stat *st)
{
	struct tar_entry e = entry_of(w, st);
	bool linked;

	if (e.type == '\0' || !own_entry(w, &e))
		return 0;
	if (e.type == '3' || e.type == '4') {
		e.major = major(st->st_rdev);
		e.minor = minor(st->st_rdev);
	}
	if (as_link(w, st, &e, &linked) < 0)
		return -1;
	return put_header(w, &e);
}

/* A file of a layer that says something of the layers below; `name` begins with ".wh.". */
static int put_mark(struct walk *w, const char *name, mode_t mode, const struct stat *owner)
{
	size_t end = w->name_len;

	if (name_append(w, name) < 0)
		return -1;
	struct tar_entry e = {.name = w->name, .type = '0', .mode = mode, .mtime = owner->st_mtim.tv_sec};
	e.uid = owner->st_uid;
	e.gid = owner->st_gid;
	/* The kernel makes them, as its own: they are marks whoever they belong to. */
	if (!own_entry(w, &e))
		e.uid = e.gid = 0;
	int result = put_header(w, &e);
	name_cut(w, end);
	return result;
}

static int put_dir(struct walk *w, int fd, const struct stat *st)
{
	char opaque;

	read_capability(w, fd);
	if (name_append(w, "/") < 0)
		return -1;
	struct tar_entry e = entry_of(w, st);
	/* What is in a directory that has no owner may have one. */
	int result = own_entry(w, &e) ? put_header(w, &e) : 0;
	if (result == 0 && w->t->layer && fgetxattr(fd, "trusted.overlay.opaque", &opaque, 1) == 1 && opaque == 'y')
		result = put_mark(w, ".wh..wh..opq", st->st_mode & 0777, st);
	name_cut(w, w->name_len - 1);
	return result;
}

static bool gone(int code)
{
	return code == ENOENT || code == ENOTDIR || code == ELOOP || code == ENXIO || code == ESTALE;
}

static int visit_dir(struct walk *w, int parent, const char *name)
{
	struct stat st;
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return gone(errno) ? 0 : error_set(w->err, errno, "open /%.300s", w->name);
	if (fstat(fd, &st) < 0 || put_dir(w, fd, &st) < 0) {
		close(fd);
		return w->err->message[0] ? -1 : error_set(w->err, errno, "stat /%.300s", w->name);
	}
	return enter(w, fd);
}

static int visit_file(struct walk *w, int parent, const char *name)
{
	struct stat st;
	/* Nothing but a regular file is there, unless somebody has just put it there: no device opens on this mount, no fifo waits. */
	int fd = openat(parent, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	int result;

	if (fd < 0)
		return gone(errno) ? 0 : error_set(w->err, errno, "open /%.300s", w->name);
	if (fstat(fd, &st) < 0)
		result = error_set(w->err, errno, "stat /%.300s", w->name);
	else
		result = S_ISREG(st.st_mode) ? put_file(w, fd, &st) : 0;
	close(fd);
	return result;
}

static int visit(struct walk *w, int parent, const char *name, unsigned char type)
{
	struct stat st;

	w->xattr_bytes = 0;
	if (type == DT_DIR)
		return visit_dir(w, parent, name);
	if (type == DT_REG)
		return visit_file(w, parent, name);
	if (fstatat(parent, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return gone(errno) ? 0 : error_set(w->err, errno, "lstat /%.300s", w->name);
	switch (st.st_mode & S_IFMT) {
	case S_IFDIR:
		return visit_dir(w, parent, name);
	case S_IFREG:
		return visit_file(w, parent, name);
	case S_IFLNK:
		return put_symlink(w, parent, name, &st);
	case S_IFCHR:
		if (w->t->layer && st.st_rdev == 0) {
			char mark[300];
			snprintf(mark, sizeof(mark), ".wh.%s", name);
			name_cut(w, w->name_len - strlen(name));
			return put_mark(w, mark, 0600, &st);
		}
		return put_special(w, &st);
	default:
		return put_special(w, &st);
	}
}

static int step(struct walk *w)
{
	struct level *l = w->level;

	name_cut(w, l->name_end);
	if (l->next == l->children.count) {
		drop(w);
		return 0;
	}
	const struct child *c = l->children.entries[l->next++];
	/* Below a root without a name there is no slash. */
	if ((w->depth > 1 || w->t->prefix) && name_append(w, "/") < 0)
		return -1;
	return name_append(w, c->name) < 0 ? -1 : visit(w, l->fd, c->name, c->type);
}

static void walk_free(struct walk *w)
{
	while (w->level)
		drop(w);
	seen_free(&w->seen);
	free(w->name);
}

static int walk_init(struct walk *w, const struct tar_tree *t, struct error *err)
{
	*w = (struct walk){.t = t, .err = err};
	*err = (struct error){0};
	return name_append(w, t->prefix ? t->prefix : "");
}

int tar_tree_dir(const struct tar_tree *t, int dir, struct error *err)
{
	struct walk w;
	struct stat st;
	int result = walk_init(&w, t, err);

	if (result == 0 && t->prefix)
		result = fstat(dir, &st) < 0 ? error_set(err, errno, "stat") : put_dir(&w, dir, &st);
	if (result == 0) {
		int copy = fcntl(dir, F_DUPFD_CLOEXEC, 3);
		result = copy < 0 ? error_set(err, errno, "tar") : enter(&w, copy);
	}
	while (result == 0 && w.level)
		result = step(&w);
	walk_free(&w);
	return result;
}

int tar_tree_one(const struct tar_tree *t, int parent, const char *name, struct error *err)
{
	struct walk w;
	int result = walk_init(&w, t, err);

	if (result == 0)
		result = visit(&w, parent, name, DT_UNKNOWN);
	walk_free(&w);
	return result;
}

int tar_tree_end(const struct tar_tree *t, struct error *err)
{
	return sender_zeros(t->to, 2 * TAR_BLOCK, err);
}
