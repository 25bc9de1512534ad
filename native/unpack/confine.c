/* SPDX-License-Identifier: Apache-2.0 */
#include "confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/mount.h>
#include <poll.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif

/* A compressed stream of 128 MiB window, its ring and libarchive stay far below. */
#define MEMORY_LIMIT (1ull << 30)

/* What making files of any owner, kind and attribute takes; SYS_ADMIN is for trusted.overlay.opaque. */
static const int capabilities[] = {
	CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_FOWNER, CAP_FSETID, CAP_MKNOD, CAP_SETFCAP, CAP_SYS_ADMIN,
};

static const int system_calls[] = {
	/* files */
	SCMP_SYS(openat), SCMP_SYS(openat2), SCMP_SYS(close), SCMP_SYS(read), SCMP_SYS(write), SCMP_SYS(pread64),
	SCMP_SYS(pwrite64), SCMP_SYS(readv), SCMP_SYS(writev), SCMP_SYS(lseek), SCMP_SYS(ftruncate), SCMP_SYS(copy_file_range),
	SCMP_SYS(fstat), SCMP_SYS(newfstatat), SCMP_SYS(statx), SCMP_SYS(getdents64), SCMP_SYS(mkdirat), SCMP_SYS(mknodat),
	SCMP_SYS(symlinkat), SCMP_SYS(linkat), SCMP_SYS(unlinkat), SCMP_SYS(renameat2), SCMP_SYS(fchown), SCMP_SYS(fchownat),
	SCMP_SYS(fchmod), SCMP_SYS(fchmodat), SCMP_SYS(utimensat), SCMP_SYS(fsetxattr), SCMP_SYS(lsetxattr),
	SCMP_SYS(fgetxattr), SCMP_SYS(flistxattr), SCMP_SYS(fchdir), SCMP_SYS(fcntl), SCMP_SYS(syncfs), SCMP_SYS(readlinkat),
	SCMP_SYS(getcwd), SCMP_SYS(fsync), SCMP_SYS(fstatfs),
	/* a client's socket */
	SCMP_SYS(sendfile), SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(sendto), SCMP_SYS(shutdown),
	/* memory, threads and ending, as libc needs them */
	SCMP_SYS(brk), SCMP_SYS(mmap), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(mprotect), SCMP_SYS(madvise), SCMP_SYS(futex),
	SCMP_SYS(clone), SCMP_SYS(clone3), SCMP_SYS(set_robust_list), SCMP_SYS(rseq), SCMP_SYS(sched_yield),
	SCMP_SYS(sched_getaffinity), SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn), SCMP_SYS(gettid),
	SCMP_SYS(getpid), SCMP_SYS(tgkill), SCMP_SYS(getrandom), SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday), SCMP_SYS(time),
	SCMP_SYS(prlimit64), SCMP_SYS(restart_syscall), SCMP_SYS(exit), SCMP_SYS(exit_group),
};

/* A copy of the tree at *fd that is a mount of its own: above it there is nothing to climb to. */
static int detach(int *fd, bool readonly, struct error *err)
{
	int tree = (int)syscall(SYS_open_tree, *fd, "", AT_EMPTY_PATH | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	if (tree < 0)
		return error_set(err, errno, "open_tree");
	struct mount_attr attr = {.attr_set = MOUNT_ATTR_NOEXEC | MOUNT_ATTR_NOSUID | (readonly ? MOUNT_ATTR_RDONLY : 0)};
	if (syscall(SYS_mount_setattr, tree, "", AT_EMPTY_PATH, &attr, sizeof(attr)) < 0) {
		error_set(err, errno, "mount_setattr");
		close(tree);
		return -1;
	}
	close(*fd);
	*fd = tree;
	return 0;
}

int confine_namespaces(struct error *err)
{
	if (unshare(CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS) < 0)
		return error_set(err, errno, "unshare");
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return error_set(err, errno, "make / private");
	return 0;
}

int confine_root(int *target, struct error *err)
{
	if (syscall(SYS_move_mount, *target, "", AT_FDCWD, "/", MOVE_MOUNT_F_EMPTY_PATH) < 0)
		return error_set(err, errno, "move_mount");
	if (fchdir(*target) < 0)
		return error_set(err, errno, "chdir");
	if (syscall(SYS_pivot_root, ".", ".") < 0)
		return error_set(err, errno, "pivot_root");
	if (umount2(".", MNT_DETACH) < 0)
		return error_set(err, errno, "umount");
	if (chdir("/") < 0)
		return error_set(err, errno, "chdir");
	close(*target);
	*target = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return *target < 0 ? error_set(err, errno, "open /") : 0;
}

static int limit(int resource, rlim_t value)
{
	struct rlimit limits = {.rlim_cur = value, .rlim_max = value};

	return setrlimit(resource, &limits);
}

static int drop_capabilities(struct error *err)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2] = {0};
	unsigned long long kept = 0;

	for (size_t i = 0; i < sizeof(capabilities) / sizeof(capabilities[0]); i++)
		kept |= 1ull << capabilities[i];
	for (int cap = 0; cap <= 63; cap++)
		if (!(kept >> cap & 1) && prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) < 0 && errno != EINVAL)
			return error_set(err, errno, "drop capability %d", cap);
	data[0].effective = data[0].permitted = (__u32)kept;
	data[1].effective = data[1].permitted = (__u32)(kept >> 32);
	if (syscall(SYS_capset, &header, data) < 0)
		return error_set(err, errno, "capset");
	return 0;
}

/* The executor may have ended before its end was a signal to us: then the pipe for the result has no reader. */
static bool nobody_waits(void)
{
	struct pollfd result = {.fd = STDOUT_FILENO};

	return poll(&result, 1, 0) == 1 && result.revents & POLLERR;
}

static int filter_system_calls(struct error *err)
{
#ifndef SANITIZED
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int status = filter ? 0 : -ENOMEM;

	for (size_t i = 0; status == 0 && i < sizeof(system_calls) / sizeof(system_calls[0]); i++)
		status = seccomp_rule_add(filter, SCMP_ACT_ALLOW, system_calls[i], 0);
	if (status == 0)
		status = seccomp_load(filter);
	seccomp_release(filter);
	if (status < 0)
		return error_set(err, -status, "seccomp");
#else
	(void)system_calls;
	(void)err;
#endif
	return 0;
}

int confine_self(struct error *err)
{
	umask(0);
	limit(RLIMIT_CORE, 0);
#ifndef SANITIZED
	if (limit(RLIMIT_AS, MEMORY_LIMIT) < 0)
		return error_set(err, errno, "limit memory");
#endif
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return error_set(err, errno, "no_new_privs");
	if (drop_capabilities(err) < 0)
		return -1;
	/* Nobody waits for the result of an executor that is gone, and its successor throws the directory away. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0)
		return error_set(err, errno, "parent death signal");
	if (nobody_waits())
		return error_text(err, ECANCELED, "the executor has ended");
	return filter_system_calls(err);
}

int confine(int *target, int *parents, int parent_count, struct error *err)
{
	/* First, since only mounts of the namespace that one is in can be copied. */
	if (detach(target, false, err) < 0)
		return -1;
	for (int i = 0; i < parent_count; i++)
		if (detach(&parents[i], true, err) < 0)
			return -1;
	if (confine_namespaces(err) < 0 || confine_root(target, err) < 0)
		return -1;
	for (int i = 0; i < parent_count; i++) {
		int fd = openat(parents[i], ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (fd < 0)
			return error_set(err, errno, "open a lower layer");
		close(parents[i]);
		parents[i] = fd;
	}
	return confine_self(err);
}
