#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "cgroup-file.h"
#include "fd.h"

int cgroup_walk(const char *directory, int (*step)(const char *directory, void *data), void *data)
{
	char path[PATH_MAX];
	DIR *dir = opendir(directory);
	struct dirent *entry;
	int result = 0;

	if (!dir)
		return errno == ENOENT ? 0 : -1;
	while (!result && (entry = readdir(dir))) {
		if (entry->d_type != DT_DIR || !strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		if ((size_t)snprintf(path, sizeof(path), "%s/%s", directory, entry->d_name) < sizeof(path))
			result = cgroup_walk(path, step, data);
	}
	closedir(dir);
	return result ? result : step(directory, data);
}

struct pid_list {
	pid_t *pids;
	size_t room, count;
	int signal;
};

static int list_pids(const char *directory, void *data)
{
	struct pid_list *list = data;
	char path[PATH_MAX];
	struct error ignored;
	scoped_fd int fd = -1;
	scoped_memory char *text = NULL;

	if ((size_t)snprintf(path, sizeof(path), "%s/cgroup.procs", directory) >= sizeof(path))
		return 0;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || !(text = fd_read_text(fd, 64u << 20, NULL, &ignored)))
		return 0;
	for (char *at = text, *end;; at = end) {
		long pid = strtol(at, &end, 10);

		if (end == at)
			return 0;
		if (list->count < list->room)
			list->pids[list->count] = (pid_t)pid;
		list->count++;
		/* 0 is a process of a pid namespace that is not ours to see: never kill(0). */
		if (list->signal && pid > 0)
			kill((pid_t)pid, list->signal);
	}
}

/* The hierarchy that tells members: the freezer's is never shared with a service manager. */
static enum cgroup_controller members_of(const struct cgroup *cg)
{
	static const enum cgroup_controller order[] = { CGROUP_FREEZER, CGROUP_PIDS, CGROUP_DEVICES, CGROUP_MEMORY,
							CGROUP_CPU };

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		if (cg->machine.mount[order[i]][0])
			return order[i];
	return CGROUP_NAMED;
}

int cgroup_pids(const struct cgroup *cg, pid_t *pids, size_t room, struct error *err)
{
	struct pid_list list = { .pids = pids, .room = room };
	char path[PATH_MAX];

	if (cgroup_directory(cg, members_of(cg), path, sizeof(path)) < 0 || cgroup_walk(path, list_pids, &list) < 0)
		return error_set(err, errno, "processes of cgroup %s", cg->path);
	return (int)list.count;
}

int cgroup_kill(const struct cgroup *cg, int signal, struct error *err)
{
	struct pid_list list = { .signal = signal };
	struct error ignored;
	char path[PATH_MAX];

	if (!cg->path[0])
		return 0;
	if (cg->machine.version == 2 && signal == SIGKILL && cgroup_has_file(cg, 0, "cgroup.kill"))
		return cgroup_write(cg, 0, "cgroup.kill", err, "1") && error_code(err) != ENOENT ? -1 : 0;
	if (cgroup_directory(cg, members_of(cg), path, sizeof(path)) < 0)
		return 0;
	if (signal == SIGKILL && cgroup_has(cg, CGROUP_UNIFIED))
		cgroup_write(cg, CGROUP_UNIFIED, "cgroup.kill", &ignored, "1"); /* and then who is not in that tree */
	/* Frozen, they neither fork behind the list nor end and give their number to another. */
	if (signal == SIGKILL && !cgroup_freeze(cg, true, &ignored))
		cgroup_await(cg, true, 100, &ignored);
	cgroup_walk(path, list_pids, &list);
	if (signal == SIGKILL)
		cgroup_freeze(cg, false, &ignored);
	return 0;
}

static int remove_step(const char *directory, void *data)
{
	int *busy = data;

	if (rmdir(directory) && errno != ENOENT) {
		if (errno != EBUSY)
			return -1;
		*busy = 1;
	}
	return 0;
}

int cgroup_remove(const struct cgroup *cg, struct error *err)
{
	int busy = 0;

	if (!cg->path[0])
		return 0;
	for (int i = 0; i < CGROUP_CONTROLLERS; i++) {
		char path[PATH_MAX];

		if (cgroup_repeats(cg, i) || cgroup_directory(cg, i, path, sizeof(path)) < 0)
			continue;
		/* Nearly always there is nothing below, and no need to look. */
		if (!rmdir(path) || errno == ENOENT)
			continue;
		if (cgroup_walk(path, remove_step, &busy))
			return error_set(err, errno, "unable to remove cgroup %s", path);
	}
	return busy;
}
