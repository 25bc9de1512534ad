/* SPDX-License-Identifier: Apache-2.0 */
#include "put.h"

#include <archive.h>
#include <archive_entry.h>
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
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "fd.h"
#include "go-path.h"

/* How often a name may be taken again while its entry is made. */
#define ATTEMPTS 10

/* The least a tar can be. */
#define TAR_BLOCK 512

/* Directories that were made or changed; their times are set at the end, as making files in them changes them. */
struct dir_time {
	struct dir_time *next;
	struct timespec times[2];
	char path[];
};

struct unpacking {
	const struct put *put;
	struct archive *archive;
	put_source *source;
	void *context;
	struct dir_time *dirs, **dirs_end;
	struct error read_error;
	bool read_failed;
	uint64_t read_bytes;
	/* The directory used last: archives go through a tree depth first. */
	int parent;
	char parent_path[GO_PATH_CAP];
};

/* One entry on its way. */
struct item {
	struct archive_entry *entry;
	char path[GO_PATH_CAP]; /* cleaned, relative */
	const char *base;	/* points into path */
	int dir;
	mode_t mode;
	uid_t uid;
	gid_t gid;
	struct timespec times[2];
};

static la_ssize_t read_chunk(struct archive *a, void *data, const void **buffer)
{
	struct unpacking *u = data;
	long n = u->source(u->context, buffer, &u->read_error);

	if (n < 0) {
		u->read_failed = true;
		archive_set_error(a, u->read_error.code, "%s", u->read_error.message);
	} else {
		u->read_bytes += (uint64_t)n;
	}
	return n;
}

static int archive_failure(struct unpacking *u, struct error *err)
{
	const char *text = archive_error_string(u->archive);

	if (u->read_failed) {
		*err = u->read_error;
		return -1;
	}
	if (u->read_bytes < TAR_BLOCK || (text && strstr(text, "runcated")))
		return error_text(err, 0, "unexpected EOF");
	return error_text(err, 0, "archive/tar: invalid tar header");
}

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

	it->base = slash ? slash + 1 : it->path;
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

static struct timespec when(time_t seconds, long nanoseconds)
{
	return (struct timespec){.tv_sec = seconds, .tv_nsec = nanoseconds};
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
	it->entry = entry;
	it->mode = archive_entry_perm(entry) & 07777;
	it->uid = p->owned ? p->uid : (uid_t)archive_entry_uid(entry);
	it->gid = p->owned ? p->gid : (gid_t)archive_entry_gid(entry);
	it->times[1] = when(archive_entry_mtime(entry), archive_entry_mtime_nsec(entry));
	it->times[0] = it->times[1];
	/* The later of the two. */
	if (archive_entry_atime_is_set(entry) && archive_entry_atime(entry) > it->times[1].tv_sec)
		it->times[0] = when(archive_entry_atime(entry), archive_entry_atime_nsec(entry));
	return 0;
}

static int item_failure(const struct item *it, const char *step, struct error *err)
{
	return error_set(err, errno, "%s %.300s", step, it->path);
}

/* As in layers (unpack/extract.c): what overlayfs keeps for itself is not taken from an archive, and a refusal is no failure. */
static int set_xattrs(const struct item *it, int fd, struct error *err)
{
	const char *name;
	const void *value;
	size_t size;

	if (archive_entry_xattr_reset(it->entry) == 0)
		return 0;
	if (fd < 0 && fchdir(it->dir) < 0)
		return item_failure(it, "chdir", err);
	while (archive_entry_xattr_next(it->entry, &name, &value, &size) == ARCHIVE_OK) {
		if (strncmp(name, "trusted.overlay.", 16) == 0 || strncmp(name, "user.overlay.", 13) == 0)
			continue;
		int status = fd < 0 ? lsetxattr(it->base, name, value, size, 0) : fsetxattr(fd, name, value, size, 0);
		if (status < 0 && errno != ENOTSUP && errno != EPERM)
			return error_set(err, errno, "lsetxattr %s %.300s", name, it->path);
	}
	return 0;
}

