#include "cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <time.h>

#include "cgroup-file.h"
#include "fd.h"

static const char *const names[CGROUP_CONTROLLERS] = {
	"cpu",	"cpuacct", "cpuset",  "memory",	  "devices",	"freezer", "blkio",	   "pids",
	"hugetlb", "net_cls", "net_prio", "perf_event", "rdma",	"misc",	   "name=systemd", "unified",
};

const char *cgroup_controller_name(enum cgroup_controller controller)
{
	return names[controller];
}

int cgroup_file_path(const struct cgroup *cg, enum cgroup_controller controller, const char *file, char *buf,
		     size_t size)
{
	const char *mount = cg->machine.version == 2 ? cg->machine.mount[0] : cg->machine.mount[controller];
	int n;

	if (!mount[0] || !cg->path[0]) {
		errno = ENOENT;
		return -1;
	}
	n = snprintf(buf, size, "%s%s%s%s", mount, cg->path, file ? "/" : "", file ? file : "");
	if (n < 0 || (size_t)n >= size) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return 0;
}

int cgroup_directory(const struct cgroup *cg, enum cgroup_controller controller, char *buf, size_t size)
{
	return cgroup_file_path(cg, controller, NULL, buf, size) ? -1 : (int)strlen(buf);
}

int cgroup_write(const struct cgroup *cg, enum cgroup_controller controller, const char *file, struct error *err,
		 const char *format, ...)
{
	char path[PATH_MAX], text[4096];
	va_list args;
	scoped_fd int fd = -1;
	int size;

	va_start(args, format);
	size = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (size < 0 || (size_t)size >= sizeof(text))
		return error_set(err, E2BIG, "cgroup value for %s", file);
	if (cgroup_file_path(cg, controller, file, path, sizeof(path)))
		return error_text(err, ENOENT, "cannot set %s: the machine has no %s controller", file,
				  names[controller]);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return error_set(err, errno, "open %s", path);
	if (write(fd, text, (size_t)size) != size)
		return error_set(err, errno, "failed to write \"%s\": write %s", text, path);
	return 0;
}

ssize_t cgroup_read(const struct cgroup *cg, enum cgroup_controller controller, const char *file, char *buf,
		    size_t size)
{
	char path[PATH_MAX];
	scoped_fd int fd = -1;
	ssize_t n;

	if (cgroup_file_path(cg, controller, file, path, sizeof(path)))
		return -1;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	n = fd_read_all(fd, buf, size - 1);
	if (n < 0)
		return -1;
	while (n > 0 && buf[n - 1] == '\n')
		n--;
	buf[n] = '\0';
	return n;
}

bool cgroup_has_file(const struct cgroup *cg, enum cgroup_controller controller, const char *file)
{
	char path[PATH_MAX];

	return !cgroup_file_path(cg, controller, file, path, sizeof(path)) && !access(path, F_OK);
}

bool cgroup_repeats(const struct cgroup *cg, enum cgroup_controller controller)
{
	if (!cg->machine.mount[controller][0])
		return true;
	for (int i = 0; i < (int)controller; i++)
		if (!strcmp(cg->machine.mount[i], cg->machine.mount[controller]))
			return true;
	return false;
}

int64_t cgroup_field(const char *text, const char *name)
{
	size_t length = strlen(name);

	for (const char *at = text; at && *at; at = strchr(at, '\n') ? strchr(at, '\n') + 1 : NULL)
		if (!strncmp(at, name, length) && at[length] == ' ')
			return strtoll(at + length + 1, NULL, 10);
	return -1;
}

int cgroup_open(struct cgroup *cg, const char *path, struct error *err)
{
	return cgroup_probe(&cg->machine, err) ? -1 : cgroup_name(cg, path, err);
}

int cgroup_name(struct cgroup *cg, const char *path, struct error *err)
{
	size_t length = strlen(path);

	cg->made = 0;
	while (length > 1 && path[length - 1] == '/')
		length--;
	if (path[0] != '/' || length < 2 || length >= sizeof(cg->path))
		return error_text(err, EINVAL, "invalid cgroup path \"%.200s\"", path);
	for (const char *at = path; at; at = strchr(at + 1, '/'))
		if (!strncmp(at, "/../", 4) || !strcmp(at, "/..") || !strncmp(at, "/./", 3) || !strcmp(at, "/.") ||
		    !strncmp(at, "//", 2))
			return error_text(err, EINVAL, "invalid cgroup path \"%.200s\"", path);
	memcpy(cg->path, path, length);
	cg->path[length] = '\0';
	return 0;
}

int cgroup_create(struct cgroup *cg, const struct plan *plan, struct error *err)
{
	int result = cg->machine.version == 2 ? cgroup_v2_create(cg, err) : cgroup_v1_create(cg, err);

	if (!result)
		result = cgroup_update(cg, plan, err);
	if (result) {
		struct error ignored;

		error_stage(err, "cgroup");
		if (cg->made)
			cgroup_remove(cg, &ignored);
	}
	return result;
}

int cgroup_update(const struct cgroup *cg, const struct plan *plan, struct error *err)
{
	return cg->machine.version == 2 ? cgroup_v2_apply(cg, plan, err) : cgroup_v1_apply(cg, plan, err);
}

