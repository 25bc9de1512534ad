/* System calls and numbers that the C libraries do not have yet; with the flags the kernel's own headers may lack. */
#pragma once

#include <fcntl.h>
#include <linux/types.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#ifndef SYS_open_tree
#define SYS_open_tree 428
#define SYS_move_mount 429
#define SYS_fsopen 430
#define SYS_fsconfig 431
#define SYS_fsmount 432
#define SYS_fspick 433
#endif
#ifndef SYS_clone3
#define SYS_clone3 435
#endif
#ifndef SYS_mount_setattr
#define SYS_mount_setattr 442
#endif

#ifndef AT_RECURSIVE
#define AT_RECURSIVE 0x8000
#endif
#ifndef AT_EMPTY_PATH
#define AT_EMPTY_PATH 0x1000
#endif

/* Names with a K_ because <sys/mount.h> of some C libraries, and <linux/mount.h>, define the plain ones differently. */
enum {
	K_OPEN_TREE_CLONE = 1,
	K_OPEN_TREE_CLOEXEC = O_CLOEXEC,
	K_MOVE_F_EMPTY_PATH = 0x4,
	K_MOVE_T_EMPTY_PATH = 0x40,
	K_FSOPEN_CLOEXEC = 1,
	K_FSMOUNT_CLOEXEC = 1,
	K_FSCONFIG_SET_FLAG = 0,
	K_FSCONFIG_SET_STRING = 1,
	K_FSCONFIG_CMD_CREATE = 6,
	K_ATTR_RDONLY = 0x1,
	K_ATTR_NOSUID = 0x2,
	K_ATTR_NODEV = 0x4,
	K_ATTR_NOEXEC = 0x8,
	K_ATTR_ATIME = 0x70,
	K_ATTR_IDMAP = 0x100000,
};

struct k_mount_attr {
	uint64_t attr_set, attr_clr, propagation, userns_fd;
};

struct k_clone_args {
	__aligned_u64 flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size, cgroup;
};

#define K_CLONE_CLEAR_SIGHAND 0x100000000ULL
#define K_CLONE_INTO_CGROUP 0x200000000ULL

static inline int k_open_tree(int dir, const char *path, unsigned flags)
{
	return (int)syscall(SYS_open_tree, dir, path, flags | K_OPEN_TREE_CLOEXEC);
}

/* Attaches the mount behind mount on the place behind target. */
static inline int k_move_mount(int mount, int target)
{
	return (int)syscall(SYS_move_mount, mount, "", target, "", K_MOVE_F_EMPTY_PATH | K_MOVE_T_EMPTY_PATH);
}

static inline int k_mount_setattr(int mount, unsigned flags, uint64_t set, uint64_t clear, uint64_t propagation,
				  int userns)
{
	struct k_mount_attr attr = { set, clear, propagation, userns < 0 ? 0 : (uint64_t)userns };

	return (int)syscall(SYS_mount_setattr, mount, "", flags | AT_EMPTY_PATH, &attr, sizeof(attr));
}
