/* SPDX-License-Identifier: Apache-2.0 */
#include "put.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../unpack/entry.h"
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

static int resolve(int root, const char *path, uint64_t flags, uint64_t how_to)
{
	struct open_how how = {.flags = flags | O_CLOEXEC, .resolve = how_to | RESOLVE_NO_MAGICLINKS};
	int fd;

	do
		fd = (int)syscall(SYS_openat2, root, path, &how, sizeof(how));
	while (fd < 0 && errno == EAGAIN);
	return fd;
}

/*
 * A path that leads out of the directory by a relative link is an error; an absolute link means the directory as the root. Returns
 * whether the way is one of the second kind, or sets err.
 */
static int explain_escape(int root, const char *path, struct error *err)
{
	char prefix[GO_PATH_CAP], target[8];

	snprintf(prefix, sizeof(prefix), "%s", path);
	for (char *end = prefix; end; end = *end ? end + 1 : NULL) {
		end += strcspn(end, "/");
		char kept = *end;
		*end = '\0';
		scoped_fd int fd = resolve(root, prefix, O_PATH | O_NOFOLLOW, RESOLVE_IN_ROOT);
		ssize_t n = fd < 0 ? -1 : readlinkat(fd, "", target, sizeof(target));
		if (n > 0 && target[0] == '/')
			return 0;
		scoped_fd int inside = resolve(root, prefix, O_PATH, RESOLVE_BENEATH);
		if (inside < 0 && errno == EXDEV)
			return error_text(err, EXDEV, "statat %s: path escapes from parent", prefix);
		*end = kept;
	}
	return 0;
}

/* Opens the directory `path` (cleaned, below the root). Returns it, or -1 with errno, and with *said set when err is, too. */
static int open_dir(int root, const char *path, bool *said, struct error *err)
{
	int fd = resolve(root, path, O_RDONLY | O_DIRECTORY, RESOLVE_BENEATH);

	*said = false;
	if (fd >= 0 || errno != EXDEV)
		return fd;
	if (explain_escape(root, path, err) < 0) {
		*said = true;
		return -1;
	}
	return resolve(root, path, O_RDONLY | O_DIRECTORY, RESOLVE_IN_ROOT);
}

/* Makes what is missing of a directory's path, as the daemon's own: archives need not name what their files are in. */
static int make_path(const struct put *p, const char *path)
{
	int fd = fd_mkdir_in_root(p->dir, path, 0755, 0, 0);

	if (fd < 0)
		return -1;
	int dir = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	close(fd);
	return dir;
}

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
	int fd = open_dir(u->put->dir, path, &said, err);
	if (fd < 0 && !said && errno == ENOENT)
		fd = make_path(u->put, path);
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
	return 0;
}

static int write_block(int fd, const char *data, size_t size, off_t offset)
{
	while (size > 0) {
		ssize_t n = pwrite(fd, data, size, offset);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		data += n;
		size -= (size_t)n;
		offset += n;
	}
	return 0;
}

/* The content: blocks with holes between them. */
static int write_content(struct unpacking *u, const struct entry *e, int fd, struct error *err)
{
	const void *data;
	size_t size;
	la_int64_t offset, end = 0;
	int result;

	while ((result = archive_read_data_block(u->reader.archive, &data, &size, &offset)) == ARCHIVE_OK) {
		if (write_block(fd, data, size, offset) < 0)
			return entry_failure(e, "write", err);
		if (size > 0)
			end = offset + (la_int64_t)size;
	}
	if (result != ARCHIVE_EOF)
		return tar_reader_failure(&u->reader, err);
	if (end < archive_entry_size(e->from) && ftruncate(fd, archive_entry_size(e->from)) < 0)
		return entry_failure(e, "truncate", err);
	return 0;
}

/* Most files are right as they were made; each change would be one more in the journal of the file system. */
static int own_file(const struct entry *e, int fd, struct error *err)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return entry_failure(e, "fstat", err);
	if ((st.st_uid != e->uid || st.st_gid != e->gid) && fchown(fd, e->uid, e->gid) < 0)
		return entry_failure(e, "lchownat", err);
	if ((st.st_mode & 07777) != e->mode && fchmod(fd, e->mode) < 0)
		return entry_failure(e, "chmodat", err);
	return 0;
}

static int make_file(struct unpacking *u, const struct entry *e, struct error *err)
{
	/* Set-id bits come last, and not for the wrong owner. */
	scoped_fd int fd = openat(e->dir, e->base, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, e->mode & 0777);

	if (fd < 0)
		return entry_failure(e, "openat", err);
	if (write_content(u, e, fd, err) < 0 || own_file(e, fd, err) < 0 || entry_set_xattrs(e, fd, err) < 0)
		return -1;
	if (futimens(fd, e->times) < 0)
		return entry_failure(e, "utimensat", err);
	return 0;
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
	scoped_fd int dir = open_dir(u->put->dir, slash ? target : ".", &said, err);
	if (dir < 0)
		return said ? -1 : error_set(err, errno, "linkat %.200s %.200s", name, it->path);
	if (linkat(dir, slash ? slash + 1 : target, it->entry.dir, it->entry.base, 0) < 0)
		return error_set(err, errno, "linkat %.200s %.200s", name, it->path);
	return 0;
}

static int remove_tree(int dir, const char *name);

/* Empties a directory. Depth costs descriptors, and is bounded by their number. */
static int empty_dir(int fd)
{
	int copy = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), result = 0;
	DIR *stream = copy < 0 ? NULL : fdopendir(copy);
	struct dirent *entry;

	if (!stream) {
		if (copy >= 0)
			close(copy);
		return -1;
	}
	while (result == 0 && (errno = 0, entry = readdir(stream)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			result = remove_tree(fd, entry->d_name);
	int code = errno;
	closedir(stream);
	errno = code;
	return result;
}

static int remove_tree(int dir, const char *name)
{
	if (unlinkat(dir, name, 0) == 0)
		return 0;
	if (errno != EISDIR && errno != EPERM)
		return -1;
	scoped_fd int fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || empty_dir(fd) < 0)
		return -1;
	return unlinkat(dir, name, AT_REMOVEDIR);
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
	if (remove_tree(it->entry.dir, it->entry.base) < 0 && errno != ENOENT)
		return entry_failure(&it->entry, "RemoveAll", err);
	return 0;
}

static int make_entry(struct unpacking *u, struct item *it, bool exists, struct error *err)
{
	if (archive_entry_hardlink(it->entry.from))
		return make_link(u, it, err);
	switch (archive_entry_filetype(it->entry.from)) {
	case AE_IFREG:
		return make_file(u, &it->entry, err);
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
	return resolve(*(const int *)context, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, RESOLVE_IN_ROOT);
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
