/* tree.quota: a limit on what directories may hold, by the project quotas of ext4 and XFS. */
#include <errno.h>
#include <fcntl.h>
#include <linux/dqblk_xfs.h>
#include <linux/fs.h>
#include <linux/quota.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../lib/fd.h"
#include "executor.h"

#ifndef SYS_quotactl_fd
#define SYS_quotactl_fd 443
#endif

#define BLOCK 512 /* what the kernel counts limits in */

/* The limit of the project, on the file system of fd. Fails where no project quotas are kept. */
static int set_limit(int fd, uint32_t project, uint64_t bytes, struct error *err)
{
	struct fs_disk_quota limit = {
		.d_version = FS_DQUOT_VERSION,
		.d_flags = FS_PROJ_QUOTA,
		.d_fieldmask = FS_DQ_BHARD | FS_DQ_BSOFT,
		.d_id = project,
		.d_blk_hardlimit = (bytes + BLOCK - 1) / BLOCK,
		.d_blk_softlimit = (bytes + BLOCK - 1) / BLOCK,
	};

	if (syscall(SYS_quotactl_fd, fd, QCMD(Q_XSETQLIM, PRJQUOTA), project, &limit))
		return error_set(err, errno, "set a quota");
	return 0;
}

/* What is made in the directory from now on belongs to the project. */
static int join_project(int fd, uint32_t project, struct error *err)
{
	struct fsxattr attributes;

	if (ioctl(fd, FS_IOC_FSGETXATTR, &attributes))
		return error_set(err, errno, "read a project");
	attributes.fsx_projid = project;
	attributes.fsx_xflags |= FS_XFLAG_PROJINHERIT;
	if (ioctl(fd, FS_IOC_FSSETXATTR, &attributes))
		return error_set(err, errno, "set a project");
	return 0;
}

static int limit_directory(const char *path, uint32_t project, uint64_t bytes, struct error *err)
{
	scoped_fd int fd = path ? open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;

	if (!path)
		return error_text(err, EINVAL, "a path is no text");
	if (fd < 0)
		return error_set(err, errno, "open %s", path);
	return set_limit(fd, project, bytes, err) || join_project(fd, project, err) ? -1 : 0;
}

void op_tree_quota(struct request *r)
{
	struct json_object *paths = field_array(r->params, "paths");
	int64_t project = field_int(r->params, "project"), bytes = field_int(r->params, "bytes");
	struct error err = { 0 };

	if (!paths || project <= 0 || project > UINT32_MAX || bytes <= 0) {
		request_fail(r, "invalid-argument", EINVAL, "paths, project and bytes are needed");
		return;
	}
	for (size_t i = 0; i < json_object_array_length(paths); i++) {
		const char *path = json_object_get_string(json_object_array_get_idx(paths, i));

		if (limit_directory(path, (uint32_t)project, (uint64_t)bytes, &err)) {
			(void)error_stage(&err, "quota");
			request_refuse(r, NULL, &err);
			return;
		}
	}
	request_answer(r, NULL);
}
