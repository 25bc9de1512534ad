#include "state.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "error.h"
#include "fd.h"
#include "plan_parse.h"
#include "runtime.h"

#define STATE_LIMIT (16u << 20)

int id_check(const char *id, struct error *err)
{
	size_t length = strlen(id);

	if (!length)
		return error_text(err, EINVAL, "container id cannot be empty");
	for (size_t i = 0; i < length; i++)
		if (!isalnum((unsigned char)id[i]) && !strchr("_+-.", id[i]))
			return error_text(err, EINVAL, "invalid container ID format: %.128s", id);
	if (length > 200 || !strcmp(id, ".") || !strcmp(id, ".."))
		return error_text(err, EINVAL, "invalid container ID format: %.128s", id);
	return 0;
}

const char *state_path(const struct container *c, const char *file, char *buf, size_t size)
{
	snprintf(buf, size, "%s/%s", c->directory, file);
	return buf;
}

static int name_container(const struct globals *g, const char *id, struct container *c, struct error *err)
{
	*c = (struct container){ .lock = -1 };
	if (id_check(id, err))
		return -1;
	if ((size_t)snprintf(c->directory, sizeof(c->directory) - 32, "%s/%s", g->root, id) >=
	    sizeof(c->directory) - 32)
		return error_set(err, ENAMETOOLONG, "--root");
	snprintf(c->id, sizeof(c->id), "%s", id);
	c->lock = -1;
	return 0;
}

int state_make(const struct globals *g, const char *id, struct container *c, struct error *err)
{
	char path[4096];
	struct timespec now;
	struct tm utc;
	size_t n;

	if (name_container(g, id, c, err))
		return -1;
	for (const char *slash = strchr(g->root + 1, '/');; slash = strchr(slash + 1, '/')) {
		snprintf(path, sizeof(path), "%.*s", slash ? (int)(slash - g->root) : (int)strlen(g->root),
			 g->root);
		if (mkdir(path, 0711) && errno != EEXIST)
			return error_set(err, errno, "mkdir %s", path);
		if (!slash)
			break;
	}
	if (mkdir(c->directory, 0711))
		return errno == EEXIST ? error_text(err, EEXIST, "container with given ID already exists")
				       : error_set(err, errno, "mkdir %s", c->directory);
	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &utc);
	n = strftime(c->created, sizeof(c->created), "%Y-%m-%dT%H:%M:%S", &utc);
	snprintf(c->created + n, sizeof(c->created) - n, ".%09ldZ", now.tv_nsec);
	return 0;
}

