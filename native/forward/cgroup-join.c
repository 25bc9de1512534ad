#include "cgroup-join.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void cgroups_join(const char *directories)
{
	char *list = strdup(directories), *rest = list;

	for (char *directory; rest && (directory = strsep(&rest, ","));) {
		char path[PATH_MAX];
		int fd = -1;

		if (*directory && snprintf(path, sizeof(path), "%s/cgroup.procs", directory) < (int)sizeof(path))
			fd = open(path, O_WRONLY | O_CLOEXEC);
		if (fd < 0)
			continue;
		if (write(fd, "0", 1) < 0)
			fprintf(stderr, "berth-forwarder: %s could not be joined\n", directory);
		close(fd);
	}
	free(list);
}
