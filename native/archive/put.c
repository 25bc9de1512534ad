/* SPDX-License-Identifier: Apache-2.0 */
#include "put.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../unpack/entry.h"
#include "below.h"
#include "fd.h"
#include "go-path.h"

/* How often a name may be taken again while its entry is made. */
#define ATTEMPTS 10

struct unpacking {
	const struct put *put;
	struct tar_reader reader;
	struct dir_times dirs;
	/* The directory used last: archives go through a tree depth first. */
	int parent;
	char parent_path[GO_PATH_CAP];
};

/* One entry on its way. */
struct item {
	struct entry entry;
	char path[GO_PATH_CAP]; /* cleaned, relative; the entry's base points into it */
};

/* The directory an entry is in, as a descriptor that is good until the next call. */
static int parent_of(struct unpacking *u, struct item *it, struct error *err)
{
	char *slash = strrchr(it->path, '/');
	char path[GO_PATH_CAP] = ".";
	bool said;

	it->entry.base = slash ? slash + 1 : it->path;
	if (slash)
		snprintf(path, sizeof(path), "%.*s", (int)(slash - it->path), it->path);
	if (u->parent >= 0 && strcmp(path, u->parent_path) == 0)
		return u->parent;
	fd_close(&u->parent);
	int fd = below_dir(u->put->dir, path, &said, err);
	if (fd < 0 && !said && errno == ENOENT)
		fd = below_make(u->put->dir, path, u->put->maps);
	if (fd < 0)
		return said ? -1 : error_set(err, errno, "openat %.300s", it->path);
	u->parent = fd;
	strcpy(u->parent_path, path);
	return fd;
}

static int item_init(const struct put *p, struct item *it, struct archive_entry *entry, struct error *err)
{
	const char *name = archive_entry_pathname(entry);

	if (!name)
		return error_text(err, 0, "archive/tar: invalid tar header");
	while (*name == '/')
		name++;
	if (go_clean(name, it->path, sizeof(it->path)) < 0)
		return error_set(err, ENAMETOOLONG, "openat %.64s...", name);
	if (go_climbs(it->path))
		return error_text(err, 0, "invalid entry name \"%.300s\"", archive_entry_pathname(entry));
	it->entry = (struct entry){.within = strcmp(p->path, "/") == 0 ? "" : p->path, .path = it->path};
	entry_read(&it->entry, entry);
	if (p->owned) {
		it->entry.uid = p->uid;
		it->entry.gid = p->gid;
	}
	return idmaps_outside(p->maps, &it->entry.uid, &it->entry.gid, err);
}

static int make_special(const struct entry *e, struct error *err)
{
	/* It would hide a file of the layers below. */
	if (archive_entry_filetype(e->from) == AE_IFCHR && archive_entry_rdev(e->from) == 0)
		return error_text(err, EPERM, "%s", errno_text(EPERM));
	return entry_make_special(e, err);
}

static int make_dir(struct unpacking *u, const struct entry *e, bool exists, struct error *err)
{
	if (!exists && mkdirat(e->dir, e->base, 0700) < 0)
		return entry_failure(e, "mkdirat", err);
	return entry_set_metadata(e, err) < 0 ? -1 : dir_times_add(&u->dirs, e, err);
}

/* A hard link to another file below the directory. */
static int make_link(struct unpacking *u, const struct item *it, struct error *err)
{
	const char *link = archive_entry_hardlink(it->entry.from), *name = link;
	char target[GO_PATH_CAP], *slash;
	bool said;

	while (*name == '/')
		name++;
	if (go_clean(name, target, sizeof(target)) < 0 || go_climbs(target) || strcmp(target, ".") == 0)
		return error_text(err, 0, "invalid hardlink target \"%.300s\"", link);
	slash = strrchr(target, '/');
	if (slash)
		*slash = '\0';
	scoped_fd int dir = below_dir(u->put->dir, slash ? target : ".", &said, err);
	if (dir < 0)
		return said ? -1 : error_set(err, errno, "linkat %.200s %.200s", name, it->path);
	if (linkat(dir, slash ? slash + 1 : target, it->entry.dir, it->entry.base, 0) < 0)
		return error_set(err, errno, "linkat %.200s %.200s", name, it->path);
	return 0;
}