static int write_beside(const struct container *c, const char *file, const void *data, size_t size,
			struct error *err)
{
	char beside[4200], path[4200];
	scoped_fd int fd = -1;
	scoped_fd int directory = open(c->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	state_path(c, file, path, sizeof(path));
	snprintf(beside, sizeof(beside), "%.4100s.new", path);
	fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (directory < 0 || fd < 0 || fd_write_all(fd, data, size) || fsync(fd) || rename(beside, path) ||
	    fsync(directory))
		return error_set(err, errno, "write %s", path);
	return 0;
}

static void add_text(struct json_object *object, const char *key, const char *text)
{
	json_object_object_add(object, key, json_object_new_string(text));
}

int state_save(struct container *c, struct error *err)
{
	struct json_object *json = json_object_new_object(), *annotations = NULL;
	const char *text;
	int result;

	add_text(json, "ociVersion", OCI_VERSION);
	add_text(json, "id", c->id);
	add_text(json, "bundle", c->bundle);
	add_text(json, "rootfs", c->rootfs);
	add_text(json, "created", c->created);
	add_text(json, "cgroup", c->cgroup.path);
	json_object_object_add(json, "pid", json_object_new_int(c->pid));
	json_object_object_add(json, "pidStart", json_object_new_uint64(c->pid_start));
	if (c->json && json_object_object_get_ex(c->json, "annotations", &annotations))
		json_object_object_add(json, "annotations", json_object_get(annotations));
	text = json_object_to_json_string_ext(json, JSON_C_TO_STRING_PLAIN);
	result = write_beside(c, "state.json", text, strlen(text), err);
	json_object_put(c->json);
	c->json = json;
	return result;
}

int state_save_spec(const struct container *c, struct json_object *spec, struct error *err)
{
	const char *text = json_object_to_json_string_ext(spec, JSON_C_TO_STRING_PLAIN);

	return write_beside(c, "config.json", text, strlen(text), err);
}

int state_lock(struct container *c, struct error *err)
{
	char path[4200];
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	struct stat status;
	scoped_fd int fd =
		open(state_path(c, "lock", path, sizeof(path)), O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0)
		return errno == ENOENT ? error_text(err, ENOENT, "container does not exist")
				       : error_set(err, errno, "open %s", path);
	while (fcntl(fd, F_SETLKW, &lock))
		if (errno != EINTR)
			return error_set(err, errno, "lock %s", path);
	if (fstat(fd, &status) || !status.st_nlink)
		return error_text(err, ENOENT, "container does not exist");
	c->lock = steal_fd(&fd);
	return 0;
}

void state_unlock(struct container *c)
{
	fd_close(&c->lock);
}

static void take(const struct json_object *json, const char *key, char *buf, size_t size)
{
	struct json_object *value;

	if (json_object_object_get_ex(json, key, &value))
		snprintf(buf, size, "%s", json_object_get_string(value));
}

static int load(struct container *c, struct error *err)
{
	char path[4200], cgroup[CGROUP_PATH_MAX] = "";
	size_t size;
	struct json_object *value;
	scoped_memory char *text = NULL;
	scoped_fd int fd = -1;

	fd = open(state_path(c, "state.json", path, sizeof(path)), O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? error_text(err, ENOENT, "container does not exist")
				       : error_set(err, errno, "open %s", path);
	text = fd_read_text(fd, STATE_LIMIT, &size, err);
	if (!text || !(c->json = json_from_text(text, size, err)))
		return error_prefix(err, "%s", path);
	take(c->json, "bundle", c->bundle, sizeof(c->bundle));
	take(c->json, "rootfs", c->rootfs, sizeof(c->rootfs));
	take(c->json, "created", c->created, sizeof(c->created));
	take(c->json, "cgroup", cgroup, sizeof(cgroup));
	if (json_object_object_get_ex(c->json, "pid", &value))
		c->pid = json_object_get_int(value);
	if (json_object_object_get_ex(c->json, "pidStart", &value))
		c->pid_start = json_object_get_uint64(value);
	return cgroup[0] ? cgroup_open(&c->cgroup, cgroup, err) : 0;
}

int state_load(const struct globals *g, const char *id, struct container *c, struct error *err)
{
	if (name_container(g, id, c, err))
		return -1;
	if (!load(c, err))
		return 0;
	state_close(c);
	return -1;
}

int state_load_locked(const struct globals *g, const char *id, struct container *c, struct error *err)
{
	if (name_container(g, id, c, err))
		return -1;
	if (!state_lock(c, err) && !load(c, err))
		return 0;
	state_close(c);
	return -1;
}

int state_save_plan(const struct container *c, int plan_fd, struct error *err)
{
	size_t size;
	scoped_memory char *data = NULL;

	if (lseek(plan_fd, 0, SEEK_SET) < 0 || !(data = fd_read_text(plan_fd, PLAN_SIZE_MAX, &size, err)))
		return -1;
	return write_beside(c, "plan", data, size, err);
}

int state_load_plan(struct container *c, struct error *err)
{
	char path[4200];
	size_t size;
	scoped_memory char *data = NULL;
	scoped_fd int fd = open(state_path(c, "plan", path, sizeof(path)), O_RDONLY | O_CLOEXEC);
	scoped_fd int sealed = -1;

	if (fd < 0 || !(data = fd_read_text(fd, PLAN_SIZE_MAX, &size, err)))
		return error_set(err, errno, "open %s", path);
	sealed = fd_memory_sealed("plan", data, size);
	if (sealed < 0)
		return error_set(err, errno, "plan");
	c->plan = plan_map(sealed, err);
	return c->plan ? 0 : -1;
}

void state_close(struct container *c)
{
	json_object_put(c->json);
	c->json = NULL;
	plan_unmap(c->plan);
	c->plan = NULL;
	state_unlock(c);
}

int state_remove(const struct container *c, struct error *err)
{
	DIR *dir = opendir(c->directory);
	struct dirent *entry;

	if (!dir)
		return errno == ENOENT ? 0 : error_set(err, errno, "open %s", c->directory);
	while ((entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			unlinkat(dirfd(dir), entry->d_name, 0);
	closedir(dir);
	return rmdir(c->directory) ? error_set(err, errno, "remove %s", c->directory) : 0;
}

uint64_t process_start(pid_t pid)
{
	char path[32], text[1024], *at;
	unsigned long long start;
	char state;
	ssize_t n;
	scoped_fd int fd = -1;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : fd_read_all(fd, text, sizeof(text) - 1);
	if (n <= 0)
		return 0;
	text[n] = '\0';
	/* The name may hold anything, parentheses too: what counts is behind the last one. */
	at = strrchr(text, ')');
	if (!at ||
	    sscanf(at + 1, " %c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %llu",
		   &state, &start) != 2)
		return 0;
	return state == 'Z' || state == 'X' ? 0 : start;
}

/*
 * Init waits at the fifo until it is started, and then no longer reads from it. The fifo itself may outlive that: a start can be
 * killed before it removes it.
 */
static bool awaits_start(const struct container *c)
{
	char path[4200];
	scoped_fd int fd =
		open(state_path(c, "start", path, sizeof(path)), O_WRONLY | O_NONBLOCK | O_CLOEXEC);

	return fd >= 0;
}

enum container_status state_status(const struct container *c)
{
	struct error ignored;

	if (c->pid <= 0 || process_start(c->pid) != c->pid_start)
		return STATUS_STOPPED;
	if (c->cgroup.path[0] && cgroup_frozen(&c->cgroup, &ignored) == 1)
		return STATUS_PAUSED;
	return awaits_start(c) ? STATUS_CREATED : STATUS_RUNNING;
}

const char *status_name(enum container_status status)
{
	static const char *const names[] = { "created", "running", "paused", "stopped" };

	return names[status];
}

int state_pidfd(const struct container *c, struct error *err)
{
	scoped_fd int fd = c->pid > 0 ? pidfd_open_pid(c->pid) : -1;

	/* Opened first, then compared: the number cannot have changed hands in between. */
	if (fd < 0 || process_start(c->pid) != c->pid_start)
		return error_text(err, ESRCH, "container not running");
	return steal_fd(&fd);
}

struct json_object *state_document(const struct container *c)
{
	enum container_status status = state_status(c);
	struct json_object *json = json_object_new_object(), *annotations;

	add_text(json, "ociVersion", OCI_VERSION);
	add_text(json, "id", c->id);
	json_object_object_add(json, "pid", json_object_new_int(status == STATUS_STOPPED ? 0 : c->pid));
	add_text(json, "status", status_name(status));
	add_text(json, "bundle", c->bundle);
	add_text(json, "rootfs", c->rootfs);
	add_text(json, "created", c->created);
	if (json_object_object_get_ex(c->json, "annotations", &annotations))
		json_object_object_add(json, "annotations", json_object_get(annotations));
	add_text(json, "owner", "");
	return json;
}
