/*
 * berth-init: PID 1 of a container run with --init. Starts the command, passes every signal on to it, reaps whatever is
 * orphaned, and ends with the command's status (128 + signal when one killed it).
 *
 * Called as `docker-init -- COMMAND [ARG ...]`. Static, no allocation.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { EXIT_NOT_EXECUTABLE = 126, EXIT_NOT_FOUND = 127, EXIT_SIGNALLED = 128 };

/* Runs in the child: its own process group, the terminal's foreground when there is one, signals as we found them. */
static int run_command(char **argv, const sigset_t *mask)
{
	/* Becoming the foreground group sends SIGTTOU to a background one. */
	signal(SIGTTOU, SIG_IGN);
	if (setpgid(0, 0) == 0)
		tcsetpgrp(STDIN_FILENO, getpgrp()); /* no terminal: nothing to do */
	signal(SIGTTOU, SIG_DFL);
	signal(SIGTTIN, SIG_DFL);
	sigprocmask(SIG_SETMASK, mask, NULL);
	execvp(argv[0], argv);
	int reason = errno;
	dprintf(STDERR_FILENO, "exec %s failed: %s\n", argv[0], strerror(reason));
	return reason == ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_EXECUTABLE;
}

/* Reaps all that has ended. Returns the command's exit code once it is among them, otherwise -1. */
static int reap(pid_t command)
{
	int code = -1;
	int status;
	pid_t pid;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid != command)
			continue;
		code = WIFSIGNALED(status) ? EXIT_SIGNALLED + WTERMSIG(status) : WEXITSTATUS(status);
	}
	return code;
}

int main(int argc, char **argv)
{
	int first = argc > 1 && strcmp(argv[1], "--") == 0 ? 2 : 1;
	if (first >= argc) {
		dprintf(STDERR_FILENO, "usage: %s [--] COMMAND [ARG ...]\n", argc > 0 ? argv[0] : "berth-init");
		return 1;
	}
	sigset_t all, before;
	sigfillset(&all);
	/* Faults of our own must end us, not wait in a queue. */
	static const int faults[] = { SIGFPE, SIGILL, SIGSEGV, SIGBUS, SIGABRT, SIGTRAP, SIGSYS };
	for (size_t i = 0; i < sizeof(faults) / sizeof(*faults); i++)
		sigdelset(&all, faults[i]);
	sigprocmask(SIG_SETMASK, &all, &before);
	/* PID 1 of a terminal's session must not be stopped by it. */
	signal(SIGTTIN, SIG_IGN);
	signal(SIGTTOU, SIG_IGN);

	pid_t command = fork();
	if (command < 0) {
		dprintf(STDERR_FILENO, "fork failed: %s\n", strerror(errno));
		return 1;
	}
	if (command == 0)
		_exit(run_command(argv + first, &before));

	for (;;) {
		siginfo_t info;
		if (sigwaitinfo(&all, &info) < 0)
			continue;
		if (info.si_signo != SIGCHLD) {
			kill(command, info.si_signo);
			continue;
		}
		int code = reap(command);
		if (code >= 0)
			return code;
	}
}
