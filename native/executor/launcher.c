#include "launcher.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../lib/fd.h"
#include "shim-call.h"
#include "program.h"

#define ANSWER_BYTES 8192
#define SHIM_FD 3

static int spawn_shim(const char *program, const char *id, int socket, pid_t *pid, struct error *err)
{
	char *argv[] = { (char *)"berth-shim", (char *)id, NULL };

	return spawn_program(program, argv, &(struct spawn_fd){ socket, SHIM_FD }, 1, true, pid, err);
}

static int wait_for_answer(int socket, int cancel, char *text, struct error *err)
{
	struct pollfd p[] = { { .fd = socket, .events = POLLIN }, { .fd = cancel, .events = POLLIN } };
	ssize_t n;

	for (;;) {
		if (poll(p, 2, -1) < 0) {
			if (errno == EINTR)
				continue;
			return error_set(err, errno, "wait for the shim");
		}
		if (p[1].revents)
			return error_text(err, ECANCELED, "cancelled");
		n = recv(socket, text, ANSWER_BYTES - 1, MSG_DONTWAIT);
		if (n > 0) {
			text[n] = '\0';
			return 0;
		}
		if (n == 0 || (errno != EAGAIN && errno != EINTR))
			return error_text(err, ECONNRESET, "the shim ended without a word");
	}
}

static int judge(const char *text, struct launch_answer *answer, struct error *err)
{
	char number[24] = "0";

	memset(answer, 0, sizeof(*answer));
	if (strncmp(text, "ok", 2) == 0) {
		if (shim_value(text, "pid", number, sizeof(number)) == 0)
			answer->init = (pid_t)atol(number);
		if (shim_value(text, "shim", number, sizeof(number)) == 0)
			answer->shim = (pid_t)atol(number);
		(void)shim_value(text, "at", answer->at, sizeof(answer->at));
		return 0;
	}
	(void)shim_value(text, "errno", number, sizeof(number));
	error_text(err, atoi(number), "the shim could not start the container");
	(void)shim_value(text, "stage", err->stage, sizeof(err->stage));
	(void)shim_value(text, "msg", err->message, sizeof(err->message));
	return -1;
}

int launcher_begin(const char *program, const char *id, const struct launch_message *message, struct launching *out,
		   struct error *err)
{
	int pair[2], result;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return error_set(err, errno, "make a socket pair");
	out->socket = pair[0];
	result = spawn_shim(program, id, pair[1], &out->pid, err);
	close(pair[1]);
	if (result == 0 &&
	    fd_send(pair[0], message->text, strlen(message->text), message->fds, message->fd_count)) {
		result = error_set(err, errno, "send to the shim");
		close(steal_fd(&out->socket));
		(void)spawn_collect(out->pid);
	} else if (result) {
		fd_close(&out->socket);
	}
	return result ? error_stage(err, "shim") : 0;
}

int launcher_finish(struct launching *launching, int cancel, struct launch_answer *answer, struct error *err)
{
	char text[ANSWER_BYTES];
	int result = wait_for_answer(launching->socket, cancel, text, err);

	if (result == 0)
		result = judge(text, answer, err);
	fd_close(&launching->socket);
	/* What was spawned forks the shim and ends at once. */
	(void)spawn_collect(launching->pid);
	return result ? error_stage(err, "shim") : 0;
}
