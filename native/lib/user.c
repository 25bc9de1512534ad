#include "user.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "error.h"
#include "fd.h"

#define FILE_LIMIT (8u << 20)
#define ID_MAX 2147483647UL

/* A line of a colon-separated file, taken apart in place of pointers and lengths. */
struct line {
	const char *field[8];
	size_t length[8];
	unsigned count;
};

/* The next line that is not empty or a comment. Returns what follows, or NULL at the end. */
static const char *next_line(const char *text, struct line *line)
{
	while (text && *text) {
		size_t size = strcspn(text, "\n");
		const char *at = text, *end = text + size;

		text = *end ? end + 1 : end;
		while (at < end && (*at == ' ' || *at == '\t' || *at == '\r'))
			at++;
		while (end > at && (end[-1] == ' ' || end[-1] == '\t' || end[-1] == '\r'))
			end--;
		if (at == end || *at == '#')
			continue;
		line->count = 0;
		for (;;) {
			const char *colon = memchr(at, ':', (size_t)(end - at));

			line->field[line->count] = at;
			line->length[line->count++] = (size_t)((colon ? colon : end) - at);
			if (!colon || line->count == 8)
				break;
			at = colon + 1;
		}
		return text;
	}
	return NULL;
}

static bool field_is(const struct line *line, unsigned i, const char *text, size_t length)
{
	return i < line->count && line->length[i] == length && !memcmp(line->field[i], text, length);
}

/* A decimal number as a whole; false for anything else. */
static bool number_of(const char *text, size_t length, unsigned long *number)
{
	unsigned long value = 0;

	if (!length || length > 19)
		return false;
	for (size_t i = 0; i < length; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		value = value * 10 + (unsigned long)(text[i] - '0');
	}
	*number = value;
	return true;
}

/* Lines without a number count as 0, as in Docker's reader. */
static unsigned long field_number(const struct line *line, unsigned i)
{
	unsigned long number = 0;

	if (i < line->count)
		number_of(line->field[i], line->length[i], &number);
	return number;
}

static void take(char *out, size_t room, const struct line *line, unsigned i)
{
	if (i < line->count && line->length[i] < room) {
		memcpy(out, line->field[i], line->length[i]);
		out[line->length[i]] = '\0';
	}
}

static int find_user(const char *passwd, const char *want, size_t length, struct user *user, struct error *err)
{
	unsigned long number = 0;
	bool numeric = number_of(want, length, &number);
	struct line line;

	/* The first line that fits by name or by number, as the files have it: a name may look like a number. */
	for (const char *at = passwd; (at = next_line(at, &line));) {
		unsigned long uid = field_number(&line, 2);

		if (!(length ? field_is(&line, 0, want, length) || (numeric && uid == number) : uid == 0))
			continue;
		if (uid > ID_MAX || field_number(&line, 3) > ID_MAX)
			return error_text(err, ERANGE, "uids and gids must be in range 0-%lu", ID_MAX);
		user->uid = (uint32_t)uid;
		user->gid = (uint32_t)field_number(&line, 3);
		take(user->name, sizeof(user->name), &line, 0);
		if (line.count > 5 && line.length[5])
			take(user->home, sizeof(user->home), &line, 5);
		return 0;
	}
	if (length > 1 && *want == '-' && number_of(want + 1, length - 1, &number))
		return error_text(err, ERANGE, "uids and gids must be in range 0-%lu", ID_MAX);
	if (length && !numeric)
		return error_text(err, ENOENT, "unable to find user %.*s: no matching entries in passwd file",
				  (int)length, want);
	if (number > ID_MAX)
		return error_text(err, ERANGE, "uids and gids must be in range 0-%lu", ID_MAX);
	user->uid = (uint32_t)number;
	return 0;
}

