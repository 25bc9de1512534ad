/* container.top: the processes of a control group, and what ps(1) says of them. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../lib/cgroup.h"
#include "../lib/fd.h"
#include "capture.h"
#include "executor.h"

#define PS_MS 20000
#define ARGS_MOST 64

static const char *find_ps(void)
{
	static const char *const places[] = { "/usr/bin/ps", "/bin/ps", "/usr/local/bin/ps" };

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (access(places[i], X_OK) == 0)
			return places[i];
	return NULL;
}

/* Returns how many pids *pids has; the caller frees them. -1 with err set. */
static int list_pids(const char *path, pid_t **pids, struct error *err)
{
	struct cgroup cg;
	int room = 64, count;

	if (cgroup_open(&cg, path, err))
		return -1;
	for (;;) {
		*pids = calloc((size_t)room, sizeof(**pids));
		if (!*pids)
			return error_text(err, ENOMEM, "no memory");
		count = cgroup_pids(&cg, *pids, (size_t)room, err);
		if (count <= room)
			return count;
		free(*pids);
		*pids = NULL;
		room = count + 64;
	}
}

/* -q1,2,3; the caller frees it. */
static char *pids_argument(const pid_t *pids, int count)
{
	char *text = malloc((size_t)count * 12 + 3);
	size_t len = 2;

	if (!text)
		return NULL;
	memcpy(text, "-q", 3);
	for (int i = 0; i < count; i++)
		len += (size_t)snprintf(text + len, 13, "%s%d", i > 0 ? "," : "", (int)pids[i]);
	return text;
}

static bool succeeded(const struct captured *c)
{
	return WIFEXITED(c->status) && WEXITSTATUS(c->status) == 0;
}

/* With the pids first; some options do not go with -q, then of all processes. */
static int run_ps(struct request *r, char **argv, unsigned argc, char *only, struct captured *out, struct error *err)
{
	const char *ps = find_ps();

	if (!ps)
		return error_text(err, ENOENT, "ps: exec: \"ps\": executable file not found in $PATH");
	argv[argc] = only;
	argv[argc + 1] = NULL;
	if (capture_program(ps, argv, PS_MS, r->cancel, out, err))
		return -1;
	if (succeeded(out))
		return 0;
	captured_free(out);
	argv[argc] = NULL;
	if (capture_program(ps, argv, PS_MS, r->cancel, out, err))
		return -1;
	if (succeeded(out))
		return 0;
	out->err[strcspn(out->err, "\n")] = '\0';
	if (out->err[0])
		error_text(err, 0, "ps: %.400s", out->err);
	else
		error_text(err, 0, "ps: exit status %d", WIFEXITED(out->status) ? WEXITSTATUS(out->status) : -1);
	captured_free(out);
	return -1;
}

static void answer(struct request *r, const pid_t *pids, int count, const struct captured *out)
{
	struct json_object *result = json_object_new_object(), *list = json_object_new_array_ext(count);

	for (int i = 0; i < count; i++)
		json_object_array_add(list, json_object_new_int(pids[i]));
	json_object_object_add(result, "pids", list);
	put_string(result, "output", out->out);
	request_answer(r, result);
}

void op_container_top(struct request *r)
{
	const char *path = field_string(r->params, "cgroup");
	struct json_object *args = field_array(r->params, "args");
	size_t given = args ? json_object_array_length(args) : 0;
	char *argv[ARGS_MOST + 3] = { (char *)"ps" };
	scoped_memory pid_t *pids = NULL;
	scoped_memory char *only = NULL;
	struct captured out = { 0 };
	struct error err = { 0 };
	unsigned argc = 1;
	int count;

	if (!path || given > ARGS_MOST) {
		request_fail(r, "invalid-argument", EINVAL, "cgroup is needed, and at most %d arguments", ARGS_MOST);
		return;
	}
	for (size_t i = 0; i < given; i++) {
		const char *arg = json_object_get_string(json_object_array_get_idx(args, i));

		argv[argc++] = (char *)(arg ? arg : "");
	}
	count = list_pids(path, &pids, &err);
	only = count < 0 ? NULL : pids_argument(pids, count);
	if (count >= 0 && !only)
		error_text(&err, ENOMEM, "no memory");
	if (!only || run_ps(r, argv, argc, only, &out, &err)) {
		request_refuse(r, err.code ? NULL : "internal", &err);
		return;
	}
	answer(r, pids, count, &out);
	captured_free(&out);
}
