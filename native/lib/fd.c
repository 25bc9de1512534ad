#include "fd.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>

#include "error.h"

#ifndef SYS_close_range
#define SYS_close_range 436
#endif
#ifndef SYS_openat2
#define SYS_openat2 437
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438
#endif
#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif

int fd_write_all(int fd, const void *data, size_t size)
{
	const char *at = data;

	while (size > 0) {
		ssize_t n = write(fd, at, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		at += n;
		size -= (size_t)n;
	}
	return 0;
}

ssize_t fd_read_all(int fd, void *data, size_t size)
{
	size_t got = 0;

	while (got < size) {
		ssize_t n = read(fd, (char *)data + got, size - got);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		got += (size_t)n;
	}
	return (ssize_t)got;
}

char *fd_read_text(int fd, size_t limit, size_t *size, struct error *err)
{
	size_t room = 4096, used = 0;
	char *text = NULL;

	for (;;) {
		char *bigger = realloc(text, room + 1);
		ssize_t n;

		if (!bigger) {
			free(text);
			error_set(err, ENOMEM, "reading");
			return NULL;
		}
		text = bigger;
		n = fd_read_all(fd, text + used, room - used);
		if (n < 0) {
			error_set(err, errno, "reading");
			free(text);
			return NULL;
		}
		used += (size_t)n;
		if (used < room)
			break;
		if (room > limit) {
			free(text);
			error_set(err, EFBIG, "reading more than %zu bytes", limit);
			return NULL;
		}
		room *= 2;
	}
	text[used] = '\0';
	if (size)
		*size = used;
	return text;
}

int fd_memory_sealed(const char *name, const void *data, size_t size)
{
	scoped_fd int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd < 0 || fd_write_all(fd, data, size))
		return -1;
	if (fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE))
		return -1;
	if (lseek(fd, 0, SEEK_SET) < 0)
		return -1;
	return steal_fd(&fd);
}

static int open_resolved(int dir_fd, const char *path, int flags, mode_t mode, uint64_t resolve)
{
	struct open_how how = {
		.flags = (uint64_t)(flags | O_CLOEXEC),
		.mode = flags & O_CREAT ? mode : 0,
		.resolve = resolve,
	};

	/* EAGAIN: the kernel could not exclude a race with a rename on the way. */
	for (int i = 0; i < 128; i++) {
		int fd = (int)syscall(SYS_openat2, dir_fd, path, &how, sizeof(how));

		if (fd >= 0 || (errno != EAGAIN && errno != EINTR))
			return fd;
	}
	return -1;
}

