/* layer.apply: runs the confined unpacker and passes on what it says. native/unpack/main.c has the other side. */
#include <errno.h>
#include <fcntl.h>
#include <json-c/json_tokener.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "executor.h"
#include "program.h"

#define PARENTS_MOST 128
#define RESULT_BYTES 4096
#define FIRST_PARENT_FD 4

struct unpack {
	int blob, dir, result[2];
	int parents[PARENTS_MOST];
	unsigned parent_count;
	pid_t pid;
};

static int open_one(const char *path, int flags, const char *what, struct error *err)
{
	int fd = path ? open(path, flags | O_CLOEXEC) : -1;

	if (!path)
		return error_text(err, EINVAL, "%s is missing", what);
	return fd < 0 ? error_set(err, errno, "open %s %s", what, path) : fd;
}

static int open_all(struct request *r, struct unpack *u, struct error *err)
{
	struct json_object *parents = field_array(r->params, "parents");
	size_t count = parents ? json_object_array_length(parents) : 0;

	if (count > PARENTS_MOST)
		return error_text(err, EINVAL, "more than %d layers", PARENTS_MOST);
	u->blob = open_one(field_string(r->params, "blob"), O_RDONLY, "blob", err);
	if (u->blob < 0)
		return -1;
	u->dir = open_one(field_string(r->params, "dir"), O_PATH | O_DIRECTORY | O_NOFOLLOW, "dir", err);
	if (u->dir < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		const char *path = json_object_get_string(json_object_array_get_idx(parents, i));
		int fd = open_one(path, O_PATH | O_DIRECTORY | O_NOFOLLOW, "parent", err);

		if (fd < 0)
			return -1;
		u->parents[u->parent_count++] = fd;
	}
	return pipe2(u->result, O_CLOEXEC) ? error_set(err, errno, "make a pipe") : 0;
}

static void close_all(struct unpack *u)
{
	int fds[] = { u->blob, u->dir, u->result[0], u->result[1] };

	for (size_t i = 0; i < sizeof(fds) / sizeof(*fds); i++)
		if (fds[i] >= 0)
			close(fds[i]);
	while (u->parent_count > 0)
		close(u->parents[--u->parent_count]);
}

static int spawn_unpacker(struct request *r, struct unpack *u, struct error *err)
{
	const char *diff_id = field_string(r->params, "diffId");
	struct spawn_fd fds[3 + PARENTS_MOST] = { { u->blob, 0 }, { u->result[1], 1 }, { u->dir, 3 } };
	struct executor *e = r->executor;
	char count[16];
	char *argv[] = { (char *)"berth-unpack", (char *)(diff_id ? diff_id : "-"), count, e->uid_map, e->gid_map, NULL };

	snprintf(count, sizeof(count), "%u", u->parent_count);
	for (unsigned i = 0; i < u->parent_count; i++)
		fds[3 + i] = (struct spawn_fd){ u->parents[i], FIRST_PARENT_FD + (int)i };
	if (spawn_program(e->programs.unpack, argv, fds, 3 + u->parent_count, false, &u->pid, err))
		return -1;
	close(u->result[1]);
	u->result[1] = -1;
	return 0;
}

/* Reads until the unpacker ends; kills it when the daemon has lost interest. */
static size_t read_result(struct request *r, struct unpack *u, char *text)
{
	struct pollfd p[] = { { .fd = u->result[0], .events = POLLIN }, { .fd = r->cancel, .events = POLLIN } };
	size_t len = 0;

	for (;;) {
		ssize_t n;

		if (poll(p, 2, -1) < 0)
			continue;
		if (p[1].revents) {
			kill(u->pid, SIGKILL);
			p[1].fd = -1;
		}
		if (!p[0].revents)
			continue;
		n = read(u->result[0], text + len, RESULT_BYTES - 1 - len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		len += (size_t)n;
		if (len == RESULT_BYTES - 1)
			break;
	}
	text[len] = '\0';
	return len;
}

/* The unpacker is confined and its words are checked: only these fields pass. */
static void pass_on(struct request *r, struct json_object *said, int status)
{
	struct json_object *error = field_object(said, "error"), *answer;
	const char *diff_id = field_string(said, "diffId");

	if (error) {
		struct error err = { .code = (int)field_int(error, "errno") };
		const char *message = field_string(error, "message"), *stage = field_string(error, "stage");
		const char *kind = field_string(error, "kind");

		snprintf(err.message, sizeof(err.message), "%s", message ? message : "the layer cannot be unpacked");
		snprintf(err.stage, sizeof(err.stage), "%s", stage ? stage : "unpack");
		request_refuse(r, kind ? kind : "internal", &err);
	} else if (!diff_id || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
		request_fail(r, "internal", 0, "the unpacker ended without a result (%s %d)",
			     WIFSIGNALED(status) ? "signal" : "exit status",
			     WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
	} else {
		answer = json_object_new_object();
		put_string(answer, "diffId", diff_id);
		put_int(answer, "sizeBytes", field_int(said, "sizeBytes"));
		request_answer(r, answer);
	}
}

void op_layer_apply(struct request *r)
{
	struct unpack u = { .blob = -1, .dir = -1, .result = { -1, -1 } };
	struct json_object *said;
	char text[RESULT_BYTES];
	struct error err = { 0 };
	int status;

	if (open_all(r, &u, &err) || spawn_unpacker(r, &u, &err)) {
		close_all(&u);
		request_refuse(r, NULL, &err);
		return;
	}
	(void)read_result(r, &u, text);
	close_all(&u);
	status = spawn_collect(u.pid);
	if (request_cancelled(r)) {
		request_fail(r, "cancelled", ECANCELED, "cancelled");
		return;
	}
	said = json_tokener_parse(text);
	pass_on(r, said, status);
	json_object_put(said);
}
