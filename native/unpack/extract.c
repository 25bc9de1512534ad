/* SPDX-License-Identifier: Apache-2.0 */
#include "extract.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "path.h"

/* The least a tar can be. */
#define TAR_BLOCK 512

/* Times of a directory, set when nothing is made in it any more. */
struct dir_time {
	struct dir_time *next;
	struct timespec times[2];
	char path[];
};

/* One entry on its way into the tree. */
struct item {
	struct archive_entry *entry;
	char path[PATH_CAP]; /* whole and cleaned, for messages and look-ups */
	char parts[PATH_CAP];
	const char *dir, *base; /* point into parts */
	int dir_fd;
	mode_t mode;
	struct timespec times[2];
};

struct extraction {
	struct archive *archive;
	struct stream *in;
	struct tree *tree;
	/* In the order of the archive: the last entry of a directory tells its times. */
	struct dir_time *dirs, **dirs_end;
	struct error read_error;
	bool read_failed;
	uint64_t read_bytes;
	bool root_seen;
};

static la_ssize_t read_chunk(struct archive *a, void *data, const void **buffer)
{
	struct extraction *x = data;

	long n = stream_read(x->in, STREAM_EXTRACT, buffer, &x->read_error);
	if (n < 0) {
		x->read_failed = true;
		archive_set_error(a, x->read_error.code, "%s", x->read_error.message);
	} else {
		x->read_bytes += (uint64_t)n;
	}
	return n;
}

/* libarchive's reason, in the words Docker has for the two that are common. */
static int archive_failure(struct extraction *x, struct error *err)
{
	const char *text = archive_error_string(x->archive);

	if (x->read_failed) {
		*err = x->read_error;
		return -1;
	}
	if (x->read_bytes < TAR_BLOCK || (text && strstr(text, "runcated")))
		return error_set(err, 0, "unexpected EOF");
	return error_set(err, 0, "archive/tar: invalid tar header (%s)", text ? text : "unknown");
}

static struct timespec when(time_t seconds, long nanoseconds)
{
	return (struct timespec){.tv_sec = seconds, .tv_nsec = nanoseconds};
}

static int item_init(struct item *it, struct archive_entry *entry, struct error *err)
{
	const char *name = archive_entry_pathname(entry);

	if (!name)
		return error_set(err, 0, "archive/tar: invalid tar header (a name is not valid UTF-8)");
	if (path_clean(name, it->path, sizeof(it->path)) < 0)
		return error_set(err, ENAMETOOLONG, "open /%.64s...", name);
	it->entry = entry;
	memcpy(it->parts, it->path, strlen(it->path) + 1);
	path_split(it->parts, &it->dir, &it->base);
	it->mode = archive_entry_perm(entry) & 07777;
	it->times[1] = when(archive_entry_mtime(entry), archive_entry_mtime_nsec(entry));
	it->times[0] = archive_entry_atime_is_set(entry)
			       ? when(archive_entry_atime(entry), archive_entry_atime_nsec(entry))
			       : it->times[1];
	return 0;
}

static int item_failure(const struct item *it, const char *step, struct error *err)
{
	return error_set(err, errno, "%s /%s", step, it->path);
}

/*
 * Names that overlayfs keeps for itself would let a layer reach into others (redirect, metacopy); a file system that knows no
 * extended attributes, or not these, is no reason to fail: so says Docker.
 */
static bool xattr_is_private(const char *name)
{
	return strncmp(name, "trusted.overlay.", 16) == 0 || strncmp(name, "user.overlay.", 13) == 0;
}

/* Sets the entry's extended attributes on `fd`, or, when it is -1, on the entry itself without following it. */
static int set_xattrs(const struct item *it, int fd, struct error *err)
{
	const char *name;
	const void *value;
	size_t size;

	if (archive_entry_xattr_reset(it->entry) == 0)
		return 0;
	/* There is no setxattrat before Linux 6.13. */
	if (fd < 0 && fchdir(it->dir_fd) < 0)
		return item_failure(it, "chdir", err);
	while (archive_entry_xattr_next(it->entry, &name, &value, &size) == ARCHIVE_OK) {
		if (xattr_is_private(name))
			continue;
		int status = fd < 0 ? lsetxattr(it->base, name, value, size, 0) : fsetxattr(fd, name, value, size, 0);
		if (status < 0 && errno != ENOTSUP && errno != EPERM)
			return error_set(err, errno, "failed to set xattr %s on /%s", name, it->path);
	}
	return 0;
}