int fd_open_in_root(int root_fd, const char *path, int flags, mode_t mode)
{
	return open_resolved(root_fd, path, flags, mode, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
}

/* The next part of path into part; returns what follows, or NULL at the end. */
static const char *path_part(const char *path, char *part, size_t size)
{
	size_t length;

	path += strspn(path, "/");
	length = strcspn(path, "/");
	if (length == 0 || length >= size)
		return NULL;
	memcpy(part, path, length);
	part[length] = '\0';
	return path + length;
}

/*
 * When the part of that name in dir is a link, the path it leads to: its target, or the target below the directory
 * `done` names, and then what follows. Returns 0, or -1 with errno (EINVAL: no link).
 */
static int follow_link(int dir, const char *part, const char *done, const char *rest, char *out, size_t size)
{
	char target[4096];
	ssize_t length = readlinkat(dir, part, target, sizeof(target) - 1);
	int n;

	if (length < 0)
		return -1;
	target[length] = '\0';
	n = snprintf(out, size, "%s/%s/%s", target[0] == '/' ? "" : done, target, rest);
	if (n < 0 || (size_t)n >= size) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return 0;
}

static int own_directory(int dir, uid_t uid, gid_t gid)
{
	if (uid == (uid_t)-1 && gid == (gid_t)-1)
		return 0;
	return fchownat(dir, "", uid, gid, AT_EMPTY_PATH);
}

/* Links one after the other, as many as the kernel follows. A loop, for a thread of the executor has a small stack. */
#define LINKS_MOST 40
#define IS_LINK (-2)

/*
 * Each part is made in the directory that its parents resolve to; the next step resolves the whole again from the
 * root, because only the kernel can follow links inside of it. A link to what is missing is followed by its text, and
 * what it leads to is made, as the reference does (an image's /etc/resolv.conf): IS_LINK, and `further` is the path then.
 */
static int make_parts(int root_fd, const char *path, mode_t mode, uid_t uid, gid_t gid, char *further, size_t size)
{
	char done[4096] = "", part[256];
	size_t used = 0;
	scoped_fd int dir = fd_open_in_root(root_fd, "/", O_PATH | O_DIRECTORY, 0);

	if (dir < 0)
		return -1;
	for (const char *rest = path; (rest = path_part(rest, part, sizeof(part)));) {
		size_t length = strlen(part), before = used;
		int next;

		if (used + length + 2 > sizeof(done)) {
			errno = ENAMETOOLONG;
			return -1;
		}
		done[used++] = '/';
		memcpy(done + used, part, length + 1);
		used += length;
		next = fd_open_in_root(root_fd, done, O_PATH | O_DIRECTORY, 0);
		if (next < 0 && errno == ENOENT) {
			if (!mkdirat(dir, part, mode)) {
				next = openat(dir, part, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
				if (next >= 0 && own_directory(next, uid, gid)) {
					close(next);
					return -1;
				}
			} else if (errno == EEXIST) {
				done[before] = '\0';
				return follow_link(dir, part, done, rest, further, size) ? -1 : IS_LINK;
			}
		}
		if (next < 0)
			return -1;
		close(dir);
		dir = next;
	}
	return steal_fd(&dir);
}

int fd_mkdir_in_root(int root_fd, const char *path, mode_t mode, uid_t uid, gid_t gid)
{
	char at[4096], further[4096];

	for (int links = 0; links <= LINKS_MOST; links++) {
		int dir = fd_open_in_root(root_fd, path, O_PATH | O_DIRECTORY, 0);

		if (dir < 0 && errno == ENOENT)
			dir = make_parts(root_fd, path, mode, uid, gid, further, sizeof(further));
		if (dir != IS_LINK)
			return dir;
		path = strcpy(at, further);
	}
	errno = ELOOP;
	return -1;
}

/* As make_parts. */
static int make_file(int root_fd, const char *path, mode_t mode, char *further, size_t size)
{
	char parent[4096];
	const char *slash = strrchr(path, '/');
	scoped_fd int file = -1;
	scoped_fd int dir = -1;

	if (!slash || !slash[1] || (size_t)(slash - path) >= sizeof(parent)) {
		errno = EINVAL;
		return -1;
	}
	memcpy(parent, path, (size_t)(slash - path));
	parent[slash - path] = '\0';
	dir = fd_mkdir_in_root(root_fd, parent[0] ? parent : "/", 0755, (uid_t)-1, (gid_t)-1);
	if (dir < 0)
		return -1;
	file = openat(dir, slash + 1, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_CLOEXEC, mode);
	if (file < 0 && errno == EEXIST) {
		if (follow_link(dir, slash + 1, parent, "", further, size))
			return -1;
		further[strlen(further) - 1] = '\0'; /* the '/' in front of nothing */
		return IS_LINK;
	}
	if (file < 0)
		return -1;
	fd_close(&file);
	return openat(dir, slash + 1, O_PATH | O_NOFOLLOW | O_CLOEXEC);
}

int fd_mkfile_in_root(int root_fd, const char *path, mode_t mode)
{
	char at[4096], further[4096];

	for (int links = 0; links <= LINKS_MOST; links++) {
		int file = fd_open_in_root(root_fd, path, O_PATH, 0);

		if (file < 0 && errno == ENOENT)
			file = make_file(root_fd, path, mode, further, sizeof(further));
		if (file != IS_LINK)
			return file;
		path = strcpy(at, further);
	}
	errno = ELOOP;
	return -1;
}

int fd_open_proc(int proc_fd, const char *path, int flags)
{
	struct statfs fs;

	if (fstatfs(proc_fd, &fs))
		return -1;
	if (fs.f_type != PROC_SUPER_MAGIC) {
		errno = EXDEV;
		return -1;
	}
	return open_resolved(proc_fd, path, flags, 0, RESOLVE_BENEATH | RESOLVE_NO_XDEV | RESOLVE_NO_MAGICLINKS);
}

int fd_send(int sock, const void *data, size_t size, const int *fds, unsigned count)
{
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int) * 253)];
	} control;
	struct iovec iov = { .iov_base = (void *)data, .iov_len = size };
	struct msghdr message = { .msg_iov = &iov, .msg_iovlen = 1 };
	ssize_t n;

	if (count > 253) {
		errno = EINVAL;
		return -1;
	}
	if (count) {
		memset(&control, 0, CMSG_SPACE(sizeof(int) * count));
		message.msg_control = &control;
		message.msg_controllen = CMSG_SPACE(sizeof(int) * count);
		control.head.cmsg_level = SOL_SOCKET;
		control.head.cmsg_type = SCM_RIGHTS;
		control.head.cmsg_len = CMSG_LEN(sizeof(int) * count);
		memcpy(CMSG_DATA(&control.head), fds, sizeof(int) * count);
	}
	do
		n = sendmsg(sock, &message, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	if (n >= 0 && (size_t)n != size) {
		errno = EMSGSIZE;
		return -1;
	}
	return n < 0 ? -1 : 0;
}