/* Owner before mode before attributes: a change of owner clears set-id bits and capabilities. */
static int set_metadata(const struct item *it, struct error *err)
{
	bool link = archive_entry_filetype(it->entry) == AE_IFLNK;

	if (fchownat(it->dir, it->base, it->uid, it->gid, AT_SYMLINK_NOFOLLOW) < 0)
		return item_failure(it, "lchownat", err);
	if (!link && fchmodat(it->dir, it->base, it->mode, 0) < 0)
		return item_failure(it, "chmodat", err);
	if (set_xattrs(it, -1, err) < 0)
		return -1;
	if (utimensat(it->dir, it->base, it->times, AT_SYMLINK_NOFOLLOW) < 0)
		return item_failure(it, "utimensat", err);
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
static int write_content(struct unpacking *u, const struct item *it, int fd, struct error *err)
{
	const void *data;
	size_t size;
	la_int64_t offset, end = 0;
	int result;

	while ((result = archive_read_data_block(u->archive, &data, &size, &offset)) == ARCHIVE_OK) {
		if (write_block(fd, data, size, offset) < 0)
			return item_failure(it, "write", err);
		if (size > 0)
			end = offset + (la_int64_t)size;
	}
	if (result != ARCHIVE_EOF)
		return archive_failure(u, err);
	if (end < archive_entry_size(it->entry) && ftruncate(fd, archive_entry_size(it->entry)) < 0)
		return item_failure(it, "truncate", err);
	return 0;
}

/* Most files are right as they were made; each change would be one more in the journal of the file system. */
static int own_file(const struct item *it, int fd, struct error *err)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return item_failure(it, "fstat", err);
	if ((st.st_uid != it->uid || st.st_gid != it->gid) && fchown(fd, it->uid, it->gid) < 0)
		return item_failure(it, "lchownat", err);
	if ((st.st_mode & 07777) != it->mode && fchmod(fd, it->mode) < 0)
		return item_failure(it, "chmodat", err);
	return 0;
}

static int make_file(struct unpacking *u, const struct item *it, struct error *err)
{
	/* Set-id bits come last, and not for the wrong owner. */
	scoped_fd int fd = openat(it->dir, it->base, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, it->mode & 0777);

	if (fd < 0)
		return item_failure(it, "openat", err);
	if (write_content(u, it, fd, err) < 0 || own_file(it, fd, err) < 0 || set_xattrs(it, fd, err) < 0)
		return -1;
	if (futimens(fd, it->times) < 0)
		return item_failure(it, "utimensat", err);
	return 0;
}

static int make_symlink(const struct item *it, struct error *err)
{
	const char *target = archive_entry_symlink(it->entry);

	if (!target)
		return error_text(err, 0, "archive/tar: invalid tar header");
	if (symlinkat(target, it->dir, it->base) < 0)
		return item_failure(it, "symlinkat", err);
	return set_metadata(it, err);
}

static int make_special(const struct item *it, struct error *err)
{
	mode_t type = archive_entry_filetype(it->entry);
	dev_t dev = type == AE_IFIFO ? 0
				     : makedev((unsigned int)archive_entry_rdevmajor(it->entry),
					       (unsigned int)archive_entry_rdevminor(it->entry));

	/* 0:0 would hide a file of the layers below. */
	if (type == AE_IFCHR && dev == 0) {
		errno = EPERM;
		return item_failure(it, "mknodat", err);
	}
	if (mknodat(it->dir, it->base, type | it->mode, dev) < 0)
		return item_failure(it, "mknodat", err);
	return set_metadata(it, err);
}

