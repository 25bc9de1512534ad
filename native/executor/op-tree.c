#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "../lib/fd.h"
#include "executor.h"
#include "tree.h"

static int is_cancelled(const void *arg)
{
	return request_cancelled(arg);
}

/* Opens the parent of params.path, which must lie below one of the two roots. */
static int open_parent(struct request *r, const char **name, struct error *err)
{
	struct executor *e = r->executor;
	const char *path = field_string(r->params, "path");
	char *roots[2];
	int fd = -1;

	if (!path)
		return error_text(err, EINVAL, "path is missing");
	pthread_mutex_lock(&e->lock);
	roots[0] = e->data_root ? strdup(e->data_root) : NULL;
	roots[1] = e->exec_root ? strdup(e->exec_root) : NULL;
	pthread_mutex_unlock(&e->lock);
	error_text(err, EINVAL, "%s is not below the engine's directories", path);
	for (int i = 0; i < 2 && fd < 0; i++)
		if (roots[i] && strncmp(path, roots[i], strlen(roots[i])) == 0)
			fd = tree_parent(roots[i], path, name, err);
	free(roots[0]);
	free(roots[1]);
	return fd;
}

void op_tree_remove(struct request *r)
{
	struct error err = { 0 };
	const char *name;
	int parent = open_parent(r, &name, &err), result = -1;

	if (parent >= 0) {
		result = tree_remove(parent, name, is_cancelled, r, &err);
		close(parent);
	} else if (err.code == ENOENT) {
		result = 0;
	}
	if (result)
		request_refuse(r, NULL, &err);
	else
		request_answer(r, NULL);
}

void op_tree_size(struct request *r)
{
	struct json_object *answer;
	struct tree_size size;
	struct error err = { 0 };
	const char *name;
	int parent = open_parent(r, &name, &err), result;

	if (parent < 0) {
		request_refuse(r, NULL, &err);
		return;
	}
	result = tree_measure(parent, name, &size, is_cancelled, r, &err);
	close(parent);
	if (result) {
		request_refuse(r, NULL, &err);
		return;
	}
	answer = json_object_new_object();
	put_int(answer, "bytes", (int64_t)size.bytes);
	put_int(answer, "inodes", (int64_t)size.inodes);
	request_answer(r, answer);
}

/*
 * ext4 puts a new directory, and the files in it, beside its parent: all trees of an engine would share a few block groups, and making
 * files there means to step over every inode that has just been removed. Below a directory with this attribute each tree gets a part
 * of the disk of its own. File systems without it have no need of it.
 */
static int spread(int parent, const char *name, struct error *err)
{
	scoped_fd int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	int flags;

	if (fd < 0)
		return error_set(err, errno, "open %s", name);
	if (ioctl(fd, FS_IOC_GETFLAGS, &flags))
		return 0;
	flags |= FS_TOPDIR_FL;
	(void)ioctl(fd, FS_IOC_SETFLAGS, &flags);
	return 0;
}

void op_tree_spread(struct request *r)
{
	struct error err = { 0 };
	const char *name;
	int parent = open_parent(r, &name, &err), result = -1;

	if (parent >= 0) {
		result = spread(parent, name, &err);
		close(parent);
	}
	if (result)
		request_refuse(r, NULL, &err);
	else
		request_answer(r, NULL);
}