int cgroup_clone_fd(const struct cgroup *cg)
{
	char path[PATH_MAX];

	if (cg->machine.version != 2 && !cgroup_has(cg, CGROUP_UNIFIED)) {
		errno = ENOSYS;
		return -1;
	}
	if (cgroup_file_path(cg, CGROUP_UNIFIED, NULL, path, sizeof(path)))
		return -1;
	return open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

/* The text goes to file in every hierarchy of v1 (below `end`). */
static int write_everywhere(const struct cgroup *cg, int end, const char *file, const char *text, struct error *err)
{
	for (int i = 0; i < end; i++)
		if (!cgroup_repeats(cg, i) && cgroup_write(cg, i, file, err, "%s", text))
			return -1;
	return 0;
}

int cgroup_join(const struct cgroup *cg, struct error *err)
{
	return cg->machine.version == 1 ? write_everywhere(cg, CGROUP_UNIFIED, "tasks", "0", err) : 0;
}

int cgroup_add(const struct cgroup *cg, pid_t pid, struct error *err)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", (int)pid);
	return cg->machine.version == 2 ? cgroup_write(cg, 0, "cgroup.procs", err, "%s", text) :
					  write_everywhere(cg, CGROUP_CONTROLLERS, "cgroup.procs", text, err);
}

int cgroup_freeze(const struct cgroup *cg, bool frozen, struct error *err)
{
	if (cg->machine.version == 2)
		return cgroup_write(cg, 0, "cgroup.freeze", err, "%d", frozen);
	return cgroup_write(cg, CGROUP_FREEZER, "freezer.state", err, "%s", frozen ? "FROZEN" : "THAWED");
}

int cgroup_frozen(const struct cgroup *cg, struct error *err)
{
	char text[4096];
	bool v2 = cg->machine.version == 2;

	if (v2) {
		int64_t wanted;

		if (cgroup_read(cg, 0, "cgroup.freeze", text, sizeof(text)) < 0)
			return error_set(err, errno, "freezer");
		wanted = atoi(text);
		if (cgroup_read(cg, 0, "cgroup.events", text, sizeof(text)) < 0)
			return error_set(err, errno, "freezer");
		return cgroup_field(text, "frozen") == wanted ? (int)wanted : 2;
	}
	if (cgroup_read(cg, CGROUP_FREEZER, "freezer.state", text, sizeof(text)) < 0)
		return error_set(err, errno, "freezer");
	return !strcmp(text, "FROZEN") ? 1 : !strcmp(text, "THAWED") ? 0 : 2;
}

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int cgroup_await(const struct cgroup *cg, bool frozen, int timeout_ms, struct error *err)
{
	int64_t deadline = now_ms() + timeout_ms;
	char path[PATH_MAX];
	scoped_fd int events = -1;

	if (cg->machine.version == 2 && !cgroup_file_path(cg, 0, "cgroup.events", path, sizeof(path)))
		events = open(path, O_RDONLY | O_CLOEXEC);
	for (;;) {
		int state = cgroup_frozen(cg, err);
		int64_t left = deadline - now_ms();
		struct pollfd wait = { .fd = events, .events = POLLPRI };

		if (state < 0 || state == frozen)
			return state < 0 ? -1 : 0;
		if (left <= 0)
			return error_text(err, ETIMEDOUT, "unable to %s", frozen ? "freeze" : "thaw");
		if (events >= 0) {
			poll(&wait, 1, (int)left);
		} else {
			/* v1 tells nobody; and it may stay FREEZING for ever unless asked again. */
			nanosleep(&(struct timespec){ .tv_nsec = 500000 }, NULL);
			if (frozen && cgroup_freeze(cg, true, err))
				return -1;
		}
	}
}

static int oom_open_v1(const struct cgroup *cg, struct error *err)
{
	char path[PATH_MAX];
	scoped_fd int control = -1;
	scoped_fd int event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

	if (event < 0 || cgroup_file_path(cg, CGROUP_MEMORY, "memory.oom_control", path, sizeof(path)))
		return error_set(err, errno, "memory events");
	control = open(path, O_RDONLY | O_CLOEXEC);
	if (control < 0)
		return error_set(err, errno, "open %s", path);
	if (cgroup_write(cg, CGROUP_MEMORY, "cgroup.event_control", err, "%d %d", event, control))
		return -1;
	return steal_fd(&event);
}

int cgroup_oom_open(const struct cgroup *cg, struct error *err)
{
	char path[PATH_MAX];
	scoped_fd int watch = -1;

	if (cg->machine.version == 1)
		return oom_open_v1(cg, err);
	watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (watch < 0 || cgroup_file_path(cg, CGROUP_MEMORY, "memory.events", path, sizeof(path)) ||
	    inotify_add_watch(watch, path, IN_MODIFY) < 0)
		return error_set(err, errno, "memory events");
	return steal_fd(&watch);
}

int64_t cgroup_oom_kills(const struct cgroup *cg)
{
	char text[4096];
	const char *file = cg->machine.version == 2 ? "memory.events" : "memory.oom_control";

	if (cgroup_read(cg, CGROUP_MEMORY, file, text, sizeof(text)) < 0)
		return -1;
	return cgroup_field(text, "oom_kill");
}
