#include "directory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { DEPTH_MAX = 64 };

static int open_below(int parent, const char *name)
{
	struct open_how how = {
		.flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW,
		.resolve = RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV | RESOLVE_BENEATH,
	};
	return (int)syscall(SYS_openat2, parent, name, &how, sizeof(how));
}

/* Empties the directory and closes fd. Goes on after a failure; returns -1 with the errno of the first. */
static int empty(int fd, int depth)
{
	int first = 0;
	DIR *entries = depth < DEPTH_MAX ? fdopendir(fd) : NULL;
	if (!entries) {
		close(fd);
		errno = ELOOP;
		return -1;
	}
	for (const struct dirent *e; (e = readdir(entries));) {
		if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
			continue;
		if (!unlinkat(fd, e->d_name, 0))
			continue;
		int below = errno == EISDIR || errno == EPERM ? open_below(fd, e->d_name) : -1;
		bool failed = below < 0 || empty(below, depth + 1) || unlinkat(fd, e->d_name, AT_REMOVEDIR);
		if (failed && !first)
			first = errno;
	}
	closedir(entries);
	errno = first;
	return first ? -1 : 0;
}

int directory_remove(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return errno == ENOENT ? 0 : -1;
	return empty(fd, 0) || rmdir(path) ? -1 : 0;
}
