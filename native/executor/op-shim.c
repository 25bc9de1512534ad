/* Operations on a shim that runs, or has run. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/fd.h"
#include "../lib/plan_parse.h"
#include "executor.h"
#include "external.h"
#include "reap.h"
#include "resolve.h"
#include "rootfs.h"
#include "shim-call.h"

#define CALL_MS 10000

void op_shim_attach(struct request *r)
{
	const char *socket = field_string(r->params, "socket"), *line = field_string(r->params, "line");
	struct error err = { 0 };
	char answer[256];

	if (!socket || !line || r->fd < 0 || strchr(line, '\n'))
		request_fail(r, "invalid-argument", EINVAL, "socket, line and a descriptor are needed");
	else if (shim_call(socket, line, &r->fd, 1, CALL_MS, answer, sizeof(answer), &err))
		request_refuse(r, NULL, &err);
	else
		request_answer(r, NULL);
}

/* The process as other runtimes want it: JSON, with the user as numbers. */
static int make_exec_json(struct request *r, const struct user *user, struct error *err)
{
	struct json_object *process = field_object(r->params, "process");
	const char *text;
	size_t size;
	int fd;

	if (user)
		external_set_user(process, user);
	text = json_object_to_json_string_length(process, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &size);
	fd = text ? fd_memory_sealed("process", text, size) : -1;
	return fd < 0 ? error_set(err, errno, "write the process") : fd;
}

static int make_exec_plan(struct request *r, const struct user *user, struct error *err)
{
	/* Privileged or not: Docker keeps the container's filter. */
	struct plan_options options = { .id = field_string(r->params, "execId"), .inherit_seccomp = true };

	if (user) {
		options.user_given = true;
		options.uid = user->uid;
		options.gid = user->gid;
		options.groups = user->groups;
		options.group_count = user->group_count;
		options.home = user->home;
	}
	int fd = plan_from_process(field_object(r->params, "process"), &options, err);
	return fd < 0 ? error_stage(err, "spec") : fd;
}

/*
 * The process twice: as a plan for our runtime and as JSON for any other; the shim knows which it needs. Returns 0, or -1
 * with err set.
 */
static int make_exec(struct request *r, int fds[2], struct error *err)
{
	bool is_mount;
	scoped_fd int root = -1;
	struct user user, *resolved = NULL;

	/* As root, too: its groups and HOME are those of the container's files. */
	if (user_named(r->params) || field_array(r->params, "groupAdd")) {
		root = rootfs_open(field_object(r->params, "rootfs"), ROOTFS_LOOK, &is_mount, err);
		if (root < 0 || resolve_user(root, r->params, &user, err))
			return -1;
		resolved = &user;
	}
	fds[0] = make_exec_plan(r, resolved, err);
	if (fds[0] < 0)
		return -1;
	fds[1] = make_exec_json(r, resolved, err);
	return fds[1] < 0 ? -1 : 0;
}

void op_shim_exec(struct request *r)
{
	const char *socket = field_string(r->params, "socket"), *exec = field_string(r->params, "execId");
	struct shim_words words = { 0 };
	struct error err = { 0 };
	int fds[2] = { -1, -1 };
	char answer[256], number[24] = "0";

	if (!socket || !exec || !field_object(r->params, "process")) {
		request_fail(r, "invalid-argument", EINVAL, "socket, execId and process are needed");
		return;
	}
	if (make_exec(r, fds, &err) || shim_words_init(&words, ' ')) {
		fd_close(&fds[0]);
		fd_close(&fds[1]);
		request_refuse(r, NULL, &err);
		return;
	}
	if (field_bool(r->params, "probe")) {
		strcpy(words.text, "probe-plan");
	} else {
		strcpy(words.text, "exec ");
		words.len = strlen(words.text);
		shim_word(&words, "id", exec);
		shim_number(&words, "tty", field_bool(r->params, "tty"));
		shim_number(&words, "stdin", field_bool(r->params, "stdin"));
		shim_number(&words, "detach", field_bool(r->params, "detach"));
	}
	if (shim_call(socket, words.text, fds, 2, CALL_MS, answer, sizeof(answer), &err)) {
		request_refuse(r, NULL, &err);
	} else {
		struct json_object *result = json_object_new_object();

		(void)shim_value(answer, "pid", number, sizeof(number));
		put_int(result, "pid", atol(number));
		request_answer(r, result);
	}
	fd_close(&fds[0]);
	fd_close(&fds[1]);
	free(words.text);
}

void op_shim_reap(struct request *r)
{
	const char *state_dir = field_string(r->params, "stateDir");
	struct error err = { 0 };

	if (!state_dir)
		request_fail(r, "invalid-argument", EINVAL, "stateDir is needed");
	else if (reap(r->executor, field_string(r->params, "socket"), field_string(r->params, "cgroup"), state_dir, &err))
		request_refuse(r, NULL, &err);
	else
		request_answer(r, NULL);
}
