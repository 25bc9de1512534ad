#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>

#include "child.h"
#include "fd.h"
#include "kernel.h"
#include "sync.h"

#ifndef TIOCGPTPEER
#define TIOCGPTPEER _IO('T', 0x41)
#endif

/* The multiplexer of the container's devpts; anything else there would make us hand out a terminal of someone else. */
static int open_master(const struct child *c, struct error *err)
{
	struct statfs fs;
	struct stat status;
	scoped_fd int master = fd_open_in_root(c->root, "/dev/pts/ptmx", O_RDWR | O_NOCTTY, 0);

	if (master < 0)
		return error_set(err, errno, "open /dev/pts/ptmx");
	if (fstatfs(master, &fs) || fstat(master, &status))
		return error_set(err, errno, "stat /dev/pts/ptmx");
	if (fs.f_type != DEVPTS_SUPER_MAGIC || !S_ISCHR(status.st_mode) || status.st_rdev != makedev(5, 2))
		return error_text(err, EINVAL, "/dev/pts/ptmx is not the terminal multiplexer");
	return steal_fd(&master);
}

/* /dev/console is the container's terminal. The place is a file of ours, or a device, never followed elsewhere. */
static int bind_console(const struct child *c, int slave, struct error *err)
{
	scoped_fd int console = -1;
	scoped_fd int dev = fd_open_in_root(c->root, "/dev", O_PATH | O_DIRECTORY, 0);
	scoped_fd int target = -1;

	if (dev < 0)
		return error_set(err, errno, "open /dev");
	if (mknodat(dev, "console", S_IFREG | 0666, 0) && errno != EEXIST)
		return error_set(err, errno, "create /dev/console");
	target = openat(dev, "console", O_PATH | O_NOFOLLOW | O_CLOEXEC);
	console = k_open_tree(slave, "", K_OPEN_TREE_CLONE | AT_EMPTY_PATH);
	if (target < 0 || console < 0 || k_move_mount(console, target))
		return error_set(err, errno, "mount /dev/console");
	return 0;
}

int child_console(struct child *c, struct error *err)
{
	const struct plan_process *p = &c->plan->process;
	struct winsize size = { .ws_row = (unsigned short)p->console_height,
				.ws_col = (unsigned short)p->console_width };
	int unlock = 0;
	scoped_fd int master = -1;
	scoped_fd int slave = -1;

	if (!(p->flags & PROCESS_TERMINAL))
		return 0;
	master = open_master(c, err);
	if (master < 0)
		return -1;
	if (ioctl(master, TIOCSPTLCK, &unlock))
		return error_set(err, errno, "unlock the terminal");
	slave = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (slave < 0)
		return error_set(err, errno, "open the terminal");
	if ((size.ws_row || size.ws_col) && ioctl(master, TIOCSWINSZ, &size))
		return error_set(err, errno, "terminal size");
	if (c->plan->kind == PLAN_CONTAINER && bind_console(c, slave, err))
		return -1;
	if (sync_send(c->sync, SYNC_CONSOLE, NULL, &master, 1))
		return error_set(err, errno, "hand over the terminal");
	c->tty = steal_fd(&slave);
	return 0;
}

static bool is_null(int fd)
{
	struct stat status;

	return !fstat(fd, &status) && S_ISCHR(status.st_mode) && status.st_rdev == makedev(1, 3);
}

/* Programs of a user open /dev/stdout again, so the pipe or terminal must be the user's. */
static void own_stdio(const struct child *c, int fd)
{
	struct stat status;

	/* The null device is everybody's. */
	if (fstat(fd, &status) || status.st_uid == c->plan->process.uid || is_null(fd))
		return;
	/* A read-only or unmapped one stays as it is, and is used by its descriptor. */
	if (fchown(fd, c->plan->process.uid, status.st_gid))
		return;
}

/*
 * The null device of the container, and nothing that a container has put in its place. Also for a stream that is the host's
 * null device: with that a process could change the mode of the host's node.
 */
static int open_null(const struct child *c)
{
	scoped_fd int null = fd_open_in_root(c->root, "/dev/null", O_RDWR | O_NONBLOCK | O_NOCTTY, 0);

	if (null < 0)
		return -1;
	if (!is_null(null)) {
		errno = ENODEV;
		return -1;
	}
	return steal_fd(&null);
}

int child_stdio(struct child *c, struct error *err)
{
	int from[3], result = 0;

	/* Out of the way of 0 to 2 first, which may be among them. */
	for (int i = 0; i < 3; i++) {
		int given = c->tty >= 0 ? c->tty : c->io.stdio[i];

		bool null = given < 0 || is_null(given);

		from[i] = null ? open_null(c) : fcntl(given, F_DUPFD_CLOEXEC, 3);
		if (from[i] < 0 && !result)
			result = null ? error_set(err, errno, "error reopening /dev/null inside container: open /dev/null") :
					error_set(err, errno, "standard stream %d", i);
	}
	for (int i = 0; i < 3; i++) {
		if (!result && dup2(from[i], i) < 0)
			result = error_set(err, errno, "standard stream %d", i);
		fd_close(&from[i]);
		if (!result)
			own_stdio(c, i);
	}
	if (!result && c->tty >= 0 && ioctl(0, TIOCSCTTY, 0))
		return error_set(err, errno, "controlling terminal");
	return result;
}
