/* archive.*: runs the confined program that copies files into containers and out of them. native/archive/main.c has its side. */
#include <errno.h>
#include <fcntl.h>
#include <json-c/json_tokener.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../lib/fd.h"
#include "../lib/kernel.h"
#include "executor.h"
#include "program.h"
#include "resolve.h"
#include "rootfs.h"
#include "shim-call.h"
#include "sources.h"
#include "tree.h"

#define MOUNTS_MOST 200
#define RESULT_BYTES 65536
#define HELLO_MS 5000
/* Descriptors of the program: native/archive/main.c. */
#define FIRST_MOUNT_FD 5

struct copying {
	int root, params, result[2], stdin_fd;
	int mounts[MOUNTS_MOST];
	unsigned mount_count;
	char *work; /* directory of this overlay alone, made here */
	pid_t pid;
};

/* What an overlay left in its work directory. */
static void remove_work(struct copying *c)
{
	char *slash = c->work ? strrchr(c->work, '/') : NULL;
	struct error err;
	int parent;

	if (!slash)
		return;
	*slash = '\0';
	parent = open(c->work, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (parent >= 0 && tree_remove(parent, slash + 1, NULL, NULL, &err))
		fprintf(stderr, "berth-executor: %s/%s stays: %s\n", c->work, slash + 1, err.message);
	fd_close(&parent);
	free(c->work);
	c->work = NULL;
}

static void close_all(struct copying *c)
{
	remove_work(c);
	fd_close(&c->root);
	fd_close(&c->params);
	fd_close(&c->result[0]);
	fd_close(&c->result[1]);
	fd_close(&c->stdin_fd);
	while (c->mount_count > 0)
		close(c->mounts[--c->mount_count]);
}

/*
 * The mount namespace of a running container. Its shim, the parent of the process, says that the process still is what it was when
 * the namespace was opened: a number that had been given to another process would lead to the files of the host.
 */
static int open_namespace(struct json_object *running, struct error *err)
{
	const char *socket = field_string(running, "socket");
	char path[64], answer[512], text[32] = "", state[32] = "";
	int64_t pid = field_int(running, "pid");
	scoped_fd int ns = -1;

	if (!socket || pid <= 0)
		return error_text(err, EINVAL, "socket and pid are needed");
	snprintf(path, sizeof(path), "/proc/%lld/ns/mnt", (long long)pid);
	ns = open(path, O_RDONLY | O_CLOEXEC);
	if (ns < 0)
		return error_set(err, errno == ENOENT ? ESRCH : errno, "open the mount namespace of the container");
	if (shim_call(socket, "hello", NULL, 0, HELLO_MS, answer, sizeof(answer), err))
		return -1;
	if (shim_value(answer, "pid", text, sizeof(text)) || shim_value(answer, "state", state, sizeof(state)) ||
	    atoll(text) != pid || (strcmp(state, "running") != 0 && strcmp(state, "paused") != 0))
		return error_set(err, ESRCH, "the container does not run");
	return steal_fd(&ns);
}

/* Copies of what the container mounts, in the order given. What is not there is left out, in the parameters, too. */
static int open_mounts(struct request *r, struct copying *c, struct error *err)
{
	struct json_object *asked = field_array(r->params, "mounts"), *opened = json_object_new_array();
	size_t count = asked ? json_object_array_length(asked) : 0;

	for (size_t i = 0; i < count; i++) {
		struct json_object *m = json_object_array_get_idx(asked, i);
		struct json_object *careful = field_object(m, "source");
		const char *source = field_string(m, "source");
		int fd = -1;

		if (c->mount_count == MOUNTS_MOST || (!careful && (!source || source[0] != '/')) || !field_string(m, "target")) {
			json_object_put(opened);
			return error_text(err, EINVAL, "a mount cannot be understood, or there are too many");
		}
		if (careful && (fd = source_open(careful, err)) < 0) {
			json_object_put(opened);
			return -1;
		}
		if (!careful)
			fd = k_open_tree(AT_FDCWD, source, K_OPEN_TREE_CLONE | (field_bool(m, "recursive") ? AT_RECURSIVE : 0));
		if (fd < 0 && errno == ENOENT)
			continue;
		/* From here on nothing that is mounted or unmounted spreads, either way. */
		if (fd < 0 || k_mount_setattr(fd, AT_RECURSIVE, 0, 0, MS_PRIVATE, -1)) {
			error_set(err, errno, "open %.300s", source ? source : field_string(m, "target"));
			fd_close(&fd);
			json_object_put(opened);
			return -1;
		}
		c->mounts[c->mount_count++] = fd;
		json_object_array_add(opened, json_object_get(m));
	}
	json_object_object_add(r->params, "mounts", opened);
	return 0;
}

/*
 * A writing overlay clears its work directory when it is made. The container may be started, or another archive unpacked, while this
 * one lasts: the daemon gives each a directory of its own. It chose the name, so it can remove what this process does not live to.
 */
static int make_work(struct json_object *rootfs, struct copying *c, struct error *err)
{
	const char *work = field_string(rootfs, "work");

	if (!work)
		return 0;
	if (mkdir(work, 0700))
		return error_set(err, errno, "make a work directory");
	c->work = strdup(work);
	if (c->work)
		return 0;
	rmdir(work);
	return error_text(err, ENOMEM, "no memory");
}

static int open_root(struct request *r, struct copying *c, enum rootfs_use use, struct error *err)
{
	struct json_object *running = field_object(r->params, "running");
	bool is_mount;

	json_object_object_add(r->params, "namespace", json_object_new_boolean(running != NULL));
	/* Places can only be made where the container itself would write. */
	if (field_bool(r->params, "makePlaces"))
		use = ROOTFS_WRITE;
	if (!running && use == ROOTFS_WRITE && make_work(field_object(r->params, "rootfs"), c, err))
		return -1;
	return running ? open_namespace(running, err) : rootfs_open(field_object(r->params, "rootfs"), use, &is_mount, err);
}

/* Who owns what is copied in: numbers for the program. */
static int find_owner(struct request *r, struct error *err)
{
	bool is_mount;
	scoped_fd int root = -1;
	struct user user;

	if (!user_named(r->params))
		return 0;
	root = rootfs_open(field_object(r->params, "rootfs"), ROOTFS_LOOK, &is_mount, err);
	if (root < 0 || resolve_user(root, r->params, &user, err))
		return -1;
	json_object_object_add(r->params, "owned", json_object_new_boolean(1));
	put_int(r->params, "uid", user.uid);
	put_int(r->params, "gid", user.gid);
	return 0;
}

static int spawn(struct request *r, struct copying *c, const char *mode, struct error *err)
{
	struct spawn_fd fds[FIRST_MOUNT_FD - 1 + MOUNTS_MOST] = {
		{ c->stdin_fd, 0 }, { -1, 1 }, { -1, 3 }, { c->root, 4 },
	};
	const char *text;
	char *argv[] = { (char *)"berth-archive", (char *)mode, NULL };
	size_t size;

	/* Out of a container files go with the owners they have on disk, as by dockerd. */
	if (r->executor->uid_map && strcmp(mode, "get") != 0 && strcmp(mode, "stat") != 0) {
		put_string(r->params, "uids", r->executor->uid_map);
		put_string(r->params, "gids", r->executor->gid_map);
	}
	text = json_object_to_json_string_length(r->params, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &size);
	c->params = text ? fd_memory_sealed("archive", text, size) : -1;
	if (c->params < 0 || pipe2(c->result, O_CLOEXEC))
		return error_set(err, errno, "start the copying");
	fds[1].from = c->result[1];
	fds[2].from = c->params;
	for (unsigned i = 0; i < c->mount_count; i++)
		fds[FIRST_MOUNT_FD - 1 + i] = (struct spawn_fd){ c->mounts[i], FIRST_MOUNT_FD + (int)i };
	if (spawn_program(r->executor->programs.archive, argv, fds, FIRST_MOUNT_FD - 1 + c->mount_count, false, &c->pid, err))
		return -1;
	/* The connection and the file systems are the program's alone now. */
	fd_close(&c->result[1]);
	fd_close(&c->root);
	fd_close(&c->stdin_fd);
	fd_close(&r->fd);
	while (c->mount_count > 0)
		close(c->mounts[--c->mount_count]);
	return 0;
}

/*
 * Reads the program's line; kills it when the daemon has lost interest. Its end is not waited for: that of its mounts may take a
 * while, and nobody needs it.
 */
static void read_result(struct request *r, struct copying *c, char *text)
{
	struct pollfd p[] = { { .fd = c->result[0], .events = POLLIN }, { .fd = r->cancel, .events = POLLIN } };
	size_t len = 0;

	while (len < RESULT_BYTES - 1) {
		ssize_t n;

		if (poll(p, 2, -1) < 0)
			continue;
		if (p[1].revents) {
			kill(c->pid, SIGKILL);
			p[1].fd = -1;
		}
		if (!p[0].revents)
			continue;
		n = read(c->result[0], text + len, RESULT_BYTES - 1 - len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		len += (size_t)n;
		if (text[len - 1] == '\n')
			break;
	}
	text[len] = '\0';
}

/* The program reads what nobody has checked, and so its words are checked: only these fields pass. */
static void pass_on(struct request *r, struct json_object *said)
{
	static const char *const texts[] = { "stat", "diffId" };
	struct json_object *error = field_object(said, "error"), *answer;

	if (error) {
		struct error err = { .code = (int)field_int(error, "errno") };
		const char *message = field_string(error, "message"), *stage = field_string(error, "stage");
		const char *kind = field_string(error, "kind");

		snprintf(err.message, sizeof(err.message), "%s", message ? message : "the files cannot be copied");
		snprintf(err.stage, sizeof(err.stage), "%s", stage ? stage : "archive");
		request_refuse(r, kind ? kind : "internal", &err);
		return;
	}
	if (!said) {
		struct error err = { 0 };

		/* How far it had come is not known: nothing can be answered any more on a connection that it had. */
		error_text(&err, 0, "the copying ended without a result");
		error_stage(&err, "stream");
		request_refuse(r, "internal", &err);
		return;
	}
	answer = json_object_new_object();
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		if (field_string(said, texts[i]))
			put_string(answer, texts[i], field_string(said, texts[i]));
	put_int(answer, "sizeBytes", field_int(said, "sizeBytes"));
	request_answer(r, answer);
}

static void carry_out(struct request *r, struct copying *c, const char *mode, struct error *err)
{
	struct json_object *said;
	scoped_memory char *text = malloc(RESULT_BYTES);

	if (!text) {
		error_text(err, ENOMEM, "no memory");
		request_refuse(r, NULL, err);
	} else if (spawn(r, c, mode, err)) {
		request_refuse(r, "internal", err);
	} else {
		read_result(r, c, text);
		said = json_tokener_parse(text);
		if (request_cancelled(r))
			request_fail(r, "cancelled", ECANCELED, "cancelled");
		else
			pass_on(r, said);
		json_object_put(said);
		(void)spawn_collect(c->pid);
	}
	close_all(c);
}

static void copy_files(struct request *r, const char *mode, enum rootfs_use use, bool needs_client)
{
	struct copying c = { .root = -1, .params = -1, .result = { -1, -1 }, .stdin_fd = -1 };
	struct error err = { 0 };

	c.stdin_fd = needs_client ? fcntl(r->fd, F_DUPFD_CLOEXEC, 3) : open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (c.stdin_fd < 0) {
		close_all(&c);
		request_fail(r, "invalid-argument", EINVAL, "a descriptor is needed");
		return;
	}
	c.root = find_owner(r, &err) ? -1 : open_root(r, &c, use, &err);
	if (c.root < 0 || open_mounts(r, &c, &err)) {
		close_all(&c);
		request_refuse(r, "internal", &err);
		return;
	}
	carry_out(r, &c, mode, &err);
}

void op_archive_stat(struct request *r)
{
	copy_files(r, "stat", ROOTFS_LOOK, false);
}

void op_archive_get(struct request *r)
{
	copy_files(r, "get", ROOTFS_LOOK, true);
}

void op_archive_put(struct request *r)
{
	copy_files(r, "put", ROOTFS_WRITE, true);
}

void op_container_export(struct request *r)
{
	copy_files(r, "export", ROOTFS_LOOK, true);
}

/* The upper directory as it is: what an overlay keeps in it becomes the marks of a layer. */
static int open_upper(struct request *r, struct error *err)
{
	struct json_object *rootfs = field_object(r->params, "rootfs");
	const char *upper = rootfs ? field_string(rootfs, "upper") : NULL;
	int fd = upper ? k_open_tree(AT_FDCWD, upper, K_OPEN_TREE_CLONE) : -1;

	if (!upper)
		return error_text(err, EINVAL, "an overlay with an upper directory is needed");
	return fd < 0 ? error_set(err, errno, "open %s", upper) : fd;
}

void op_layer_diff(struct request *r)
{
	struct copying c = { .root = -1, .params = -1, .result = { -1, -1 }, .stdin_fd = -1 };
	const char *path = field_string(r->params, "path");
	struct error err = { 0 };

	if (!path || path[0] != '/') {
		request_fail(r, "invalid-argument", EINVAL, "the path must be absolute");
		return;
	}
	c.stdin_fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (c.stdin_fd < 0)
		error_set(&err, errno, "open %s", path);
	else
		c.root = open_upper(r, &err);
	if (c.root < 0) {
		close_all(&c);
		request_refuse(r, "internal", &err);
		return;
	}
	/* The program knows nothing of where things are. */
	json_object_object_del(r->params, "path");
	carry_out(r, &c, "layer", &err);
}
