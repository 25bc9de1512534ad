#include "capture.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "../lib/fd.h"
#include "program.h"

#define OUTPUT_MOST (16u << 20)
#define CHUNK 65536u

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Takes what is there. Returns 1 to go on, 0 at the end, -1 with err set. */
static int take(int fd, char **text, size_t *size, struct error *err)
{
	char *grown;
	ssize_t n;

	if (*size > OUTPUT_MOST)
		return error_text(err, EFBIG, "the program writes too much");
	grown = realloc(*text, *size + CHUNK + 1);
	if (!grown)
		return error_text(err, ENOMEM, "no memory");
	*text = grown;
	n = read(fd, grown + *size, CHUNK);
	if (n < 0)
		return errno == EINTR || errno == EAGAIN ? 1 : error_set(err, errno, "read");
	*size += (size_t)n;
	grown[*size] = '\0';
	return n > 0;
}

static int collect(int out, int errors, int deadline_ms, int cancel, struct captured *c, struct error *err)
{
	struct pollfd p[] = { { out, POLLIN, 0 }, { errors, POLLIN, 0 }, { cancel, POLLIN, 0 } };
	int64_t until = now_ms() + deadline_ms;

	while (p[0].fd >= 0 || p[1].fd >= 0) {
		int64_t left = until - now_ms();
		int state;

		if (left <= 0)
			return error_text(err, ETIMEDOUT, "the program does not end");
		if (poll(p, 3, (int)left) < 0)
			continue;
		if (p[2].revents)
			return error_text(err, ECANCELED, "cancelled");
		for (int i = 0; i < 2; i++) {
			if (!p[i].revents)
				continue;
			state = i == 0 ? take(out, &c->out, &c->out_size, err) : take(errors, &c->err, &c->err_size, err);
			if (state < 0)
				return -1;
			if (state == 0)
				p[i].fd = -1;
		}
	}
	return 0;
}

int capture_program(const char *program, char *const argv[], int deadline_ms, int cancel, struct captured *out,
		    struct error *err)
{
	int from[2] = { -1, -1 }, errors[2] = { -1, -1 }, result = -1;
	pid_t pid;

	*out = (struct captured){ .out = calloc(1, 1), .err = calloc(1, 1) };
	if (!out->out || !out->err) {
		error_text(err, ENOMEM, "no memory");
	} else if (pipe2(from, O_CLOEXEC) || pipe2(errors, O_CLOEXEC)) {
		error_set(err, errno, "make a pipe");
	} else {
		struct spawn_fd fds[] = { { from[1], 1 }, { errors[1], 2 } };

		result = spawn_program(program, argv, fds, 2, true, &pid, err);
		fd_close(&from[1]);
		fd_close(&errors[1]);
		if (result == 0) {
			result = collect(from[0], errors[0], deadline_ms, cancel, out, err);
			if (result)
				kill(pid, SIGKILL);
			out->status = spawn_collect(pid);
		}
	}
	fd_close(&from[0]);
	fd_close(&from[1]);
	fd_close(&errors[0]);
	fd_close(&errors[1]);
	if (result)
		captured_free(out);
	return result;
}

void captured_free(struct captured *c)
{
	free(c->out);
	free(c->err);
	*c = (struct captured){ 0 };
}
