#include "pid-file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "error.h"
#include "fd.h"

int pid_file_write(const char *path, pid_t pid, struct error *err)
{
	const char *slash;
	char beside[4096], text[16];
	int size = snprintf(text, sizeof(text), "%d", (int)pid);
	scoped_fd int fd = -1;

	if (!path)
		return 0;
	slash = strrchr(path, '/');
	snprintf(beside, sizeof(beside), "%.*s.%s", slash ? (int)(slash + 1 - path) : 0, path,
		 slash ? slash + 1 : path);
	fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0 || fd_write_all(fd, text, (size_t)size) || rename(beside, path))
		return error_set(err, errno, "write pid file %s", path);
	return 0;
}
