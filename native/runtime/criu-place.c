#include "criu-place.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error.h"
#include "fd.h"

static int find_criu(char *found, size_t size, struct error *err)
{
	const char *path = getenv("PATH");
	scoped_memory char *list = strdup(path ? path : "");
	char *rest = list;

	for (char *directory; rest && (directory = strsep(&rest, ":"));) {
		if (*directory != '/' || snprintf(found, size, "%s/criu", directory) >= (int)size)
			continue;
		if (!access(found, X_OK))
			return 0;
	}
	return error_text(err, ENOENT, "exec: \"criu\": executable file not found in $PATH");
}

int criu_place_open(struct criu_place *place, bool make, struct error *err)
{
	if (find_criu(place->criu, sizeof(place->criu), err))
		return -1;
	if (make && mkdir(place->images, 0700) && errno != EEXIST)
		return error_set(err, errno, "mkdir %s", place->images);
	if (!realpath(place->images, place->images_path))
		return error_set(err, errno, "%s", place->images);
	place->images = place->images_path;
	return 0;
}
