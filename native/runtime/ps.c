#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fd.h"
#include "options.h"
#include "runtime.h"
#include "state.h"

#define PIDS_MAX 32768

static bool is_listed(const pid_t *pids, int count, long pid)
{
	for (int i = 0; i < count; i++)
		if (pids[i] == pid)
			return true;
	return false;
}

/* The n-th word of a line, from 0; or when n is -1 the place of the word "PID". -1: not there. */
static long word_at(const char *line, int n)
{
	for (int i = 0;; i++) {
		size_t length;

		line += strspn(line, " \t\n");
		length = strcspn(line, " \t\n");
		if (!length)
			return -1;
		if (n < 0 && length == 3 && !strncmp(line, "PID", 3))
			return i;
		if (n == i)
			return atol(line);
		line += length;
	}
}

static int filter(FILE *ps, const pid_t *pids, int count, struct error *err)
{
	char *line = NULL;
	size_t room = 0;
	long column = -1;

	while (getline(&line, &room, ps) > 0) {
		if (column >= 0 && !is_listed(pids, count, word_at(line, (int)column)))
			continue;
		if (column < 0 && (column = word_at(line, -1)) < 0)
			break;
		fputs(line, stdout);
	}
	free(line);
	return column < 0 ? error_text(err, EINVAL, "couldn't find PID field in ps output") : 0;
}

static pid_t spawn_ps(char **argv, int output, struct error *err)
{
	extern char **environ;
	posix_spawn_file_actions_t actions;
	pid_t pid = -1;
	int code;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, output, 1);
	code = posix_spawnp(&pid, "ps", &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	if (code)
		return error_set(err, code, "ps");
	return pid;
}

/* ps(1) knows best how to print; its PID column tells which lines are the container's. */
static int print_table(const pid_t *pids, int count, char **argv, struct error *err)
{
	int ends[2], status, result;
	pid_t pid;
	FILE *ps;

	if (pipe2(ends, O_CLOEXEC))
		return error_set(err, errno, "pipe");
	pid = spawn_ps(argv, ends[1], err);
	close(ends[1]);
	ps = fdopen(ends[0], "r");
	if (pid < 0 || !ps) {
		close(ends[0]);
		return -1;
	}
	result = filter(ps, pids, count, err);
	fclose(ps);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return status ? error_text(err, ECHILD, "ps: exit status %d", WEXITSTATUS(status)) : result;
}

static void print_json(const pid_t *pids, int count)
{
	putchar('[');
	for (int i = 0; i < count; i++)
		printf("%s%d", i ? "," : "", (int)pids[i]);
	puts("]");
}

int command_ps(const struct globals *g, int argc, char **argv, struct error *err)
{
	const char *format = "table";
	const struct option flags[] = { { "format", 'f', OPTION_TEXT, &format }, { 0 } };
	char *standard[] = { "ps", "-ef", NULL };
	struct container c;
	int count, result = 0, at = options_parse(flags, argc, argv, err);
	scoped_memory pid_t *pids = malloc(PIDS_MAX * sizeof(*pids));

	if (at < 0 || argc - at < 1)
		return at < 0 ? -1 : error_text(err, EINVAL, "ps: \"ps\" requires a minimum of 1 argument");
	if (!pids)
		return error_set(err, ENOMEM, "ps");
	if (state_load(g, argv[at], &c, err))
		return -1;
	count = cgroup_pids(&c.cgroup, pids, PIDS_MAX, err);
	state_close(&c);
	if (count < 0)
		return -1;
	count = count < PIDS_MAX ? count : PIDS_MAX;
	if (!strcmp(format, "json"))
		print_json(pids, count);
	else if (strcmp(format, "table"))
		return error_text(err, EINVAL, "invalid format option");
	else if (argc - at == 1)
		result = print_table(pids, count, standard, err);
	else {
		argv[at] = standard[0]; /* the rest is ps's own */
		result = print_table(pids, count, argv + at, err);
	}
	return result;
}