/* Makes room for the entry. What is there goes, except a directory for a directory. */
static int clear_way(struct unpacking *u, const struct item *it, bool is_dir, bool *exists, struct error *err)
{
	struct stat st;

	*exists = false;
	if (fstatat(it->entry.dir, it->entry.base, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT || errno == ENAMETOOLONG ? 0 : entry_failure(&it->entry, errno == ENOTDIR ? "openat" : "statat", err);
	if (u->put->keep_kind && S_ISDIR(st.st_mode) && !is_dir)
		return error_text(err, 0, "cannot overwrite directory \"%.200s\" with non-directory \"%.200s\"", it->path,
				  u->put->path);
	if (u->put->keep_kind && !S_ISDIR(st.st_mode) && is_dir)
		return error_text(err, 0, "cannot overwrite non-directory \"%.200s\" with directory \"%.200s\"", it->path,
				  u->put->path);
	*exists = is_dir && S_ISDIR(st.st_mode);
	if (*exists)
		return 0;
	/* The path of the directory may have led through it. */
	if (S_ISDIR(st.st_mode) || S_ISLNK(st.st_mode))
		u->parent_path[0] = '\0';
	if (below_remove(it->entry.dir, it->entry.base) < 0 && errno != ENOENT)
		return entry_failure(&it->entry, "RemoveAll", err);
	return 0;
}

static int make_entry(struct unpacking *u, struct item *it, bool exists, struct error *err)
{
	if (archive_entry_hardlink(it->entry.from))
		return make_link(u, it, err);
	switch (archive_entry_filetype(it->entry.from)) {
	case AE_IFREG:
		return entry_make_file(&it->entry, &u->reader, err);
	case AE_IFDIR:
		return make_dir(u, &it->entry, exists, err);
	case AE_IFLNK:
		return entry_make_symlink(&it->entry, err);
	case AE_IFCHR:
	case AE_IFBLK:
	case AE_IFIFO:
		return make_special(&it->entry, err);
	default:
		return error_text(err, 0, "unhandled tar header type of %.300s", it->path);
	}
}

/*
 * Another copy, or the container itself, may put something in the way again; not for ever. A file is made first, and looked for only
 * when it is in the way.
 */
static int replace(struct unpacking *u, struct item *it, struct error *err)
{
	bool link = archive_entry_hardlink(it->entry.from) != NULL, exists = false;
	mode_t type = archive_entry_filetype(it->entry.from);
	bool look = link || type != AE_IFREG;
	int result = -1;

	for (int attempt = 0; attempt < ATTEMPTS && result < 0; attempt++) {
		if ((look || attempt > 0) && clear_way(u, it, type == AE_IFDIR && !link, &exists, err) < 0)
			return -1;
		result = make_entry(u, it, exists, err);
		if (result < 0 && err->code != EEXIST)
			return -1;
	}
	return result;
}

static int place(struct unpacking *u, struct item *it, struct error *err)
{
	if (strcmp(it->path, ".") == 0)
		return 0;
	it->entry.dir = parent_of(u, it, err);
	return it->entry.dir < 0 ? -1 : replace(u, it, err);
}

static int open_made(void *context, const char *path)
{
	return fd_open_in_root(*(const int *)context, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
}

static int unpack_all(struct unpacking *u, struct error *err)
{
	struct archive_entry *entry;
	struct item it;
	int result;

	while ((result = tar_reader_next(&u->reader, &entry, err)) > 0)
		if (item_init(u->put, &it, entry, err) < 0 || place(u, &it, err) < 0)
			return -1;
	return result;
}

int put_archive(const struct put *p, tar_source *source, void *context, struct error *err)
{
	struct unpacking u = {.put = p, .parent = -1};
	int status = -1;

	if (tar_reader_open(&u.reader, source, context, err) == 0)
		status = unpack_all(&u, err);
	tar_reader_close(&u.reader);
	fd_close(&u.parent);
	int root = p->dir;
	if (dir_times_finish(&u.dirs, status == 0, open_made, &root, err) < 0)
		status = -1;
	return status;
}
