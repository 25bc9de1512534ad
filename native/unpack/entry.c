/* SPDX-License-Identifier: Apache-2.0 */
#include "entry.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "fd.h"

struct dir_time {
	struct dir_time *next;
	struct timespec times[2];
	char path[];
};

static struct timespec when(time_t seconds, long nanoseconds)
{
	return (struct timespec){.tv_sec = seconds, .tv_nsec = nanoseconds};
}

void entry_read(struct entry *e, struct archive_entry *from)
{
	e->from = from;
	e->mode = archive_entry_perm(from) & 07777;
	e->uid = (uid_t)archive_entry_uid(from);
	e->gid = (gid_t)archive_entry_gid(from);
	e->times[1] = when(archive_entry_mtime(from), archive_entry_mtime_nsec(from));
	e->times[0] = e->times[1];
	/* The later of the two. */
	if (archive_entry_atime_is_set(from) && archive_entry_atime(from) > e->times[1].tv_sec)
		e->times[0] = when(archive_entry_atime(from), archive_entry_atime_nsec(from));
}

int entry_failure(const struct entry *e, const char *step, struct error *err)
{
	return error_set(err, errno, "%s %.300s", step, e->path);
}

static bool xattr_is_private(const char *name)
{
	return strncmp(name, "trusted.overlay.", 16) == 0 || strncmp(name, "user.overlay.", 13) == 0;
}

/*
 * On `fd`, or, when it is -1, on the entry itself without following it. What overlayfs keeps for itself is not taken: it would let
 * an archive reach into layers.
 */
static int set_xattrs(const struct entry *e, int fd, struct error *err)
{
	const char *name;
	const void *value;
	size_t size;

	if (archive_entry_xattr_reset(e->from) == 0)
		return 0;
	/* There is no setxattrat before Linux 6.13. */
	if (fd < 0 && fchdir(e->dir) < 0)
		return entry_failure(e, "chdir", err);
	while (archive_entry_xattr_next(e->from, &name, &value, &size) == ARCHIVE_OK) {
		if (xattr_is_private(name))
			continue;
		int status = fd < 0 ? lsetxattr(e->base, name, value, size, 0) : fsetxattr(fd, name, value, size, 0);
		/* What is not allowed is passed over, as by Docker; what is not possible is not. */
		if (status < 0 && errno != EPERM)
			return error_set(err, errno, "lsetxattr %.100s/%.100s: xattr \"%.200s\"", e->within, e->path, name);
	}
	return 0;
}

/* Owner before mode before attributes: a change of owner clears set-id bits and capabilities. */
int entry_set_metadata(const struct entry *e, struct error *err)
{
	bool link = archive_entry_filetype(e->from) == AE_IFLNK;

	if (fchownat(e->dir, e->base, e->uid, e->gid, AT_SYMLINK_NOFOLLOW) < 0)
		return entry_failure(e, "lchownat", err);
	if (!link && fchmodat(e->dir, e->base, e->mode, 0) < 0)
		return entry_failure(e, "chmodat", err);
	if (set_xattrs(e, -1, err) < 0)
		return -1;
	if (utimensat(e->dir, e->base, e->times, AT_SYMLINK_NOFOLLOW) < 0)
		return entry_failure(e, "utimensat", err);
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
static int write_content(const struct entry *e, struct tar_reader *from, int fd, struct error *err)
{
	const void *data;
	size_t size;
	la_int64_t offset, end = 0;
	int result;

	while ((result = archive_read_data_block(from->archive, &data, &size, &offset)) == ARCHIVE_OK) {
		if (write_block(fd, data, size, offset) < 0)
			return entry_failure(e, "write", err);
		if (size > 0)
			end = offset + (la_int64_t)size;
	}
	if (result != ARCHIVE_EOF)
		return tar_reader_failure(from, err);
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

int entry_make_file(const struct entry *e, struct tar_reader *from, struct error *err)
{
	/* Set-id bits come last, and not for the wrong owner. */
	scoped_fd int fd = openat(e->dir, e->base, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, e->mode & 0777);

	if (fd < 0)
		return entry_failure(e, "openat", err);
	if (write_content(e, from, fd, err) < 0 || own_file(e, fd, err) < 0 || set_xattrs(e, fd, err) < 0)
		return -1;
	return futimens(fd, e->times) < 0 ? entry_failure(e, "utimensat", err) : 0;
}

int entry_make_symlink(const struct entry *e, struct error *err)
{
	/* libarchive has none for an empty one. */
	const char *target = archive_entry_symlink(e->from) ? archive_entry_symlink(e->from) : "";

	if (symlinkat(target, e->dir, e->base) < 0)
		return error_set(err, errno, "symlinkat %.150s %.300s", target, e->path);
	return entry_set_metadata(e, err);
}

int entry_make_special(const struct entry *e, struct error *err)
{
	mode_t type = archive_entry_filetype(e->from);
	dev_t dev = type == AE_IFIFO ? 0
				     : makedev((unsigned int)archive_entry_rdevmajor(e->from),
					       (unsigned int)archive_entry_rdevminor(e->from));

	if (mknodat(e->dir, e->base, type | e->mode, dev) < 0)
		return error_text(err, errno, "%s", errno_text(errno));
	return entry_set_metadata(e, err);
}

int dir_times_add(struct dir_times *list, const struct entry *e, struct error *err)
{
	size_t length = strlen(e->path) + 1;
	struct dir_time *dir = malloc(sizeof(*dir) + length);

	if (!dir)
		return error_set(err, ENOMEM, "unpack %.300s", e->path);
	dir->next = NULL;
	memcpy(dir->times, e->times, sizeof(dir->times));
	memcpy(dir->path, e->path, length);
	*(list->last ? &list->last->next : &list->first) = dir;
	list->last = dir;
	return 0;
}

int dir_times_finish(struct dir_times *list, bool apply, int (*open)(void *context, const char *path), void *context,
		     struct error *err)
{
	int status = 0;

	for (struct dir_time *dir = list->first, *next; dir; dir = next) {
		next = dir->next;
		if (apply && status == 0) {
			scoped_fd int fd = open(context, dir->path);
			if (fd >= 0 && futimens(fd, dir->times) < 0)
				status = error_set(err, errno, "utimensat %.300s", dir->path);
		}
		free(dir);
	}
	*list = (struct dir_times){0};
	return status;
}
