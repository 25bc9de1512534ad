/* SPDX-License-Identifier: Apache-2.0 */
#include "below.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fd.h"
#include "go-path.h"

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

int below_dir(int root, const char *path, bool *said, struct error *err)
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

/* Archives need not name what their files are in. */
int below_make(int root, const char *path, const struct idmaps *maps)
{
	uid_t uid;
	gid_t gid;

	idmaps_root(maps, &uid, &gid);
	int fd = fd_mkdir_in_root(root, path, 0755, uid, gid);
	if (fd < 0)
		return -1;
	int dir = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	close(fd);
	return dir;
}

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
			result = below_remove(fd, entry->d_name);
	int code = errno;
	closedir(stream);
	errno = code;
	return result;
}

int below_remove(int dir, const char *name)
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
