/* Operations on a shim that runs, or has run. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <time.h>
#include <unistd.h>

#include "../lib/cgroup.h"
#include "../lib/fd.h"
#include "../lib/plan_parse.h"
#include "executor.h"
#include "external.h"
#include "resolve.h"
#include "rootfs.h"
#include "shim-call.h"
#include "tree.h"

#define CALL_MS 10000
/* An ending process may stay in its cgroup for a moment after SIGKILL. */
#define REAP_MS 10000

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
	return plan_from_process(field_object(r->params, "process"), &options, err);
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
	if (field_string(r->params, "user") || field_array(r->params, "groupAdd")) {
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
	strcpy(words.text, "exec ");
	words.len = strlen(words.text);
	shim_word(&words, "id", exec);
	shim_number(&words, "tty", field_bool(r->params, "tty"));
	shim_number(&words, "stdin", field_bool(r->params, "stdin"));
	shim_number(&words, "detach", field_bool(r->params, "detach"));
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

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Nothing tells when a killed process has left its cgroup on v1, so the removal is tried until the kernel allows it. */
static int remove_cgroup(const char *path, struct error *err)
{
	int64_t until = now_ms() + REAP_MS;
	struct timespec pause = { .tv_nsec = 1000000 };
	struct cgroup cg;
	int state;

	if (cgroup_open(&cg, path, err))
		return -1;
	do {
		if (cgroup_kill(&cg, 9, err))
			return -1;
		state = cgroup_remove(&cg, err);
		if (state == 1) {
			nanosleep(&pause, NULL);
			if (pause.tv_nsec < 50000000)
				pause.tv_nsec *= 2;
		}
	} while (state == 1 && now_ms() < until);
	return state == 1 ? error_text(err, EBUSY, "processes of cgroup %s do not end", path) : state;
}

static void remove_state(struct executor *e, const char *state_dir)
{
	scoped_memory char *root = NULL;
	struct error ignored;
	const char *name;
	int parent;

	pthread_mutex_lock(&e->lock);
	root = e->exec_root ? strdup(e->exec_root) : NULL;
	pthread_mutex_unlock(&e->lock);
	parent = root ? tree_parent(root, state_dir, &name, &ignored) : -1;
	if (parent < 0)
		return;
	(void)tree_remove(parent, name, NULL, NULL, &ignored);
	close(parent);
}

void op_shim_reap(struct request *r)
{
	const char *state_dir = field_string(r->params, "stateDir"), *cgroup = field_string(r->params, "cgroup");
	const char *socket = field_string(r->params, "socket");
	struct error err = { 0 };
	char answer[64];

	if (!state_dir) {
		request_fail(r, "invalid-argument", EINVAL, "stateDir is needed");
		return;
	}
	/* One that lives after all, waiting for a start that will not come, knows best how to undo itself. */
	if (socket)
		(void)shim_call(socket, "forget", NULL, 0, CALL_MS, answer, sizeof(answer), &err);
	if (cgroup && *cgroup && remove_cgroup(cgroup, &err)) {
		request_refuse(r, NULL, &err);
		return;
	}
	external_detach(state_dir);
	if (socket)
		(void)unlink(socket);
	remove_state(r->executor, state_dir);
	request_answer(r, NULL);
}
