#include "hooks.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "fd.h"
#include "plan.h"

static const char *const names[HOOK_POINTS] = { "prestart",	  "createRuntime", "createContainer",
						"startContainer", "poststart",	   "poststop" };

/* The OCI state on a memfd, to be a hook's stdin. */
static int state_file(const struct plan *plan, const char *status, pid_t pid)
{
	const char *head = plan_text(plan, plan->state_head);
	char tail[96];
	scoped_fd int fd = memfd_create("state", MFD_CLOEXEC);
	int size = pid ? snprintf(tail, sizeof(tail), ",\"status\":\"%s\",\"pid\":%d}", status, (int)pid) :
			 snprintf(tail, sizeof(tail), ",\"status\":\"%s\"}", status);

	if (fd < 0 || !head || fd_write_all(fd, head, strlen(head)) || fd_write_all(fd, tail, (size_t)size) ||
	    lseek(fd, 0, SEEK_SET))
		return -1;
	return steal_fd(&fd);
}

static _Noreturn void hook_exec(const struct plan *plan, const struct plan_hook *hook, int state, int output)
{
	char *const none[] = { NULL };
	const char *path = plan_text(plan, hook->path);
	char **argv = hook->args.count ? plan_vector(plan, hook->args, NULL) : plan_vector(plan, hook->args, path);
	char **env = hook->env.count ? plan_vector(plan, hook->env, NULL) : (char **)none;
	sigset_t mask;

	sigemptyset(&mask);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	fd_cloexec_from(3);
	if (argv && env && dup2(state, 0) == 0 && dup2(output, 1) == 1 && dup2(output, 2) == 2)
		execve(path, argv, env);
	dprintf(output, "%s", errno_text(errno));
	_exit(127);
}

/* Waits for the hook, at most its timeout. Returns its status as of waitpid, or -1 with errno (ETIMEDOUT: killed). */
static int hook_wait(pid_t pid, uint32_t timeout_s)
{
	scoped_fd int pidfd = timeout_s ? pidfd_open_pid(pid) : -1;
	struct pollfd wait = { .fd = pidfd, .events = POLLIN };
	int status, late = 0;

	if (pidfd >= 0 && poll(&wait, 1, timeout_s > 2000000 ? -1 : (int)timeout_s * 1000) == 0) {
		late = 1;
		kill(pid, SIGKILL);
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	if (late) {
		errno = ETIMEDOUT;
		return -1;
	}
	return status;
}

/* What the hook printed, for the message. */
static void read_output(int fd, char *text, size_t size)
{
	ssize_t n = lseek(fd, 0, SEEK_SET) < 0 ? 0 : fd_read_all(fd, text, size - 1);

	text[n > 0 ? n : 0] = '\0';
	for (char *end = text + strlen(text); end > text && end[-1] == '\n';)
		*--end = '\0';
}

static int run_one(const struct plan *plan, const struct plan_hook *hook, const char *point, uint32_t number,
		   const char *status_word, pid_t container, struct error *err)
{
	char text[256];
	int status;
	pid_t pid;
	scoped_fd int state = state_file(plan, status_word, container);
	scoped_fd int output = memfd_create("hook", MFD_CLOEXEC);

	if (state < 0 || output < 0)
		return error_set(err, errno, "error running %s hook #%u", point, number);
	pid = fork();
	if (pid < 0)
		return error_set(err, errno, "error running %s hook #%u", point, number);
	if (pid == 0)
		hook_exec(plan, hook, state, output);
	status = hook_wait(pid, hook->timeout_s);
	if (status == 0)
		return 0;
	if (status < 0 && errno == ETIMEDOUT)
		return error_text(err, ETIMEDOUT, "error running %s hook #%u: hook ran past specified timeout of %u.0s",
				  point, number, hook->timeout_s);
	if (status < 0)
		return error_set(err, errno, "error running %s hook #%u", point, number);
	read_output(output, text, sizeof(text));
	if (WIFSIGNALED(status))
		return error_text(err, 0, "error running %s hook #%u: signal: %d, stdout+stderr: %s", point, number,
				  WTERMSIG(status), text);
	return error_text(err, 0, "error running %s hook #%u: exit status %d, stdout+stderr: %s", point, number,
			  WEXITSTATUS(status), text);
}

static int run_all(const struct plan *plan, int point, const char *status, pid_t pid, bool strict, struct error *err)
{
	const struct plan_hook *hooks = plan_items(plan, plan->hooks[point]);
	struct error later;
	int result = 0;

	for (uint32_t i = 0; i < plan->hooks[point].count; i++) {
		if (!run_one(plan, &hooks[i], names[point], i, status, pid, result ? &later : err))
			continue;
		result = error_stage(result ? &later : err, "hooks");
		if (strict)
			break;
	}
	return result;
}

int hooks_run(const struct plan *plan, int point, const char *status, pid_t pid, struct error *err)
{
	return run_all(plan, point, status, pid, false, err);
}

int hooks_run_strict(const struct plan *plan, int point, const char *status, pid_t pid, struct error *err)
{
	return run_all(plan, point, status, pid, true, err);
}