static int find_group(const char *group, const char *want, size_t length, uint32_t *gid, struct error *err)
{
	unsigned long number = 0;
	bool numeric = number_of(want, length, &number);
	struct line line;

	for (const char *at = group; (at = next_line(at, &line));) {
		if (!field_is(&line, 0, want, length) && !(numeric && line.count > 2 && field_number(&line, 2) == number))
			continue;
		number = field_number(&line, 2);
		if (number > ID_MAX)
			return error_text(err, ERANGE, "uids and gids must be in range 0-%lu", ID_MAX);
		*gid = (uint32_t)number;
		return 0;
	}
	if (length > 1 && *want == '-' && number_of(want + 1, length - 1, &number))
		return error_text(err, ERANGE, "uids and gids must be in range 0-%lu", ID_MAX);
	if (!numeric)
		return error_text(err, ENOENT, "unable to find group %.*s: no matching entries in group file",
				  (int)length, want);
	if (number > ID_MAX)
		return error_text(err, ERANGE, "uids and gids must be in range 0-%lu", ID_MAX);
	*gid = (uint32_t)number;
	return 0;
}

static int add_group(struct user *user, uint32_t gid, struct error *err)
{
	for (uint32_t i = 0; i < user->group_count; i++)
		if (user->groups[i] == gid)
			return 0;
	if (user->group_count == USER_GROUPS_MAX)
		return error_text(err, E2BIG, "more than %d additional groups", USER_GROUPS_MAX);
	user->groups[user->group_count++] = gid;
	return 0;
}

/* Groups that list the user by name. */
static int find_memberships(const char *group, struct user *user, struct error *err)
{
	size_t length = strlen(user->name);
	struct line line;

	for (const char *at = group; length && (at = next_line(at, &line));) {
		const char *name = line.count > 3 ? line.field[3] : NULL;
		const char *end = name ? name + line.length[3] : NULL;

		while (name && name < end) {
			const char *comma = memchr(name, ',', (size_t)(end - name));
			size_t size = (size_t)((comma ? comma : end) - name);

			if (size == length && !memcmp(name, user->name, length) && field_number(&line, 2) <= ID_MAX &&
			    add_group(user, (uint32_t)field_number(&line, 2), err))
				return -1;
			name = comma ? comma + 1 : end;
		}
	}
	return 0;
}

int user_resolve_text(const char *passwd, const char *group, const char *spec, const char *const *extra,
		      uint32_t extra_count, struct user *user, struct error *err)
{
	size_t name = spec ? strcspn(spec, ":") : 0;
	const char *group_name = spec && spec[name] == ':' ? spec + name + 1 : "";

	memset(user, 0, sizeof(*user));
	strcpy(user->home, "/");
	if (find_user(passwd, spec ? spec : "", name, user, err))
		return -1;
	if (*group_name) {
		/* A group named by the caller replaces the memberships of the file. */
		if (find_group(group, group_name, strlen(group_name), &user->gid, err))
			return -1;
	} else if (find_memberships(group, user, err)) {
		return -1;
	}
	for (uint32_t i = 0; i < extra_count; i++) {
		uint32_t gid;

		if (find_group(group, extra[i], strlen(extra[i]), &gid, err) || add_group(user, gid, err))
			return -1;
	}
	return 0;
}

/* A file that is missing, or no regular file, counts as empty: images need not have users. */
static int read_file(int root_fd, const char *path, char **text, struct error *err)
{
	struct stat status;
	char again[32];
	scoped_fd int there = fd_open_in_root(root_fd, path, O_PATH, 0);
	scoped_fd int fd = -1;

	*text = NULL;
	if (there < 0)
		return errno == ENOENT || errno == ENOTDIR || errno == ELOOP ? 0 : error_set(err, errno, "open %s", path);
	/*
	 * Opening a device of the image's choice would act on the host's hardware. And a file of the kernel's, which has no size,
	 * may be read for ever (/proc/kmsg).
	 */
	if (fstat(there, &status) || !S_ISREG(status.st_mode) || status.st_size == 0)
		return 0;
	snprintf(again, sizeof(again), "/proc/self/fd/%d", there);
	fd = open(again, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return error_set(err, errno, "open %s", path);
	*text = fd_read_text(fd, FILE_LIMIT, NULL, err);
	return *text ? 0 : error_prefix(err, "%s", path);
}

int user_resolve(int root_fd, const char *spec, const char *const *extra, uint32_t extra_count, struct user *user,
		 struct error *err)
{
	scoped_memory char *passwd = NULL;
	scoped_memory char *group = NULL;

	if (read_file(root_fd, "/etc/passwd", &passwd, err) || read_file(root_fd, "/etc/group", &group, err))
		return -1;
	return user_resolve_text(passwd, group, spec, extra, extra_count, user, err);
}
