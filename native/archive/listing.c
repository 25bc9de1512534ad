/* SPDX-License-Identifier: Apache-2.0 */
#include "listing.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int by_name(const void *a, const void *b)
{
	return strcmp((*(struct child *const *)a)->name, (*(struct child *const *)b)->name);
}

/* Returns 0, or -1 with errno. */
static int add(struct listing *l, const struct dirent *entry)
{
	size_t size = strlen(entry->d_name) + 1;

	/* Powers of two. */
	if ((l->count & (l->count - 1)) == 0) {
		struct child **more = realloc(l->entries, (l->count ? l->count * 2 : 1) * sizeof(*more));
		if (!more)
			return -1;
		l->entries = more;
	}
	struct child *c = malloc(sizeof(*c) + size);
	if (!c)
		return -1;
	c->type = entry->d_type;
	memcpy(c->name, entry->d_name, size);
	l->entries[l->count++] = c;
	return 0;
}

int listing_read(struct listing *l, int dir)
{
	int copy = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), code;
	DIR *stream = copy < 0 ? NULL : fdopendir(copy);
	struct dirent *entry;

	if (!stream) {
		code = errno;
		if (copy >= 0)
			close(copy);
		errno = code;
		return -1;
	}
	while ((errno = 0, entry = readdir(stream)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 && add(l, entry) < 0)
			break;
	/* Of the end there is none. */
	code = errno;
	closedir(stream);
	errno = code;
	if (code)
		return -1;
	if (l->count > 1)
		qsort(l->entries, l->count, sizeof(*l->entries), by_name);
	return 0;
}

void listing_free(struct listing *l)
{
	while (l->count > 0)
		free(l->entries[--l->count]);
	free(l->entries);
	*l = (struct listing){0};
}
