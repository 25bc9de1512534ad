/* volume.populate: a new volume begins with what the image has at its place. */
#include <errno.h>
#include <fcntl.h>

#include "../lib/fd.h"
#include "copy.h"
#include "executor.h"
#include "rootfs.h"

static int is_cancelled(const void *arg)
{
	return request_cancelled(arg);
}

void op_volume_populate(struct request *r)
{
	const char *path = field_string(r->params, "path"), *target = field_string(r->params, "target");
	struct error err = { 0 };
	bool is_mount;
	scoped_fd int root = rootfs_open(field_object(r->params, "rootfs"), ROOTFS_LOOK, &is_mount, &err);
	scoped_fd int from = -1, to = -1;
	int state;

	if (root < 0) {
		request_refuse(r, NULL, &err);
		return;
	}
	if (!path || !target) {
		request_fail(r, "invalid-argument", EINVAL, "path and target are needed");
		return;
	}
	from = fd_open_in_root(root, path, O_RDONLY | O_DIRECTORY, 0);
	if (from < 0 && (errno == ENOENT || errno == ENOTDIR)) {
		/* The image has nothing there: the volume stays empty. */
		request_answer(r, NULL);
		return;
	}
	to = from < 0 ? -1 : open(target, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (to < 0) {
		request_fail(r, NULL, errno, "open %s: %s", from < 0 ? path : target, errno_text(errno));
		return;
	}
	state = copy_tree(from, to, is_cancelled, r, &err);
	if (state < 0)
		request_refuse(r, NULL, &err);
	else
		request_answer(r, NULL);
}