static int make_dir(struct unpacking *u, const struct item *it, bool exists, struct error *err)
{
	size_t length = strlen(it->path) + 1;

	if (!exists && mkdirat(it->dir, it->base, 0700) < 0)
		return item_failure(it, "mkdirat", err);
	if (set_metadata(it, err) < 0)
		return -1;
	struct dir_time *dir = malloc(sizeof(*dir) + length);
	if (!dir)
		return error_set(err, ENOMEM, "unpack %.300s", it->path);
	dir->next = NULL;
	memcpy(dir->times, it->times, sizeof(dir->times));
	memcpy(dir->path, it->path, length);
	*u->dirs_end = dir;
	u->dirs_end = &dir->next;
	return 0;
}

/* A hard link to another file below the directory. */
static int make_link(struct unpacking *u, const struct item *it, struct error *err)
{
	const char *link = archive_entry_hardlink(it->entry), *name = link;
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
		return said ? -1 : error_set(err, errno, "linkat %.200s %.200s", link, it->path);
	if (linkat(dir, slash ? slash + 1 : target, it->dir, it->base, 0) < 0)
		return error_set(err, errno, "linkat %.200s %.200s", link, it->path);
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
	if (fstatat(it->dir, it->base, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : item_failure(it, errno == ENOTDIR ? "openat" : "statat", err);
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
	if (remove_tree(it->dir, it->base) < 0 && errno != ENOENT)
		return item_failure(it, "RemoveAll", err);
	return 0;
}

static int make_entry(struct unpacking *u, struct item *it, bool exists, struct error *err)
{
	if (archive_entry_hardlink(it->entry))
		return make_link(u, it, err);
	switch (archive_entry_filetype(it->entry)) {
	case AE_IFREG:
		return make_file(u, it, err);
	case AE_IFDIR:
		return make_dir(u, it, exists, err);
	case AE_IFLNK:
		return make_symlink(it, err);
	case AE_IFCHR:
	case AE_IFBLK:
	case AE_IFIFO:
		return make_special(it, err);
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
	bool link = archive_entry_hardlink(it->entry) != NULL, exists = false;
	mode_t type = archive_entry_filetype(it->entry);
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
	it->dir = parent_of(u, it, err);
	return it->dir < 0 ? -1 : replace(u, it, err);
}

static int finish_dirs(struct unpacking *u, bool apply, struct error *err)
{
	int status = 0;

	for (struct dir_time *dir = u->dirs, *next; dir; dir = next) {
		next = dir->next;
		if (apply && status == 0) {
			scoped_fd int fd = resolve(u->put->dir, dir->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, RESOLVE_IN_ROOT);
			/* It may have been replaced by something else since. */
			if (fd >= 0 && futimens(fd, dir->times) < 0)
				status = error_set(err, errno, "utimensat %.300s", dir->path);
		}
		free(dir);
	}
	return status;
}

static int unpack_all(struct unpacking *u, struct error *err)
{
	struct archive_entry *entry;
	struct item it;
	int result;

	while ((result = archive_read_next_header(u->archive, &entry)) == ARCHIVE_OK || result == ARCHIVE_WARN)
		if (item_init(u->put, &it, entry, err) < 0 || place(u, &it, err) < 0)
			return -1;
	return result == ARCHIVE_EOF ? 0 : archive_failure(u, err);
}

int put_archive(const struct put *p, put_source *source, void *context, struct error *err)
{
	struct unpacking u = {.put = p, .source = source, .context = context, .archive = archive_read_new(), .parent = -1};
	int status = -1;

	u.dirs_end = &u.dirs;
	if (!u.archive)
		return error_set(err, ENOMEM, "unpack");
	archive_read_support_format_tar(u.archive);
	archive_read_support_format_empty(u.archive);
	if (archive_read_open(u.archive, &u, NULL, read_chunk, NULL) != ARCHIVE_OK)
		archive_failure(&u, err);
	else
		status = unpack_all(&u, err);
	archive_read_free(u.archive);
	fd_close(&u.parent);
	if (finish_dirs(&u, status == 0, err) < 0)
		status = -1;
	return status;
}
