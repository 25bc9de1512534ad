#include "foreground.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "fd.h"

/* SIGCHLD is for ourselves. */
static const int taken[] = { SIGCHLD, SIGINT,  SIGTERM,  SIGHUP,  SIGQUIT,
			     SIGUSR1, SIGUSR2, SIGWINCH, SIGCONT, SIGALRM };

static void signal_set(sigset_t *set)
{
	sigemptyset(set);
	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
		sigaddset(set, taken[i]);
}

void foreground_prepare(bool subreaper)
{
	sigset_t set;

	signal_set(&set);
	sigprocmask(SIG_BLOCK, &set, NULL);
	if (subreaper)
		prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

void foreground_size(int console)
{
	struct winsize size;

	if (!ioctl(0, TIOCGWINSZ, &size))
		ioctl(console, TIOCSWINSZ, &size);
}

/* What has been typed and not yet been taken by the terminal. */
struct typed {
	char bytes[8192];
	size_t at, end;
};

/* Both return false when there will be no more. */
static bool typed_read(struct typed *t)
{
	ssize_t n = read(0, t->bytes, sizeof(t->bytes));

	t->at = 0;
	t->end = n > 0 ? (size_t)n : 0;
	return n > 0 || (n < 0 && (errno == EINTR || errno == EAGAIN));
}

/* Without waiting: a process that writes before it reads would wait for us, and we for it. */
static bool typed_pass(struct typed *t, int console)
{
	ssize_t n = write(console, t->bytes + t->at, t->end - t->at);

	t->at += n > 0 ? (size_t)n : 0;
	return n >= 0 || errno == EINTR || errno == EAGAIN;
}

/* Returns false at the end of the source. */
static bool relay(int from, int to)
{
	char bytes[8192];
	ssize_t n = read(from, bytes, sizeof(bytes));

	if (n < 0)
		return errno == EINTR || errno == EAGAIN;
	return n > 0 && !fd_write_all(to, bytes, (size_t)n);
}

/* Orphans that have come to this process. The one it waits for stays, for its status. */
static void reap_others(pid_t pid)
{
	siginfo_t info = { 0 };

	while (!waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) && info.si_pid && info.si_pid != pid) {
		waitpid(info.si_pid, NULL, WNOHANG);
		info.si_pid = 0;
	}
}

static void take_signal(int signals, pid_t pid, int pidfd, int console)
{
	struct signalfd_siginfo info;

	if (read(signals, &info, sizeof(info)) != (ssize_t)sizeof(info))
		return;
	if (info.ssi_signo == SIGCHLD)
		reap_others(pid);
	else if (info.ssi_signo == SIGWINCH && console >= 0)
		foreground_size(console);
	else
		pidfd_signal(pidfd, (int)info.ssi_signo);
}

static int reap(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return 255;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static void serve(pid_t pid, int pidfd, int signals, int console)
{
	struct pollfd fds[4] = {
		{ .fd = pidfd, .events = POLLIN },
		{ .fd = signals, .events = POLLIN },
		{ .fd = -1, .events = POLLIN },
		{ .fd = console, .events = POLLIN },
	};
	struct typed typed = { .at = 0 };
	bool ended = false, typing = console >= 0;

	/* After the end, what is left in the terminal still comes out. */
	while (!ended || fds[3].fd >= 0) {
		bool waits = typed.at < typed.end;

		fds[2].fd = typing && !waits ? 0 : -1;
		fds[2].revents = fds[3].revents = 0;
		fds[3].events = waits ? POLLIN | POLLOUT : POLLIN;
		if (poll(fds, 4, ended ? 100 : -1) == 0 && ended)
			return;
		if (fds[0].revents) {
			ended = true;
			fds[0].fd = -1;
		}
		if (fds[1].revents)
			take_signal(signals, pid, pidfd, console);
		if (fds[2].revents)
			typing = typed_read(&typed);
		if (fds[3].revents & POLLOUT && !typed_pass(&typed, console)) {
			typed.at = typed.end;
			typing = false;
		}
		if (fds[3].revents & ~POLLOUT && !relay(console, 1))
			fds[3].fd = -1;
	}
}

int foreground_wait(pid_t pid, int pidfd, int console)
{
	struct termios before, raw;
	bool terminal = console >= 0 && !tcgetattr(0, &before);
	sigset_t set;
	int code;
	scoped_fd int signals = -1;

	signal_set(&set);
	signals = signalfd(-1, &set, SFD_CLOEXEC);
	if (terminal) {
		raw = before;
		cfmakeraw(&raw);
		tcsetattr(0, TCSANOW, &raw);
		foreground_size(console);
	}
	if (console >= 0)
		fcntl(console, F_SETFL, O_NONBLOCK);
	serve(pid, pidfd, signals, console);
	code = reap(pid);
	if (terminal)
		tcsetattr(0, TCSANOW, &before);
	return code;
}
