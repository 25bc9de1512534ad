#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/fd.h"
#include "executor.h"
#include "resolve.h"
#include "rootfs.h"

void op_rootfs_ensure_dir(struct request *r)
{
	const char *path = field_string(r->params, "path");
	const struct idmaps *maps = &r->executor->maps;
	struct error err = { 0 };
	bool is_mount;
	scoped_fd int root = rootfs_open(field_object(r->params, "rootfs"), ROOTFS_RUN, &is_mount, &err);
	scoped_fd int dir = -1;
	struct user user = { 0 };

	if (root < 0 || (user_named(r->params) && resolve_user(root, r->params, &user, &err)) ||
	    idmaps_outside(maps, &user.uid, &user.gid, &err)) {
		request_refuse(r, NULL, &err);
		return;
	}
	if (!path || path[0] != '/') {
		request_fail(r, "invalid-argument", EINVAL, "the path must be absolute");
		return;
	}
	dir = fd_mkdir_in_root(root, path, 0755, user.uid, user.gid);
	if (dir < 0)
		request_fail(r, errno == ENOTDIR ? "invalid-argument" : "internal", errno, "mkdir %s: %s", path,
			     errno_text(errno));
	else
		request_answer(r, NULL);
}

void op_rootfs_resolve(struct request *r)
{
	struct json_object *answer;
	struct error err = { 0 };
	bool is_mount;
	scoped_fd int root = rootfs_open(field_object(r->params, "rootfs"), ROOTFS_LOOK, &is_mount, &err);
	struct user user;

	if (root < 0 || resolve_user(root, r->params, &user, &err)) {
		request_refuse(r, NULL, &err);
		return;
	}
	answer = json_object_new_object();
	put_int(answer, "uid", user.uid);
	put_int(answer, "gid", user.gid);
	put_string(answer, "home", user.home);
	json_object_object_add(answer, "additionalGids", groups_json(&user));
	request_answer(r, answer);
}
