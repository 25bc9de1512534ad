/* SPDX-License-Identifier: Apache-2.0 */
#include "go-path.h"

#include <stdio.h>
#include <string.h>

int go_clean(const char *path, char *out, size_t size)
{
	bool rooted = path[0] == '/';
	size_t len = 0, floor = 0;

	if (size < 3)
		return -1;
	if (rooted)
		out[len++] = '/';
	/* What may not be taken back: the root, or the ".." that a relative path begins with. */
	floor = len;
	while (*path) {
		size_t part = strcspn(path, "/");
		bool up = part == 2 && path[0] == '.' && path[1] == '.';
		if (up && len > floor) {
			while (len > floor && out[--len] != '/')
				;
		} else if (part > 0 && !(part == 1 && path[0] == '.') && !(up && rooted)) {
			bool slash = len > (rooted ? 1u : 0u);
			if (len + slash + part + 1 > size)
				return -1;
			if (slash)
				out[len++] = '/';
			memcpy(out + len, path, part);
			len += part;
			if (up)
				floor = len;
		}
		path += part;
		path += *path == '/';
	}
	if (len == 0)
		out[len++] = '.';
	out[len] = '\0';
	return 0;
}

void go_base(const char *path, char *out, size_t size)
{
	size_t end = strlen(path), start;

	while (end > 0 && path[end - 1] == '/')
		end--;
	for (start = end; start > 0 && path[start - 1] != '/'; start--)
		;
	if (end == 0)
		snprintf(out, size, "%s", path[0] ? "/" : ".");
	else
		snprintf(out, size, "%.*s", (int)(end - start), path + start);
}

int go_absolute(const char *path, char *out, size_t size)
{
	char rooted[GO_PATH_CAP + 1], base[GO_PATH_CAP + 2];
	size_t given = strlen(path), len;

	if (given >= GO_PATH_CAP || size < 3)
		return -1;
	snprintf(rooted, sizeof(rooted), "/%s", path);
	if (go_clean(rooted, out, size - 2) < 0)
		return -1;
	len = strlen(out);
	go_base(path, base, sizeof(base));
	if (strcmp(base, ".") == 0)
		strcpy(out + len, out[len - 1] == '/' ? "." : "/.");
	len = strlen(out);
	if (given > 0 && path[given - 1] == '/' && out[len - 1] != '/')
		strcpy(out + len, "/");
	return 0;
}

bool go_climbs(const char *cleaned)
{
	return strncmp(cleaned, "..", 2) == 0 && (cleaned[2] == '/' || cleaned[2] == '\0');
}
