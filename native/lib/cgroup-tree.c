#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cgroup-file.h"
#include "fd.h"

/* A directory on the way down: the names of those in it, each with its NUL, an empty one at the end. */
struct level {
	struct level *above;
	char *names, *next;
};

static struct level *level_free(struct level *level)
{
	struct level *above = level->above;

	free(level->names);
	free(level);
	return above;
}

static int names_add(char **names, size_t *used, size_t *room, const char *name)
{
	size_t size = strlen(name) + 1;

	if (*used + size > *room) {
		size_t more = (*used + size) * 2;
		char *grown = realloc(*names, more);

		if (!grown)
			return -1;
		*names = grown;
		*room = more;
	}
	memcpy(*names + *used, name, size);
	*used += size;
	return 0;
}

/* Returns what is below the directory, or NULL with errno. */
static struct level *level_read(int directory, struct level *above)
{
	struct level *level = calloc(1, sizeof(*level));
	int copy = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = copy < 0 ? NULL : fdopendir(copy);
	struct dirent *entry;
	size_t used = 0, room = 0;
	int result = level && dir ? 0 : -1;

	while (!result && (entry = readdir(dir)))
		if (entry->d_type == DT_DIR && strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			result = names_add(&level->names, &used, &room, entry->d_name);
	if (!result)
		result = names_add(&level->names, &used, &room, "");
	if (dir)
		closedir(dir);
	else if (copy >= 0)
		close(copy);
	if (!result) {
		level->above = above;
		level->next = level->names;
		return level;
	}
	if (level)
		level_free(level);
	return NULL;
}

static bool is_gone(int code)
{
	return code == ENOENT || code == ENODEV;
}

/* Goes to `name` in *dir. Returns 0, or -1 with errno and *dir as it was. */
static int go(int *dir, const char *name)
{
	int next = openat(*dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (next < 0)
		return -1;
	close(*dir);
	*dir = next;
	return 0;
}

/*
 * A container with control groups of its own makes them as deep as it likes, deeper than a path, a stack or a table of
 * descriptors: one directory is open at a time.
 */
int cgroup_walk(const char *directory, cgroup_step *step, void *data)
{
	scoped_fd int dir = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct level *level = dir < 0 ? NULL : level_read(dir, NULL), *below;
	int result = 0;

	if (!level)
		return is_gone(errno) ? 0 : -1;
	while (level && !result) {
		if (*level->next && !go(&dir, level->next)) {
			below = level_read(dir, level);
			result = below ? 0 : -1;
			level = below ? below : level;
			continue;
		}
		if (*level->next) {
			result = is_gone(errno) ? 0 : -1;
		} else {
			level = level_free(level);
			if (!level)
				break;
			result = go(&dir, "..") ? -1 : step(dir, level->next, data);
		}
		level->next += strlen(level->next) + 1;
	}
	while (level)
		level = level_free(level);
	return result ? result : step(AT_FDCWD, directory, data);
}

struct pid_list {
	pid_t *pids;
	size_t room, count;
	int signal;
};

static int list_pids(int parent, const char *name, void *data)
{
	struct pid_list *list = data;
	struct error ignored;
	scoped_fd int dir = openat(parent, name, O_PATH | O_DIRECTORY | O_CLOEXEC);
	scoped_fd int fd = -1;
	scoped_memory char *text = NULL;

	fd = dir < 0 ? -1 : openat(dir, "cgroup.procs", O_RDONLY | O_CLOEXEC);
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

static int thaw_step(int parent, const char *name, void *data)
{
	scoped_fd int dir = openat(parent, name, O_PATH | O_DIRECTORY | O_CLOEXEC);
	scoped_fd int fd = dir < 0 ? -1 : openat(dir, "freezer.state", O_WRONLY | O_CLOEXEC);

	(void)data;
	/* One that is gone holds nobody. */
	if (fd >= 0 && write(fd, "THAWED", 6) < 0)
		return -1;
	return 0;
}

int cgroup_thaw(const struct cgroup *cg, struct error *err)
{
	char path[PATH_MAX];

	if (cg->machine.version == 2)
		return cgroup_freeze(cg, false, err);
	if (cgroup_directory(cg, CGROUP_FREEZER, path, sizeof(path)) < 0)
		return 0;
	return cgroup_walk(path, thaw_step, NULL) ? error_set(err, errno, "thaw %s", path) : 0;
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
		cgroup_thaw(cg, &ignored);
	return 0;
}

static int remove_step(int parent, const char *name, void *data)
{
	int *busy = data;

	if (unlinkat(parent, name, AT_REMOVEDIR) && errno != ENOENT) {
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
