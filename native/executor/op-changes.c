/* container.changes: what differs from the image. */
#include <errno.h>
#include <fcntl.h>

#include "../lib/fd.h"
#include "changes.h"
#include "executor.h"
#include "rootfs.h"

static int is_cancelled(const void *arg)
{
	return request_cancelled(arg);
}

/* The merged view of the layers below alone. */
static int open_lower(struct json_object *rootfs, struct error *err)
{
	struct json_object *below = json_object_new_object();
	bool is_mount;
	scoped_fd int root = -1;
	int dir;

	put_string(below, "type", "overlay");
	json_object_object_add(below, "lower", json_object_get(field_array(rootfs, "lower")));
	root = rootfs_open(below, ROOTFS_LOOK, &is_mount, err);
	json_object_put(below);
	if (root < 0)
		return -1;
	dir = openat(root, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return dir < 0 ? error_set(err, errno, "open the layers") : dir;
}

void op_container_changes(struct request *r)
{
	struct json_object *rootfs = field_object(r->params, "rootfs"), *answer, *list;
	const char *path = rootfs ? field_string(rootfs, "upper") : NULL;
	struct error err = { 0 };
	scoped_fd int upper = -1, lower = -1;

	if (!path || !field_array(rootfs, "lower")) {
		request_fail(r, "invalid-argument", EINVAL, "an overlay with an upper directory is needed");
		return;
	}
	upper = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (upper < 0) {
		request_fail(r, "internal", errno, "open %s: %s", path, errno_text(errno));
		return;
	}
	lower = open_lower(rootfs, &err);
	list = json_object_new_array();
	if (lower < 0 || changes_list(upper, lower, list, is_cancelled, r, &err)) {
		json_object_put(list);
		request_refuse(r, NULL, &err);
		return;
	}
	answer = json_object_new_object();
	json_object_object_add(answer, "changes", list);
	request_answer(r, answer);
}
