/* SPDX-License-Identifier: Apache-2.0 */
#include "seen.h"

#include <stdlib.h>
#include <string.h>

struct seen_file {
	dev_t dev;
	ino_t ino;
	char *name;
};

static struct seen_file *slot(struct seen_file *table, size_t size, dev_t dev, ino_t ino)
{
	size_t at = (size_t)((ino ^ (dev << 7)) * 0x9e3779b97f4a7c15ull >> 20) & (size - 1);

	while (table[at].name && (table[at].ino != ino || table[at].dev != dev))
		at = (at + 1) & (size - 1);
	return &table[at];
}

static int grow(struct seen *s)
{
	size_t size = s->size ? s->size * 2 : 256;
	struct seen_file *table = calloc(size, sizeof(*table));

	if (!table)
		return -1;
	for (size_t i = 0; i < s->size; i++)
		if (s->files[i].name)
			*slot(table, size, s->files[i].dev, s->files[i].ino) = s->files[i];
	free(s->files);
	s->files = table;
	s->size = size;
	return 0;
}

const char *seen_before(struct seen *s, const struct stat *st, const char *name, bool *failed)
{
	*failed = s->count * 2 >= s->size && grow(s) < 0;
	if (*failed)
		return NULL;
	struct seen_file *file = slot(s->files, s->size, st->st_dev, st->st_ino);
	if (file->name)
		return file->name;
	file->name = strdup(name);
	if (!file->name) {
		*failed = true;
		return NULL;
	}
	file->dev = st->st_dev;
	file->ino = st->st_ino;
	s->count++;
	return NULL;
}

void seen_free(struct seen *s)
{
	for (size_t i = 0; i < s->size; i++)
		free(s->files[i].name);
	free(s->files);
	*s = (struct seen){0};
}
