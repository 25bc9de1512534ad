/* SPDX-License-Identifier: Apache-2.0 */
#include "path-stat.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "fd.h"
#include "go-path.h"

/* Components that may be looked at on the way, as Docker counts. */
#define STEPS_MOST 255

#define GO_DIR 0x80000000u
#define GO_SYMLINK 0x08000000u
#define GO_DEVICE 0x04000000u
#define GO_FIFO 0x02000000u
#define GO_SOCKET 0x01000000u
#define GO_SETUID 0x00800000u
#define GO_SETGID 0x00400000u
#define GO_CHAR_DEVICE 0x00200000u
#define GO_STICKY 0x00100000u

uint32_t go_file_mode(mode_t mode)
{
	uint32_t out = mode & 0777;

	switch (mode & S_IFMT) {
	case S_IFDIR:
		out |= GO_DIR;
		break;
	case S_IFLNK:
		out |= GO_SYMLINK;
		break;
	case S_IFBLK:
		out |= GO_DEVICE;
		break;
	case S_IFCHR:
		out |= GO_DEVICE | GO_CHAR_DEVICE;
		break;
	case S_IFIFO:
		out |= GO_FIFO;
		break;
	case S_IFSOCK:
		out |= GO_SOCKET;
		break;
	default:
		break;
	}
	if (mode & S_ISUID)
		out |= GO_SETUID;
	if (mode & S_ISGID)
		out |= GO_SETGID;
	if (mode & S_ISVTX)
		out |= GO_STICKY;
	return out;
}

static int open_path(int root, const char *path)
{
	return fd_open_in_root(root, path, O_PATH | O_NOFOLLOW, 0);
}

int path_open(int root, const char *path, struct error *err)
{
	int fd = open_path(root, path);

	return fd < 0 ? error_set(err, errno, "lstat %s", path) : fd;
}

/*
 * Follows links to the end, or to where nothing is: a path of the root. Docker tells it so (evalSymlinksInScope of its
 * library): what does not exist is taken as it stands, and what lies below it, too.
 */
static int follow(int root, const char *path, char *out, struct error *err)
{
	char left[2 * GO_PATH_CAP], joined[2 * GO_PATH_CAP + 2], clean[GO_PATH_CAP], target[GO_PATH_CAP];
	struct stat st;
	int n = 0;

	if (go_absolute(path, left, GO_PATH_CAP) < 0)
		return error_set(err, ENAMETOOLONG, "lstat %.200s", path);
	strcpy(out, "/");
	for (char *rest = left; *rest; n++) {
		size_t len = strcspn(rest, "/");
		if (n > STEPS_MOST)
			return error_text(err, 0, "evalSymlinksInScope: too many links in %s", path);
		snprintf(joined, sizeof(joined), "%s/%.*s", out, (int)len, rest);
		rest += len;
		rest += *rest == '/';
		if (go_clean(joined, clean, sizeof(clean)) < 0)
			return error_set(err, ENAMETOOLONG, "lstat %.200s", path);
		scoped_fd int fd = open_path(root, clean);
		if (fd >= 0 && fstat(fd, &st) == 0 && S_ISLNK(st.st_mode)) {
			ssize_t size = readlinkat(fd, "", target, sizeof(target) - 1);
			if (size < 0)
				return error_set(err, errno, "readlink %s", clean);
			target[size] = '\0';
			if (target[0] == '/')
				strcpy(out, "/");
			size_t more = strlen(rest);
			if ((size_t)size + 1 + more >= sizeof(left))
				return error_set(err, ENAMETOOLONG, "lstat %.200s", path);
			memmove(left + size + 1, rest, more + 1);
			memcpy(left, target, (size_t)size);
			left[size] = '/';
			rest = left;
			continue;
		}
		if (fd < 0 && errno != ENOENT)
			return error_set(err, errno, "lstat %s", clean);
		strcpy(out, clean);
	}
	return 0;
}

