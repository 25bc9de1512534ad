#include "detach.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int detach_streams(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (int fd = 0; fd < 3; fd++)
		if (null < 0 || dup2(null, fd) < 0)
			return -1;
	return null > 2 ? close(null) : 0;
}

static int join(const char *directory, size_t length)
{
	char path[PATH_MAX];
	int fd, n = snprintf(path, sizeof(path), "%.*s/cgroup.procs", (int)length, directory);

	if (n < 0 || (size_t)n >= sizeof(path))
		return -1;
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	n = write(fd, "0", 1) == 1 ? 0 : -1;
	close(fd);
	return n;
}

int detach_cgroups(const char *directories)
{
	int result = 0;

	for (size_t length; *directories; directories += length + (directories[length] == ',')) {
		length = strcspn(directories, ",");
		if (length > 0 && join(directories, length))
			result = -1;
	}
	return result;
}
