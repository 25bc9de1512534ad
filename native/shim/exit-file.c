#include "exit-file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

struct exit_status exit_status_of(int wait_status, uint64_t at)
{
	int signal = WIFSIGNALED(wait_status) ? WTERMSIG(wait_status) : 0;
	int code = signal ? 128 + signal : WEXITSTATUS(wait_status);
	return (struct exit_status){ .code = code, .signal = signal, .at = at };
}

enum { RECORD_ROOM = 96 };

int exit_file_reserve(const char *directory)
{
	char room[RECORD_ROOM] = "";
	int dir = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	int fd = dir < 0 ? -1 : openat(dir, "exit.tmp", O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	ssize_t written = fd < 0 ? -1 : write(fd, room, sizeof(room));
	int saved = written < 0 ? errno : ENOSPC;
	if (fd >= 0)
		close(fd);
	if (dir >= 0)
		close(dir);
	errno = saved;
	return written == (ssize_t)sizeof(room) ? 0 : -1;
}

/* Over what has been reserved, so that a full file system takes it. */
static int write_whole(int fd, const char *text, size_t n, bool sync)
{
	ssize_t written = write(fd, text, n);
	if (written == (ssize_t)n && ftruncate(fd, (off_t)n))
		return -1;
	if (written >= 0 && (size_t)written != n)
		errno = ENOSPC;
	return written == (ssize_t)n && (!sync || !fdatasync(fd)) ? 0 : -1;
}

int exit_file_write(const char *directory, const struct exit_status *status, bool sync)
{
	char text[RECORD_ROOM];
	int n = snprintf(text, sizeof(text), "code=%d at=%llu oom=%d\n", status->code,
			 (unsigned long long)status->at, status->oom);
	int dir = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return -1;
	int fd = openat(dir, "exit.tmp", O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	int failed = fd < 0 || write_whole(fd, text, (size_t)n, sync);
	int saved = errno;
	if (fd >= 0)
		close(fd);
	if (!failed) {
		failed = renameat(dir, "exit.tmp", dir, "exit");
		saved = errno;
	}
	close(dir);
	errno = saved;
	return failed ? -1 : 0;
}