/* A string of JSON as Go's encoder writes it. What is no UTF-8 becomes U+FFFD. */
static void put_string(FILE *out, const char *text)
{
	const unsigned char *c = (const unsigned char *)text;

	fputc('"', out);
	while (*c) {
		/* Bytes of this character, and the least its value must be. */
		unsigned size = *c < 0x80 ? 1 : *c >= 0xc2 && *c < 0xe0 ? 2 : *c >= 0xe0 && *c < 0xf0 ? 3 : *c >= 0xf0 && *c < 0xf5 ? 4 : 0;
		static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
		uint32_t value = size == 1 ? *c : size > 1 ? *c & (0xffu >> (size + 1)) : 0;
		for (unsigned i = 1; i < size; i++) {
			if ((c[i] & 0xc0) != 0x80) {
				size = 0;
				break;
			}
			value = value << 6 | (c[i] & 0x3f);
		}
		if (size == 0 || value < least[size] || value > 0x10ffff || (value >= 0xd800 && value < 0xe000)) {
			fputs("\\ufffd", out);
			c++;
			continue;
		}
		if (value == '"' || value == '\\')
			fprintf(out, "\\%c", *c);
		else if (value == '\n' || value == '\r' || value == '\t' || value == '\b' || value == '\f')
			fprintf(out, "\\%c", value == '\n' ? 'n' : value == '\r' ? 'r' : value == '\t' ? 't' : value == '\b' ? 'b' : 'f');
		else if (value < 0x20 || value == '<' || value == '>' || value == '&' || value == 0x2028 || value == 0x2029)
			fprintf(out, "\\u%04x", value);
		else
			fwrite(c, 1, size, out);
		c += size;
	}
	fputc('"', out);
}

/* RFC 3339 with as many digits of the second's fraction as it has. */
static void put_time(FILE *out, const struct timespec *when)
{
	struct tm tm;
	char text[64], fraction[16];
	int end;

	if (!gmtime_r(&when->tv_sec, &tm) || strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm) == 0)
		strcpy(text, "1970-01-01T00:00:00");
	end = snprintf(fraction, sizeof(fraction), ".%09ld", when->tv_nsec);
	while (end > 0 && (fraction[end - 1] == '0' || fraction[end - 1] == '.'))
		if (fraction[--end] == '.')
			break;
	fprintf(out, "\"%s%.*sZ\"", text, end, fraction);
}

static char *base64(const unsigned char *data, size_t size)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	char *out = malloc((size + 2) / 3 * 4 + 1), *to = out;

	for (size_t i = 0; out && i < size; i += 3) {
		unsigned left = size - i < 3 ? (unsigned)(size - i) : 3;
		unsigned v = (unsigned)data[i] << 16 | (left > 1 ? (unsigned)data[i + 1] << 8 : 0) | (left > 2 ? data[i + 2] : 0);
		*to++ = digits[v >> 18];
		*to++ = digits[v >> 12 & 63];
		*to++ = left > 1 ? digits[v >> 6 & 63] : '=';
		*to++ = left > 2 ? digits[v & 63] : '=';
	}
	if (out)
		*to = '\0';
	return out;
}

char *path_stat(int root, int fd, const char *path, struct error *err)
{
	char name[GO_PATH_CAP + 2], target[GO_PATH_CAP] = "";
	scoped_memory char *json = NULL;
	size_t size = 0;
	struct stat st;

	if (strlen(path) >= GO_PATH_CAP || fstat(fd, &st) < 0) {
		error_set(err, strlen(path) >= GO_PATH_CAP ? ENAMETOOLONG : errno, "lstat %.200s", path);
		return NULL;
	}
	if (S_ISLNK(st.st_mode) && follow(root, path, target, err) < 0)
		return NULL;
	FILE *out = open_memstream(&json, &size);
	if (!out) {
		error_set(err, ENOMEM, "stat %.200s", path);
		return NULL;
	}
	go_base(path, name, sizeof(name));
	fputs("{\"name\":", out);
	put_string(out, name);
	fprintf(out, ",\"size\":%lld,\"mode\":%u,\"mtime\":", (long long)st.st_size, go_file_mode(st.st_mode));
	put_time(out, &st.st_mtim);
	fputs(",\"linkTarget\":", out);
	put_string(out, target);
	fputs("}", out);
	if (fclose(out) != 0) {
		error_set(err, ENOMEM, "stat %.200s", path);
		return NULL;
	}
	char *text = base64((const unsigned char *)json, size);
	if (!text)
		error_set(err, ENOMEM, "stat %.200s", path);
	return text;
}