/* Owner before mode before attributes: a change of owner clears set-id bits and capabilities. */
static int set_metadata(const struct item *it, struct error *err)
{
	uid_t uid = (uid_t)archive_entry_uid(it->entry);
	gid_t gid = (gid_t)archive_entry_gid(it->entry);
	bool link = archive_entry_filetype(it->entry) == AE_IFLNK;

	if (fchownat(it->dir_fd, it->base, uid, gid, AT_SYMLINK_NOFOLLOW) < 0)
		return item_failure(it, "lchown", err);
	if (!link && fchmodat(it->dir_fd, it->base, it->mode, 0) < 0)
		return item_failure(it, "chmod", err);
	if (set_xattrs(it, -1, err) < 0)
		return -1;
	if (utimensat(it->dir_fd, it->base, it->times, AT_SYMLINK_NOFOLLOW) < 0)
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
static int write_content(struct extraction *x, const struct item *it, int fd, struct error *err)
{
	const void *data;
	size_t size;
	la_int64_t offset, end = 0;
	int result;

	while ((result = archive_read_data_block(x->archive, &data, &size, &offset)) == ARCHIVE_OK) {
		if (write_block(fd, data, size, offset) < 0)
			return item_failure(it, "write", err);
		if (size > 0)
			end = offset + (la_int64_t)size;
	}
	if (result != ARCHIVE_EOF)
		return archive_failure(x, err);
	if (end < archive_entry_size(it->entry) && ftruncate(fd, archive_entry_size(it->entry)) < 0)
		return item_failure(it, "truncate", err);
	return 0;
}

static int make_file(struct extraction *x, const struct item *it, struct error *err)
{
	int fd = openat(it->dir_fd, it->base, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	int status = -1;

	if (fd < 0)
		return item_failure(it, "open", err);
	if (write_content(x, it, fd, err) < 0)
		goto out;
	uid_t uid = (uid_t)archive_entry_uid(it->entry);
	gid_t gid = (gid_t)archive_entry_gid(it->entry);
	if (fchown(fd, uid, gid) < 0) {
		item_failure(it, "chown", err);
		goto out;
	}
	if (fchmod(fd, it->mode) < 0) {
		item_failure(it, "chmod", err);
		goto out;
	}
	if (set_xattrs(it, fd, err) < 0)
		goto out;
	if (futimens(fd, it->times) < 0) {
		item_failure(it, "utimensat", err);
		goto out;
	}
	tree_count(x->tree, (uint64_t)archive_entry_size(it->entry));
	status = 0;
out:
	close(fd);
	return status;
}

static int make_symlink(struct extraction *x, const struct item *it, struct error *err)
{
	const char *target = archive_entry_symlink(it->entry);

	if (!target)
		return error_set(err, 0, "archive/tar: invalid tar header (a link's target is not valid UTF-8)");
	if (symlinkat(target, it->dir_fd, it->base) < 0)
		return item_failure(it, "symlink", err);
	tree_count(x->tree, strlen(target));
	return set_metadata(it, err);
}

static int make_special(const struct item *it, struct error *err)
{
	mode_t type = archive_entry_filetype(it->entry);
	dev_t dev = type == AE_IFIFO ? 0
				     : makedev((unsigned int)archive_entry_rdevmajor(it->entry),
					       (unsigned int)archive_entry_rdevminor(it->entry));

	if (mknodat(it->dir_fd, it->base, type | it->mode, dev) < 0)
		return item_failure(it, "mknod", err);
	return set_metadata(it, err);
}

static int remember_dir(struct extraction *x, const struct item *it, struct error *err)
{
	size_t length = strlen(it->path) + 1;
	struct dir_time *dir = malloc(sizeof(*dir) + length);

	if (!dir)
		return error_set(err, ENOMEM, "unpack /%s", it->path);
	dir->next = NULL;
	memcpy(dir->times, it->times, sizeof(dir->times));
	memcpy(dir->path, it->path, length);
	*x->dirs_end = dir;
	x->dirs_end = &dir->next;
	return 0;
}

static int mark_opaque(int dir_fd, const char *path, struct error *err)
{
	if (fsetxattr(dir_fd, OPAQUE_XATTR, "y", 1, 0) < 0)
		return error_set(err, errno, "make /%s opaque", path);
	return 0;
}

static int make_dir(struct extraction *x, struct item *it, bool exists, bool opaque, struct error *err)
{
	if (!exists && mkdirat(it->dir_fd, it->base, 0700) < 0)
		return item_failure(it, "mkdir", err);
	if (set_metadata(it, err) < 0)
		return -1;
	if (opaque) {
		int fd = openat(it->dir_fd, it->base, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		int status = fd < 0 ? item_failure(it, "open", err) : mark_opaque(fd, it->path, err);
		if (fd >= 0)
			close(fd);
		if (status < 0)
			return -1;
	}
	return remember_dir(x, it, err);
}

/* The "." entry: attributes of the layer's root. */
static int set_root(struct extraction *x, struct item *it, struct error *err)
{
	if (archive_entry_filetype(it->entry) != AE_IFDIR)
		return error_set(err, 0, "invalid entry: the root is not a directory");
	it->dir_fd = tree_dir(x->tree, "", err);
	it->base = ".";
	x->root_seen = true;
	return set_metadata(it, err) < 0 ? -1 : remember_dir(x, it, err);
}

/* Hides `target` of the layers below. What this very layer has there is not meant (OCI image-spec, layer.md). */
static int make_whiteout(const struct item *it, const char *target, struct error *err)
{
	struct stat st;

	if (strlen(it->dir) + strlen(target) + 1 >= PATH_CAP)
		return error_set(err, ENAMETOOLONG, "mknod /%s", it->path);
	int found = tree_stat(it->dir_fd, target, &st, err);
	if (found < 0)
		return -1;
	if (found == 1 && S_ISDIR(st.st_mode)) {
		int fd = openat(it->dir_fd, target, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		int status = fd < 0 ? item_failure(it, "open", err) : mark_opaque(fd, it->path, err);
		if (fd >= 0)
			close(fd);
		return status;
	}
	if (found == 1)
		return 0;
	if (mknodat(it->dir_fd, target, S_IFCHR, 0) < 0)
		return item_failure(it, "mknod", err);
	return 0;
}

/* A hard link: to a file of this layer, or, brought up first, of a layer below. */
static int make_link(struct extraction *x, struct item *it, struct error *err)
{
	const char *link = archive_entry_hardlink(it->entry);
	char target[PATH_CAP], parts[PATH_CAP];
	const char *dir, *base;
	struct stat st;

	if (path_clean(link, target, sizeof(target)) < 0 || !target[0])
		return error_set(err, 0, "invalid hardlink \"/%s\" -> \"%.256s\"", it->path, link);
	memcpy(parts, target, strlen(target) + 1);
	path_split(parts, &dir, &base);
	int dir_fd = tree_dir(x->tree, dir, err);
	if (dir_fd < 0)
		return -1;
	int found = tree_stat(dir_fd, base, &st, err);
	if (found < 0)
		return -1;
	if (found == 0 && (found = tree_copy_up(x->tree, target, dir_fd, base, err)) < 0)
		return -1;
	if (found == 0) {
		errno = ENOENT;
		return error_set(err, ENOENT, "link /%s /%s", target, it->path);
	}
	/* The name may be the file itself: nothing to do, and nothing to remove. */
	if (strcmp(target, it->path) == 0)
		return 0;
	if (tree_stat(it->dir_fd, it->base, &st, err) == 1 && tree_remove(x->tree, it->dir_fd, it->base, err) < 0)
		return -1;
	if (linkat(dir_fd, base, it->dir_fd, it->base, 0) < 0)
		return error_set(err, errno, "link /%s /%s", target, it->path);
	return 0;
}

/* Makes room for the entry: what the same layer had there goes, except a directory for a directory. */
static int clear_way(struct extraction *x, const struct item *it, bool *exists, bool *opaque, struct error *err)
{
	struct stat st;
	int found = tree_stat(it->dir_fd, it->base, &st, err);

	*exists = *opaque = false;
	if (found <= 0)
		return found;
	bool is_dir = archive_entry_filetype(it->entry) == AE_IFDIR;
	if (is_dir && S_ISDIR(st.st_mode)) {
		*exists = true;
		return 0;
	}
	*opaque = is_dir && tree_is_whiteout(&st);
	return tree_remove(x->tree, it->dir_fd, it->base, err);
}

static int make_entry(struct extraction *x, struct item *it, struct error *err)
{
	bool exists, opaque;

	if (archive_entry_hardlink(it->entry))
		return make_link(x, it, err);
	if (clear_way(x, it, &exists, &opaque, err) < 0)
		return -1;
	switch (archive_entry_filetype(it->entry)) {
	case AE_IFREG:
		return make_file(x, it, err);
	case AE_IFDIR:
		return make_dir(x, it, exists, opaque, err);
	case AE_IFLNK:
		return make_symlink(x, it, err);
	case AE_IFCHR:
	case AE_IFBLK:
	case AE_IFIFO:
		return make_special(it, err);
	default:
		return error_set(err, 0, "unhandled tar header type of /%s", it->path);
	}
}

static int place(struct extraction *x, struct item *it, struct error *err)
{
	const char *target = NULL;

	if (!it->path[0])
		return set_root(x, it, err);
	enum whiteout whiteout = path_whiteout(it->base, &target);
	if (whiteout == WHITEOUT_META)
		return 0;
	if (whiteout == WHITEOUT_INVALID)
		return error_set(err, 0, "invalid whiteout \"/%s\"", it->path);
	it->dir_fd = tree_dir(x->tree, it->dir, err);
	if (it->dir_fd < 0)
		return -1;
	if (whiteout == WHITEOUT_OPAQUE)
		return mark_opaque(it->dir_fd, it->dir, err);
	if (whiteout == WHITEOUT_FILE)
		return make_whiteout(it, target, err);
	return make_entry(x, it, err);
}

/* Sets the times of directories, and frees their list. */
static int finish_dirs(struct extraction *x, bool apply, struct error *err)
{
	int status = 0;

	for (struct dir_time *dir = x->dirs, *next; dir; dir = next) {
		next = dir->next;
		if (apply && status == 0) {
			int fd = tree_find_dir(x->tree, dir->path);
			/* It may have been replaced by something else since. */
			if (fd >= 0) {
				if (futimens(fd, dir->times) < 0)
					status = error_set(err, errno, "utimensat /%s", dir->path);
				close(fd);
			}
		}
		free(dir);
	}
	return status;
}

static int extract_all(struct extraction *x, struct error *err)
{
	struct archive_entry *entry;
	struct item it;
	int result;

	while ((result = archive_read_next_header(x->archive, &entry)) == ARCHIVE_OK || result == ARCHIVE_WARN)
		if (item_init(&it, entry, err) < 0 || place(x, &it, err) < 0)
			return -1;
	if (result != ARCHIVE_EOF)
		return archive_failure(x, err);
	if (!x->root_seen && tree_inherit_root(x->tree, err) < 0)
		return -1;
	return 0;
}

/* What follows the end of the archive belongs to the digest, and a broken blob must be noticed. */
static int drain(struct extraction *x, struct error *err)
{
	const void *data;
	long n;

	while ((n = stream_read(x->in, STREAM_EXTRACT, &data, err)) > 0)
		;
	return (int)n;
}

int extract(struct stream *in, struct tree *t, struct error *err)
{
	struct extraction x = {.in = in, .tree = t, .archive = archive_read_new()};
	int status = -1;

	x.dirs_end = &x.dirs;
	if (!x.archive)
		return error_set(err, ENOMEM, "unpack");
	archive_read_support_format_tar(x.archive);
	archive_read_support_format_empty(x.archive);
	if (archive_read_open(x.archive, &x, NULL, read_chunk, NULL) != ARCHIVE_OK)
		archive_failure(&x, err);
	else if (extract_all(&x, err) == 0 && drain(&x, err) == 0)
		status = 0;
	archive_read_free(x.archive);
	if (finish_dirs(&x, status == 0, err) < 0)
		status = -1;
	return status;
}
