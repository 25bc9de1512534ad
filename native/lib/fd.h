/* Descriptors: scope cleanup, whole reads and writes, passing over sockets, paths below a root. All close-on-exec. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

struct error;

static inline void fd_scope_end(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static inline void memory_scope_end(void *pointer)
{
	free(*(void **)pointer);
}

/* `scoped_fd int fd = -1;` is closed, `scoped_memory char *s = NULL;` is freed, when the scope is left. */
#define scoped_fd __attribute__((cleanup(fd_scope_end)))
#define scoped_memory __attribute__((cleanup(memory_scope_end)))

/* Takes the descriptor out of a scoped variable. */
static inline int steal_fd(int *fd)
{
	int stolen = *fd;

	*fd = -1;
	return stolen;
}

/* Closes *fd when it is open, and makes it -1. */
static inline void fd_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* Writes all of size bytes, over EINTR and short writes. Returns 0, or -1 with errno. */
int fd_write_all(int fd, const void *data, size_t size);

/* Reads until size bytes or the end. Returns the number of bytes, or -1 with errno. */
ssize_t fd_read_all(int fd, void *data, size_t size);

/*
 * Reads a whole file into memory ended by a NUL that size does not count. The caller frees it.
 * Returns NULL with err set: EFBIG beyond limit bytes.
 */
char *fd_read_text(int fd, size_t limit, size_t *size, struct error *err);

/* A new memfd with this content, sealed against any change. Returns it, or -1 with errno. */
int fd_memory_sealed(const char *name, const void *data, size_t size);

/*
 * Opens path below root_fd, with `..` and symbolic links kept inside of it as if it were "/" (openat2,
 * RESOLVE_IN_ROOT, no magic links). A lost race with a rename is tried again. Returns the descriptor, or -1 with errno.
 */
int fd_open_in_root(int root_fd, const char *path, int flags, mode_t mode);

/*
 * Makes the directory path below root_fd with its parents, links resolved inside of root. New directories get
 * mode, and uid:gid when uid is not -1. Returns an O_PATH descriptor of it, or -1 with errno (ENOTDIR...).
 */
int fd_mkdir_in_root(int root_fd, const char *path, mode_t mode, uid_t uid, gid_t gid);

/* Makes the regular file path below root_fd (and its parents) unless something is there. O_PATH descriptor, or -1. */
int fd_mkfile_in_root(int root_fd, const char *path, mode_t mode);

/*
 * Opens path below proc_fd, which must be procfs (checked by its magic), crossing neither a mount nor a magic
 * link, so that nothing mounted over a file of /proc is written to. Returns it, or -1 with errno (EXDEV: overmounted).
 */
int fd_open_proc(int proc_fd, const char *path, int flags);

/* Sends data with up to 253 descriptors. Returns 0, or -1 with errno. */
int fd_send(int sock, const void *data, size_t size, const int *fds, unsigned count);

/*
 * Receives one message; descriptors that come along are close-on-exec, *count says how many; more than room is
 * an error (EMSGSIZE) and all are closed. Returns the number of bytes (0 at the end), or -1 with errno.
 */
ssize_t fd_receive(int sock, void *data, size_t size, int *fds, unsigned room, unsigned *count, int flags);

/* Marks every descriptor from first up as close-on-exec (close_range, or /proc/self/fd). Returns 0, or -1 with errno. */
int fd_cloexec_from(unsigned first);

/* A pidfd of pid. Returns it, or -1 with errno. */
int pidfd_open_pid(pid_t pid);

/* A copy of descriptor number fd of the process behind pidfd. Returns it, or -1 with errno. */
int pidfd_get(int pidfd, int fd);

/* Sends a signal to exactly the process behind pidfd. Returns 0, or -1 with errno. */
int pidfd_signal(int pidfd, int signal);