ssize_t fd_receive(int sock, void *data, size_t size, int *fds, unsigned room, unsigned *count, int flags)
{
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int) * 253)];
	} control;
	struct iovec iov = { .iov_base = data, .iov_len = size };
	struct msghdr message = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	unsigned got = 0;
	ssize_t n;

	*count = 0;
	do
		n = recvmsg(sock, &message, flags | MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -1;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&message); c; c = CMSG_NXTHDR(&message, c)) {
		unsigned here = (unsigned)((c->cmsg_len - CMSG_LEN(0)) / sizeof(int));

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		for (unsigned i = 0; i < here; i++, got++) {
			int fd;

			memcpy(&fd, CMSG_DATA(c) + i * sizeof(int), sizeof(int));
			if (got < room)
				fds[got] = fd;
			else
				close(fd);
		}
	}
	if (got > room || message.msg_flags & (MSG_CTRUNC | MSG_TRUNC)) {
		for (unsigned i = 0; i < got && i < room; i++)
			close(fds[i]);
		errno = EMSGSIZE;
		return -1;
	}
	*count = got;
	return n;
}

static int cloexec_by_listing(unsigned first)
{
	DIR *dir = opendir("/proc/self/fd");
	struct dirent *entry;

	if (!dir)
		return -1;
	while ((entry = readdir(dir))) {
		int fd = atoi(entry->d_name);

		if (entry->d_name[0] != '.' && (unsigned)fd >= first)
			fcntl(fd, F_SETFD, FD_CLOEXEC);
	}
	closedir(dir);
	return 0;
}

int fd_cloexec_from(unsigned first)
{
	if (syscall(SYS_close_range, first, ~0U, CLOSE_RANGE_CLOEXEC) == 0)
		return 0;
	return cloexec_by_listing(first); /* before Linux 5.11 */
}

int pidfd_open_pid(pid_t pid)
{
	return (int)syscall(SYS_pidfd_open, pid, 0);
}

int pidfd_get(int pidfd, int fd)
{
	return (int)syscall(SYS_pidfd_getfd, pidfd, fd, 0);
}

int pidfd_signal(int pidfd, int signal)
{
	return (int)syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0);
}
