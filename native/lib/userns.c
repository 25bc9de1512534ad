#include "userns.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>

#include "error.h"
#include "fd.h"
#include "kernel.h"
#include "launch.h"
#include "mount-fs.h"
#include "plan.h"
#include "sync.h"

static int write_map(pid_t pid, const char *file, const struct plan *plan, struct plan_list list, struct error *err)
{
	const struct plan_id_map *maps = plan_items(plan, list);
	char path[64], text[4096];
	size_t used = 0;
	scoped_fd int fd = -1;

	for (uint32_t i = 0; i < list.count; i++) {
		int n = snprintf(text + used, sizeof(text) - used, "%u %u %u\n", maps[i].inside, maps[i].outside,
				 maps[i].count);

		if (n < 0 || (size_t)n >= sizeof(text) - used)
			return error_set(err, E2BIG, "%s", file);
		used += (size_t)n;
	}
	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, file);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	/* In one write: the kernel takes no second. */
	if (fd < 0 || write(fd, text, used) != (ssize_t)used)
		return error_set(err, errno, "write %s", path);
	return 0;
}

static int map_process(pid_t pid, const struct plan *plan, struct plan_list uids, struct plan_list gids,
		       struct error *err)
{
	return write_map(pid, "uid_map", plan, uids, err) || write_map(pid, "gid_map", plan, gids, err) ? -1 : 0;
}

int userns_map(pid_t pid, const struct plan *plan, struct error *err)
{
	return map_process(pid, plan, plan->uid_maps, plan->gid_maps, err);
}

static const struct launch_source *given_source(const struct launch_io *io, uint32_t mount)
{
	for (unsigned i = 0; i < io->source_count; i++)
		if (io->sources[i].mount == mount)
			return &io->sources[i];
	return NULL;
}

static int check_given(const struct plan *plan, const struct launch_io *io, struct error *err)
{
	const struct plan_mount *mounts = plan_items(plan, plan->mounts);

	for (unsigned i = 0; i < io->source_count; i++)
		if (io->sources[i].mount >= plan->mounts.count || !(mounts[io->sources[i].mount].flags & PLAN_MOUNT_BIND))
			return error_text(err, EINVAL, "a source was given for what is no bind mount");
	return 0;
}

int userns_list_sources(const struct plan *plan, const struct launch_io *io, int **sources, struct error *err)
{
	const struct plan_mount *mounts = plan_items(plan, plan->mounts);
	unsigned count = 0;
	bool user;

	if (check_given(plan, io, err))
		return -1;

	plan_namespace_path(plan, CLONE_NEWUSER, &user);
	for (uint32_t i = 0; i < plan->mounts.count; i++)
		count += given_source(io, i) ||
			 (mounts[i].flags & PLAN_MOUNT_BIND && (user || mounts[i].flags & PLAN_MOUNT_IDMAP));
	if (!count)
		return 0;
	if (count > SYNC_FDS_MAX)
		return error_text(err, E2BIG, "more than %d bind mounts", SYNC_FDS_MAX);
	*sources = calloc(plan->mounts.count, sizeof(**sources));
	if (!*sources)
		return error_set(err, ENOMEM, "mounts");
	for (uint32_t i = 0; i < plan->mounts.count; i++)
		(*sources)[i] = given_source(io, i) ||
						(mounts[i].flags & PLAN_MOUNT_BIND &&
						 (user || mounts[i].flags & PLAN_MOUNT_IDMAP)) ?
					0 :
					-1;
	return 0;
}

/* A user namespace with these mappings, which outlives the process it was made for by its descriptor. */
static int open_mapped(const struct plan *plan, const struct plan_mount *m, struct error *err)
{
	int ends[2], fd = -1;
	char path[64];
	pid_t pid;

	if (sync_pair(ends))
		return error_set(err, errno, "idmap");
	pid = fork();
	if (pid == 0) {
		char byte = unshare(CLONE_NEWUSER) ? 1 : 0;

		if (write(ends[1], &byte, 1) == 1)
			pause();
		_exit(0);
	}
	if (pid > 0) {
		char byte = 1;

		if (read(ends[0], &byte, 1) != 1 || byte)
			error_set(err, EPERM, "idmap: new user namespace");
		else if (!map_process(pid, plan, m->uid_maps, m->gid_maps, err)) {
			snprintf(path, sizeof(path), "/proc/%d/ns/user", (int)pid);
			fd = open(path, O_RDONLY | O_CLOEXEC);
			if (fd < 0)
				error_set(err, errno, "%s", path);
		}
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	} else {
		error_set(err, errno, "idmap");
	}
	close(ends[0]);
	close(ends[1]);
	return fd;
}

static int open_container_userns(pid_t pid, struct error *err)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/ns/user", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? error_set(err, errno, "%s", path) : fd;
}

static int apply_idmap(pid_t pid, const struct plan *plan, const struct plan_mount *m, int mount_fd, struct error *err)
{
	scoped_fd int user = m->uid_maps.count ? open_mapped(plan, m, err) : open_container_userns(pid, err);

	if (user < 0)
		return -1;
	if (k_mount_setattr(mount_fd, m->flags & PLAN_MOUNT_IDMAP_RECURSIVE ? AT_RECURSIVE : 0, K_ATTR_IDMAP, 0, 0, user))
		return error_set(err, errno, "failed to set MOUNT_ATTR_IDMAP on %s", plan_text(plan, m->source));
	return 0;
}

static int open_source(const struct plan *plan, const struct launch_io *io, uint32_t mount, struct error *err)
{
	const struct plan_mount *mounts = plan_items(plan, plan->mounts);
	const struct launch_source *given = given_source(io, mount);
	int fd;

	if (!given) {
		fd = mount_bind_new(plan, &mounts[mount], err);
		/* A clone is its original's peer: what is mounted inside must not reach the host unless that was asked for. */
		if (fd >= 0 && !((mounts[mount].propagation[0] | mounts[mount].propagation[1]) & MS_SHARED) &&
		    k_mount_setattr(fd, AT_RECURSIVE, 0, 0, MS_SLAVE, -1)) {
			close(fd);
			return error_set(err, errno, "propagation");
		}
		return fd;
	}
	fd = fcntl(given->fd, F_DUPFD_CLOEXEC, 3);
	return fd < 0 ? error_set(err, errno, "source of a mount") : fd;
}

int userns_open_sources(pid_t pid, const struct plan *plan, const struct launch_io *io, const int *sources, int *fds,
			unsigned *count, struct error *err)
{
	const struct plan_mount *mounts = plan_items(plan, plan->mounts);

	*count = 0;
	for (uint32_t i = 0; i < plan->mounts.count; i++) {
		scoped_fd int fd = -1;

		if (sources[i] < 0)
			continue;
		fd = open_source(plan, io, i, err);
		if (fd < 0 || (mounts[i].flags & PLAN_MOUNT_IDMAP && apply_idmap(pid, plan, &mounts[i], fd, err))) {
			while (*count)
				close(fds[--*count]);
			return -1;
		}
		fds[(*count)++] = steal_fd(&fd);
	}
	return 0;
}
