#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

static int run(const char *program, char *const argv[], const struct spawn_fd *fds, unsigned count, bool session,
	       pid_t *pid)
{
	char *env[] = { (char *)"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	int code;

	posix_spawn_file_actions_init(&actions);
	for (unsigned i = 0; i < count; i++)
		posix_spawn_file_actions_adddup2(&actions, fds[i].from, fds[i].to);
	posix_spawnattr_init(&attr);
	if (session)
		posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSID);
	code = posix_spawn(pid, program, &actions, &attr, argv, env);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&actions);
	return code;
}

int spawn_program(const char *program, char *const argv[], const struct spawn_fd *fds, unsigned count, bool session,
		  pid_t *pid, struct error *err)
{
	struct spawn_fd lifted[SPAWN_FDS_MOST];
	int above = 0, code = 0;
	unsigned done;

	if (count > SPAWN_FDS_MOST)
		return error_text(err, EMFILE, "too many descriptors for %s", argv[0]);
	for (unsigned i = 0; i < count; i++)
		above = fds[i].to >= above ? fds[i].to + 1 : above;
	/* A target may be the number of a source that comes later: copies above all targets cannot collide. */
	for (done = 0; done < count; done++) {
		lifted[done] = (struct spawn_fd){ fcntl(fds[done].from, F_DUPFD_CLOEXEC, above), fds[done].to };
		if (lifted[done].from < 0) {
			code = errno;
			break;
		}
	}
	if (code == 0)
		code = run(program, argv, lifted, count, session, pid);
	while (done-- > 0)
		close(lifted[done].from);
	return code ? error_set(err, code, "run %s", argv[0]) : 0;
}

int spawn_collect(pid_t pid)
{
	int status = 0;

	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}
