#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#include "error.h"
#include "fd.h"
#include "mount-fs.h"

static void copy_xattrs(int from, int to)
{
	char names[4096], value[4096];
	ssize_t size = flistxattr(from, names, sizeof(names));

	for (char *name = names; size > 0 && name < names + size; name += strlen(name) + 1) {
		ssize_t n = fgetxattr(from, name, value, sizeof(value));

		if (n >= 0)
			fsetxattr(to, name, value, (size_t)n, 0); /* what tmpfs does not take is left behind */
	}
}

static int copy_file(int from_dir, int to_dir, const char *name, const struct stat *status)
{
	scoped_fd int from = openat(from_dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	scoped_fd int to = openat(to_dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	ssize_t n;

	if (from < 0 || to < 0)
		return -1;
	while ((n = sendfile(to, from, NULL, 1 << 20)) > 0)
		;
	if (n < 0 || fchown(to, status->st_uid, status->st_gid) || fchmod(to, status->st_mode & 07777))
		return -1;
	copy_xattrs(from, to);
	return futimens(to, (struct timespec[]){ status->st_atim, status->st_mtim });
}

static int copy_link(int from_dir, int to_dir, const char *name, const struct stat *status)
{
	char target[4096];
	ssize_t n = readlinkat(from_dir, name, target, sizeof(target) - 1);

	if (n < 0)
		return -1;
	target[n] = '\0';
	return symlinkat(target, to_dir, name) ||
	       fchownat(to_dir, name, status->st_uid, status->st_gid, AT_SYMLINK_NOFOLLOW);
}

static int copy_entry(int from_dir, int to_dir, const char *name, struct error *err);

static int copy_directory(int from, int to, struct error *err)
{
	int listing = openat(from, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = listing < 0 ? NULL : fdopendir(listing);
	struct dirent *entry;
	int result = 0;

	if (!dir) {
		if (listing >= 0)
			close(listing);
		return error_set(err, errno, "tmpcopyup");
	}
	while (!result && (entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			result = copy_entry(from, to, entry->d_name, err);
	closedir(dir);
	return result;
}

static int copy_entry(int from_dir, int to_dir, const char *name, struct error *err)
{
	struct stat status;
	int result;

	if (fstatat(from_dir, name, &status, AT_SYMLINK_NOFOLLOW))
		return error_set(err, errno, "tmpcopyup: %s", name);
	if (S_ISDIR(status.st_mode)) {
		scoped_fd int from = openat(from_dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		scoped_fd int to = -1;

		if (from < 0 || mkdirat(to_dir, name, 0700))
			return error_set(err, errno, "tmpcopyup: %s", name);
		to = openat(to_dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (to < 0)
			return error_set(err, errno, "tmpcopyup: %s", name);
		if (copy_directory(from, to, err))
			return -1;
		copy_xattrs(from, to);
		result = fchown(to, status.st_uid, status.st_gid) || fchmod(to, status.st_mode & 07777) ||
			 futimens(to, (struct timespec[]){ status.st_atim, status.st_mtim });
	} else if (S_ISREG(status.st_mode)) {
		result = copy_file(from_dir, to_dir, name, &status);
	} else if (S_ISLNK(status.st_mode)) {
		result = copy_link(from_dir, to_dir, name, &status);
	} else {
		result = mknodat(to_dir, name, status.st_mode, status.st_rdev) ||
			 fchownat(to_dir, name, status.st_uid, status.st_gid, AT_SYMLINK_NOFOLLOW);
	}
	return result ? error_set(err, errno, "tmpcopyup: %s", name) : 0;
}

int tree_copy(int from, int to, struct error *err)
{
	return copy_directory(from, to, err);
}
