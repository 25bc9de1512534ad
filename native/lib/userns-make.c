#include "userns-make.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "error.h"
#include "fd.h"

static int open_of(pid_t pid, const char *file, int flags)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, file);
	return open(path, flags | O_CLOEXEC);
}

static int write_map(pid_t pid, const char *file, const char *text, struct error *err)
{
	scoped_fd int fd = open_of(pid, file, O_WRONLY);

	/* In one write: the kernel takes no second. */
	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		return error_set(err, errno, "write %s", file);
	return 0;
}

static int take(pid_t pid, const char *uid_map, const char *gid_map, int *user, int *net, struct error *err)
{
	if (write_map(pid, "uid_map", uid_map, err) || write_map(pid, "gid_map", gid_map, err))
		return -1;
	*user = open_of(pid, "ns/user", O_RDONLY);
	*net = *user < 0 ? -1 : open_of(pid, "ns/net", O_RDONLY);
	if (*net >= 0)
		return 0;
	error_set(err, errno, "open the namespaces");
	fd_close(user);
	return -1;
}

/* A child that waits for its end, which comes with that of its parent at the latest. */
static _Noreturn void wait_for_end(pid_t parent)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) || getppid() != parent)
		_exit(1);
	for (;;)
		pause();
}

/* Who asks may have threads: the child makes nothing but system calls. */
static pid_t clone_child(unsigned long flags)
{
	return (pid_t)syscall(SYS_clone, flags | SIGCHLD, NULL, NULL, NULL, 0);
}

static void end_child(pid_t pid)
{
	kill(pid, SIGKILL);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

int userns_make(const char *uid_map, const char *gid_map, int *user, int *net, struct error *err)
{
	/* Descriptors are shared, so that none that is closed here stays open there. */
	pid_t parent = getpid(), pid = clone_child(CLONE_NEWUSER | CLONE_NEWNET | CLONE_FILES);
	int result;

	*user = *net = -1;
	if (pid == 0)
		wait_for_end(parent);
	if (pid < 0)
		return error_set(err, errno, "make a user namespace");
	result = take(pid, uid_map, gid_map, user, net, err);
	end_child(pid);
	return result;
}

static _Noreturn void make_net(int user, int tell, pid_t parent)
{
	int code = setns(user, CLONE_NEWUSER) || unshare(CLONE_NEWNET) ? errno : 0;

	if (write(tell, &code, sizeof(code)) != sizeof(code))
		_exit(1);
	wait_for_end(parent);
}

int userns_make_net(int user, struct error *err)
{
	pid_t parent = getpid(), pid;
	int ends[2], code = EPIPE, net = -1;

	if (pipe2(ends, O_CLOEXEC))
		return error_set(err, errno, "make a network namespace");
	pid = clone_child(0);
	if (pid == 0)
		make_net(user, ends[1], parent);
	if (pid < 0)
		code = errno;
	/* The child has the other end alone: were it killed, this would read its end. */
	fd_close(&ends[1]);
	if (pid > 0 && fd_read_all(ends[0], &code, sizeof(code)) == (ssize_t)sizeof(code) && code == 0)
		net = open_of(pid, "ns/net", O_RDONLY);
	if (net < 0)
		error_set(err, code ? code : errno, "make a network namespace");
	if (pid > 0)
		end_child(pid);
	fd_close(&ends[0]);
	return net;
}
