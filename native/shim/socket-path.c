#include "socket-path.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

int socket_bind(int fd, const char *path)
{
	const char *slash = strrchr(path, '/');
	if (!slash || slash == path || strlen(slash + 1) > 64) {
		errno = EINVAL;
		return -1;
	}
	char *directory = strndup(path, (size_t)(slash - path));
	int dir = directory ? open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;
	free(directory);
	if (dir < 0)
		return -1;
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	snprintf(address.sun_path, sizeof(address.sun_path), "/proc/self/fd/%d/%s", dir, slash + 1);
	unlinkat(dir, slash + 1, 0);
	mode_t mask = umask(0177);
	int bound = bind(fd, (struct sockaddr *)&address, sizeof(address));
	int saved = errno;
	umask(mask);
	close(dir);
	errno = saved;
	return bound;
}
