/* container.update: new limits for a container that runs. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/cgroup-undo.h"
#include "../lib/cgroup.h"
#include "../lib/fd.h"
#include "../lib/plan.h"
#include "../lib/plan_parse.h"
#include "executor.h"
#include "shim-call.h"

/* Another runtime's command, which may have to wait for its own locks. */
#define COMMAND_MS 30000

static int update_here(const struct cgroup *cg, struct json_object *resources, struct error *err)
{
	const struct plan *plan;
	int result;
	scoped_fd int fd = plan_from_resources(resources, "update", err);

	if (fd < 0 || !(plan = plan_map(fd, err)))
		return -1;
	result = cgroup_update(cg, plan, err);
	plan_unmap(plan);
	return result;
}

/* Through the shim, whose runtime keeps a state of its own. */
static int update_elsewhere(const char *socket, struct json_object *resources, struct error *err)
{
	size_t size;
	const char *text =
		json_object_to_json_string_length(resources, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &size);
	scoped_fd int fd = text ? fd_memory_sealed("resources", text, size) : -1;
	char answer[256];

	if (fd < 0)
		return error_set(err, errno, "write the resources");
	return shim_call(socket, "update", &fd, 1, COMMAND_MS, answer, sizeof(answer), err);
}

void op_container_update(struct request *r)
{
	const char *path = field_string(r->params, "cgroup"), *socket = field_string(r->params, "socket");
	struct json_object *resources = field_object(r->params, "resources");
	struct cgroup cg = { .machine = r->executor->machine };
	struct cgroup_limits *before = NULL;
	struct error err = { 0 };

	if (!path || !resources) {
		request_fail(r, "invalid-argument", EINVAL, "cgroup and resources are needed");
		return;
	}
	if (!cgroup_name(&cg, path, &err) && !(before = cgroup_limits_read(&cg)))
		error_text(&err, ENOMEM, "no memory");
	if (before && (socket ? update_elsewhere(socket, resources, &err) : update_here(&cg, resources, &err)))
		cgroup_limits_restore(&cg, before);
	else if (before)
		err = (struct error){ 0 };
	cgroup_limits_free(before);
	if (err.code || err.message[0])
		request_refuse(r, NULL, &err);
	else
		request_answer(r, NULL);
}
