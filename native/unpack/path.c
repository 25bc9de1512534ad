/* SPDX-License-Identifier: Apache-2.0 */
#include "path.h"

#include <string.h>

int path_clean(const char *name, char *out, size_t size)
{
	size_t len = 0;

	if (size == 0)
		return -1;
	while (*name) {
		size_t part = strcspn(name, "/");
		if (part == 2 && name[0] == '.' && name[1] == '.') {
			while (len > 0 && out[--len] != '/')
				;
		} else if (part > 0 && !(part == 1 && name[0] == '.')) {
			if (len + (len > 0) + part >= size)
				return -1;
			if (len > 0)
				out[len++] = '/';
			memcpy(out + len, name, part);
			len += part;
		}
		name += part;
		name += *name == '/';
	}
	out[len] = '\0';
	return 0;
}

void path_split(char *path, const char **dir, const char **base)
{
	char *slash = strrchr(path, '/');

	if (!slash) {
		*dir = "";
		*base = path;
		return;
	}
	*slash = '\0';
	*dir = path;
	*base = slash + 1;
}

enum whiteout path_whiteout(const char *base, const char **target)
{
	if (strncmp(base, ".wh.", 4) != 0)
		return WHITEOUT_NONE;
	if (strcmp(base, ".wh..wh..opq") == 0)
		return WHITEOUT_OPAQUE;
	if (strncmp(base, ".wh..wh.", 8) == 0)
		return WHITEOUT_META;
	const char *name = base + 4;
	if (name[0] == '\0' || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return WHITEOUT_INVALID;
	*target = name;
	return WHITEOUT_FILE;
}
