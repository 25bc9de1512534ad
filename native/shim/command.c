#include "command.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define USUAL_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

char *const command_environment[] = { "PATH=" USUAL_PATH, NULL };

static int stream_set(posix_spawn_file_actions_t *actions, int fd, int as)
{
	if (fd < 0)
		return posix_spawn_file_actions_addopen(actions, as, "/dev/null", O_RDWR, 0);
	return posix_spawn_file_actions_adddup2(actions, fd, as);
}

int command_attributes(posix_spawnattr_t *attributes, short flags)
{
	sigset_t none, all;
	sigemptyset(&none);
	sigfillset(&all);
	return posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | flags) ||
	       posix_spawnattr_setsigmask(attributes, &none) ||
	       posix_spawnattr_setsigdefault(attributes, &all);
}

int command_start(struct children *children, struct child *child, const char *const argv[],
		  const struct command_fds *fds, const char *tool, child_exited *exited)
{
	char path[PATH_MAX + sizeof("PATH=:" USUAL_PATH)];
	char *const environment[] = { path, NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	pid_t pid;
	if (posix_spawn_file_actions_init(&actions) || posix_spawnattr_init(&attributes)) {
		errno = ENOMEM;
		return -1;
	}
	int directory = tool ? (int)(strrchr(tool, '/') - tool) : 0;
	snprintf(path, sizeof(path), "PATH=%.*s%s" USUAL_PATH, directory, tool ? tool : "", tool ? ":" : "");
	int failed = stream_set(&actions, fds->in, STDIN_FILENO) ||
		     stream_set(&actions, fds->out, STDOUT_FILENO) ||
		     stream_set(&actions, fds->err, STDERR_FILENO) || command_attributes(&attributes, 0);
	int code =
		failed ? ENOMEM
		       : posix_spawnp(&pid, argv[0], &actions, &attributes, (char *const *)argv, environment);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	if (code) {
		errno = code;
		return -1;
	}
	child_watch(children, child, pid, exited);
	return 0;
}
