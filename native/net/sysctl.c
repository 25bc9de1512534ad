#include "sysctl.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../lib/error.h"

#define ROOT "/proc/sys/"

static int open_setting(const char *name, int flags, struct error *err)
{
	char path[256];
	int fd;

	if (strncmp(name, "net.", 4) != 0 || strstr(name, "..") || strstr(name, "//") ||
	    snprintf(path, sizeof(path), ROOT "%s", name) >= (int)sizeof(path))
		return error_text(err, EINVAL, "invalid network setting %s", name);
	for (char *c = path + strlen(ROOT); *c; c++)
		*c = *c == '.' ? '/' : *c == '/' ? '.' : *c;
	fd = open(path, flags | O_CLOEXEC);
	return fd < 0 ? error_set(err, errno, "open sysctl %s file", name) : fd;
}

int sysctl_write(const char *name, const char *value, struct error *err)
{
	int fd = open_setting(name, O_WRONLY, err), result = 0;

	if (fd < 0)
		return -1;
	if (write(fd, value, strlen(value)) < 0)
		result = error_set(err, errno, "write sysctl %s", name);
	close(fd);
	return result;
}

int sysctl_read(const char *name, char *out, size_t size, struct error *err)
{
	int fd = open_setting(name, O_RDONLY, err);
	ssize_t n;

	if (fd < 0)
		return -1;
	n = read(fd, out, size - 1);
	if (n < 0)
		error_set(err, errno, "read sysctl %s", name);
	close(fd);
	out[n > 0 ? n : 0] = '\0';
	out[strcspn(out, "\n")] = '\0';
	return n < 0 ? -1 : 0;
}
