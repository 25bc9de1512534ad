#include "forward-start.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../lib/fd.h"
#include "program.h"

#define LINES_FD 3
#define CONFIG_FD 4
#define ANSWER_FD 5
/* Longer than the forwarder itself tries. */
#define ANSWER_MS 60000

static int config_file(struct json_object *config, struct error *err)
{
	size_t size;
	const char *text = json_object_to_json_string_length(config, JSON_C_TO_STRING_PLAIN, &size);
	scoped_fd int fd = memfd_create("log", MFD_CLOEXEC);

	if (fd < 0 || !text || fd_write_all(fd, text, size))
		return error_set(err, errno, "write the log's settings");
	return steal_fd(&fd);
}

static int spawn(const char *program, const char *place, int lines, int config, int answer, struct error *err)
{
	char *argv[] = { (char *)"berth-forwarder", (char *)place, NULL };
	struct spawn_fd fds[] = { { lines, LINES_FD }, { config, CONFIG_FD }, { answer, ANSWER_FD } };
	pid_t pid;

	if (spawn_program(program, argv, fds, 3, true, &pid, err))
		return -1;
	/* What was spawned forks the forwarder and ends at once. */
	(void)spawn_collect(pid);
	return 0;
}

static int judge(char *text, struct error *err)
{
	char *words;
	long code;

	if (strcmp(text, "ok") == 0)
		return 0;
	code = strtol(text, &words, 10);
	if (words == text || *words != ' ')
		return error_text(err, EPROTO, "the forwarder of the log ended without a word");
	return error_text(err, (int)code, "%s", words + 1);
}

static int await_answer(int answer, int cancel, struct error *err)
{
	struct pollfd p[] = { { .fd = answer, .events = POLLIN }, { .fd = cancel, .events = POLLIN } };
	char text[sizeof(err->message) + 32];
	ssize_t n;

	do
		n = poll(p, 2, ANSWER_MS);
	while (n < 0 && errno == EINTR);
	if (p[1].revents)
		return error_text(err, ECANCELED, "cancelled");
	if (n <= 0)
		return error_text(err, ETIMEDOUT, "the forwarder of the log gives no answer");
	n = read(answer, text, sizeof(text) - 1);
	text[n > 0 ? n : 0] = '\0';
	return judge(text, err);
}

/* An HTTP client takes thrice the time to load: only who needs it has it. */
static bool needs_http(struct json_object *config)
{
	struct json_object *driver;

	return json_object_object_get_ex(config, "driver", &driver) &&
	       strcmp(json_object_get_string(driver), "splunk") == 0;
}

int forward_start(const char *program, const char *place, struct json_object *config, int cancel, int *socket,
		  struct error *err)
{
	int lines[2], answer[2];
	char with_http[4096];
	scoped_fd int file = config_file(config, err);

	snprintf(with_http, sizeof(with_http), "%s-http", program);
	if (file < 0)
		return error_stage(err, "log");
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, lines)) {
		error_set(err, errno, "make a socket pair");
		return error_stage(err, "log");
	}
	scoped_fd int ours = lines[0];
	scoped_fd int theirs = lines[1];
	if (pipe2(answer, O_CLOEXEC)) {
		error_set(err, errno, "make a pipe");
		return error_stage(err, "log");
	}
	scoped_fd int heard = answer[0];
	scoped_fd int told = answer[1];
	if (spawn(needs_http(config) ? with_http : program, place, theirs, file, told, err))
		return error_stage(err, "log");
	/* Its end is to be noticed. */
	fd_close(&theirs);
	fd_close(&told);
	if (await_answer(heard, cancel, err))
		return error_stage(err, "log");
	*socket = steal_fd(&ours);
	return 0;
}
