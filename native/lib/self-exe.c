#include "self-exe.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "error.h"
#include "fd.h"
#include "kernel.h"

static int seal_copy(const char *path)
{
	struct stat status;
	off_t done = 0;
	scoped_fd int from = open(path, O_RDONLY | O_CLOEXEC);
	scoped_fd int to = memfd_create("exe", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (from < 0 || to < 0 || fstat(from, &status))
		return -1;
	while (done < status.st_size)
		if (sendfile(to, from, &done, (size_t)(status.st_size - done)) <= 0)
			return -1;
	if (fchmod(to, 0555) || fcntl(to, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE))
		return -1;
	return steal_fd(&to);
}

int exe_open_protected(const char *path, struct error *err)
{
	scoped_fd int fd = k_open_tree(AT_FDCWD, path, K_OPEN_TREE_CLONE);

	if (fd >= 0 && !k_mount_setattr(fd, 0, K_ATTR_RDONLY | K_ATTR_NOSUID | K_ATTR_NODEV, 0, 0, -1))
		return steal_fd(&fd);
	fd_close(&fd);
	fd = seal_copy(path);
	return fd < 0 ? error_set(err, errno, "protect %s", path) : steal_fd(&fd);
}

static bool is_protected(void)
{
	struct statvfs fs;
	scoped_fd int exe = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

	if (exe < 0 || fstatvfs(exe, &fs))
		return false;
	return fs.f_flag & ST_RDONLY || fcntl(exe, F_GET_SEALS) > 0;
}

int exe_protect_self(char **argv, char **env, struct error *err)
{
	scoped_fd int fd = -1;

	if (is_protected())
		return 0;
	fd = exe_open_protected("/proc/self/exe", err);
	if (fd < 0)
		return -1;
	syscall(SYS_execveat, fd, "", argv, env, AT_EMPTY_PATH);
	return error_set(err, errno, "execute the protected copy");
}
