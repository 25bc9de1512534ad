#include "log-rotate.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command.h"

/* "<path>.<index><suffix>"; false when it does not fit. */
static int name_make(char name[PATH_MAX], const char *path, unsigned index, const char *suffix)
{
	int n = snprintf(name, PATH_MAX, "%s.%u%s", path, index, suffix);
	return n > 0 && n < PATH_MAX;
}

static void shift(const char *path, unsigned index, const char *suffix)
{
	char from[PATH_MAX], to[PATH_MAX];
	if (name_make(from, path, index, suffix) && name_make(to, path, index + 1, suffix))
		rename(from, to);
}

static void drop(const char *path, unsigned index, const char *suffix)
{
	char name[PATH_MAX];
	if (name_make(name, path, index, suffix))
		unlink(name);
}

int log_rotate(const char *path, unsigned max_files)
{
	char first[PATH_MAX];
	if (!name_make(first, path, 1, "")) {
		errno = ENAMETOOLONG;
		return -1;
	}
	drop(path, max_files - 1, "");
	drop(path, max_files - 1, ".gz");
	for (unsigned i = max_files - 1; i > 1; i--) {
		shift(path, i - 1, "");
		shift(path, i - 1, ".gz");
	}
	return rename(path, first);
}

void log_compress(const char *path, struct children *children, struct child *child, child_exited *exited)
{
	static const char *const argv[] = { "gzip", "-nc", NULL };
	char from[PATH_MAX], to[PATH_MAX];
	if (!name_make(from, path, 1, "") || !name_make(to, path, 1, ".gz.tmp"))
		return;
	unlink(to);
	struct command_fds fds = { .in = open(from, O_RDONLY | O_CLOEXEC), .err = -1 };
	fds.out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0640);
	if (fds.in < 0 || fds.out < 0 || command_start(children, child, argv, &fds, NULL, exited))
		unlink(to);
	if (fds.in >= 0)
		close(fds.in);
	if (fds.out >= 0)
		close(fds.out);
}

void log_compress_end(const char *path, int status)
{
	char plain[PATH_MAX], made[PATH_MAX], final[PATH_MAX];
	if (!name_make(plain, path, 1, "") || !name_make(made, path, 1, ".gz.tmp") ||
	    !name_make(final, path, 1, ".gz"))
		return;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0 && !rename(made, final))
		unlink(plain);
	else
		unlink(made);
}
