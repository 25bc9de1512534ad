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

enum { LIFE_FD = 3, LINES_FD, CONFIG_FD, ANSWER_FD };

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

static int spawn(const char *program, const char *place, int life, int lines, int config, int answer, struct error *err)
{
	char *argv[] = { (char *)"berth-forwarder", (char *)place, NULL };
	struct spawn_fd fds[] = { { life, LIFE_FD }, { lines, LINES_FD }, { config, CONFIG_FD }, { answer, ANSWER_FD } };
	pid_t pid;

	if (spawn_program(program, argv, fds, 4, true, &pid, err))
		return -1;
	/* What was spawned forks the forwarder and ends at once. */
	(void)spawn_collect(pid);
	return 0;
}

/* One that is started again takes over both ends: nobody else would know where a killed one has read to. It has nobody to answer. */
static int keep(const char *program, const char *place, int life, int lines, int config, struct keeping *keeping,
		struct error *err)
{
	char *argv[] = { (char *)"berth-forwarder", (char *)place, (char *)"again", NULL };
	scoped_fd int nobody = open("/dev/null", O_WRONLY | O_CLOEXEC);

	if (nobody < 0)
		return error_set(err, errno, "open /dev/null");
	return keep_add(keeping, "forwarder", program, argv, life, (int[]){ lines, config, nobody }, 3, err);
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

static int start(const char *program, const char *place, int config, int cancel, struct keeping *keeping, int *socket,
		 struct error *err)
{
	int lines[2], answer[2], life[2];

	/* Each message holds whole lines, so that one forwarder can take over from another between two of them. */
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, lines))
		return error_set(err, errno, "make a socket pair");
	scoped_fd int ours = lines[0];
	scoped_fd int theirs = lines[1];
	if (pipe2(answer, O_CLOEXEC))
		return error_set(err, errno, "make a pipe");
	scoped_fd int heard = answer[0];
	scoped_fd int told = answer[1];
	if (pipe2(life, O_CLOEXEC))
		return error_set(err, errno, "make a pipe");
	scoped_fd int held = life[0];
	scoped_fd int watched = life[1];
	if (spawn(program, place, held, theirs, config, told, err))
		return -1;
	/* Its end is to be noticed. */
	fd_close(&told);
	if (await_answer(heard, cancel, err) || keep(program, place, watched, theirs, config, keeping, err))
		return -1;
	*socket = steal_fd(&ours);
	return 0;
}

int forward_start(const char *program, const char *place, struct json_object *config, int cancel, struct keeping *keeping,
		  int *socket, struct error *err)
{
	char with_http[4096];
	scoped_fd int file = config_file(config, err);

	snprintf(with_http, sizeof(with_http), "%s-http", program);
	if (file >= 0 &&
	    start(needs_http(config) ? with_http : program, place, file, cancel, keeping, socket, err) == 0)
		return 0;
	return error_stage(err, "log");
}
