/* SPDX-License-Identifier: Apache-2.0 */
/*
 * berth-archive: files into a container and out of it, shut in.
 *
 *     berth-archive stat|get|put|export|layer
 *
 * Descriptors: 0 the client's connection (the new file of a layer), 1 for the result, 2 the log, 3 what is asked for as JSON (README.md),
 * 4 the root filesystem (a detached mount) or the mount namespace of a running container, 5 and on its mounts. The result is one
 * line of JSON, an error as that of berth-unpack and with exit status 1.
 */
#include <errno.h>
#include <fcntl.h>
#include <json.h>
#include <locale.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "fd.h"
#include "go-path.h"
#include "path-stat.h"
#include "put.h"
#include "send.h"
#include "tar-tree.h"
#include "task.h"
#include "view.h"

#define PARAMS_FD 3
#define ROOT_FD 4
#define MOUNTS_FD 5
#define MOUNTS_MOST 200
#define PARAMS_MOST (1u << 20)
/* A tree may be deep, and costs a descriptor a level. */
#define OPEN_FILES 16384

static void put_result(struct task *t, const char *name, const char *value)
{
	json_object_object_add(t->result, name, json_object_new_string(value));
}

static int run_stat(struct task *t, struct error *err)
{
	scoped_fd int fd = path_open(t->root, t->path, err);
	scoped_memory char *stat = fd < 0 ? NULL : path_stat(t->root, fd, t->path, err);

	if (!stat)
		return -1;
	put_result(t, "stat", stat);
	return 0;
}

/* The answer's head, with the words "{stat}" in it replaced. */
static int put_head(struct task *t, struct sender *to, const char *stat, struct error *err)
{
	const char *head = task_text(t, "head"), *gap = head ? strstr(head, "{stat}") : NULL;
	scoped_memory char *whole = NULL;

	if (!head)
		return 0;
	if (asprintf(&whole, "%.*s%s%s", gap ? (int)(gap - head) : (int)strlen(head), head, gap ? stat : "", gap ? gap + 6 : "") < 0)
		return error_set(err, ENOMEM, "tar");
	return sender_head(to, whole, strlen(whole), err);
}

static struct sender *open_sender(struct task *t, bool digest, struct error *err)
{
	const char *framing = task_text(t, "framing");
	struct sender *to = sender_new(&(struct sender_options){
		.fd = STDIN_FILENO,
		.chunked = framing && strcmp(framing, "chunked") == 0,
		.stall_ms = t->stall_ms,
		.digest = digest,
	});

	if (!to)
		error_set(err, ENOMEM, "tar");
	return to;
}

static int finish(struct task *t, const struct tar_tree *tree, int result, struct error *err)
{
	if (result == 0)
		result = tar_tree_end(tree, err);
	if (result == 0)
		result = sender_end(tree->to, err);
	t->began = sender_began(tree->to);
	return result;
}

static int send_path(struct task *t, struct tar_tree *tree, const char *path, int fd, struct error *err)
{
	char base[GO_PATH_CAP + 2], above[GO_PATH_CAP + 2];
	struct stat st;

	go_base(path, base, sizeof(base));
	tree->prefix = strcmp(base, "/") == 0 ? "" : base;
	if (fstat(fd, &st) < 0)
		return error_set(err, errno, "lstat %s", path);
	bool is_dir = S_ISDIR(st.st_mode);
	snprintf(above, sizeof(above), "%s", path);
	if (!is_dir)
		strrchr(above, '/')[1] = '\0';
	scoped_fd int dir = fd_open_in_root(t->root, above, O_RDONLY | O_DIRECTORY, 0);
	if (dir < 0)
		return error_set(err, errno, "open %s", above);
	return is_dir ? tar_tree_dir(tree, dir, err) : tar_tree_one(tree, dir, base, err);
}

static int run_get(struct task *t, struct error *err)
{
	char path[GO_PATH_CAP];

	if (go_absolute(t->path, path, sizeof(path)) < 0)
		return error_set(err, ENAMETOOLONG, "lstat %.200s", t->path);
	scoped_fd int fd = path_open(t->root, path, err);
	scoped_memory char *stat = fd < 0 ? NULL : path_stat(t->root, fd, path, err);
	struct sender *to = stat ? open_sender(t, false, err) : NULL;
	if (!to)
		return -1;
	struct tar_tree tree = {.to = to};
	int result = put_head(t, to, stat, err);
	if (result == 0)
		result = send_path(t, &tree, path, fd, err);
	result = finish(t, &tree, result, err);
	sender_free(to);
	return result;
}

static int run_export(struct task *t, struct error *err)
{
	struct sender *to = open_sender(t, false, err);

	if (!to)
		return -1;
	struct tar_tree tree = {.to = to, .maps = &t->maps};
	int result = put_head(t, to, "", err);
	if (result == 0)
		result = tar_tree_dir(&tree, t->root, err);
	result = finish(t, &tree, result, err);
	sender_free(to);
	return result;
}

static int run_layer(struct task *t, struct error *err)
{
	char digest[80];
	struct sender *to = open_sender(t, true, err);

	if (!to)
		return -1;
	struct tar_tree tree = {.to = to, .layer = true, .maps = &t->maps};
	int result = finish(t, &tree, tar_tree_dir(&tree, t->root, err), err);
	if (result == 0)
		result = sender_digest(to, digest, err);
	if (result == 0 && fsync(STDIN_FILENO) < 0)
		result = error_set(err, errno, "sync");
	if (result == 0) {
		put_result(t, "diffId", digest);
		json_object_object_add(t->result, "sizeBytes", json_object_new_int64((int64_t)sender_bytes(to)));
	}
	sender_free(to);
	return result;
}

static int mount_of(int fd, uint64_t *id, struct error *err)
{
	struct statx st;

	if (statx(fd, "", AT_EMPTY_PATH, STATX_MNT_ID, &st) < 0)
		return error_set(err, errno, "statx");
	*id = st.stx_mnt_id;
	return 0;
}

/* What may not be written to is told before a byte is read. */
static int check_writable(struct task *t, int dir, struct error *err)
{
	uint64_t root = 0, here = 0;
	struct statvfs fs;

	if (mount_of(t->root, &root, err) < 0 || mount_of(dir, &here, err) < 0)
		return -1;
	if (root == here)
		return task_flag(t, "readonlyRootfs") ? error_text(err, EROFS, "container rootfs is marked read-only") : 0;
	if (fstatvfs(dir, &fs) < 0)
		return error_set(err, errno, "statfs");
	return fs.f_flag & ST_RDONLY ? error_text(err, EROFS, "mounted volume is marked read-only") : 0;
}

/* The directory to unpack into, all links followed, with its path. */
static int open_target(struct task *t, char *path, struct error *err)
{
	char given[GO_PATH_CAP + 1], clean[GO_PATH_CAP];
	struct stat st;

	if (strlen(t->path) >= GO_PATH_CAP)
		return error_set(err, ENAMETOOLONG, "lstat %.200s", t->path);
	snprintf(given, sizeof(given), "/%s", t->path);
	if (go_clean(given, clean, sizeof(clean)) < 0)
		return error_set(err, ENAMETOOLONG, "lstat %.200s", t->path);
	scoped_fd int fd = fd_open_in_root(t->root, clean, O_PATH, 0);
	if (fd < 0 || fstat(fd, &st) < 0)
		return error_set(err, errno, "lstat %s", clean);
	if (!S_ISDIR(st.st_mode)) {
		error_text(err, EINVAL, "extraction point is not a directory");
		return -1;
	}
	int dir = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0 || fchdir(dir) < 0 || !getcwd(path, GO_PATH_CAP)) {
		error_set(err, errno, "open %s", clean);
		if (dir >= 0)
			close(dir);
		return -1;
	}
	return dir;
}

static int run_put(struct task *t, struct error *err)
{
	char path[GO_PATH_CAP];
	scoped_fd int dir = open_target(t, path, err);

	if (dir < 0 || check_writable(t, dir, err) < 0)
		return -1;
	struct put put = {
		.dir = dir,
		.path = path,
		.keep_kind = task_flag(t, "keepKind"),
		.owned = task_flag(t, "owned"),
		.uid = (uid_t)task_number(t, "uid"),
		.gid = (gid_t)task_number(t, "gid"),
		.maps = &t->maps,
	};
	return receive_archive(t, &put, err);
}

static const struct mode {
	const char *name;
	int (*run)(struct task *t, struct error *err);
	bool writes;
} modes[] = {
	{"stat", run_stat, false}, {"get", run_get, false},	{"put", run_put, true},
	{"export", run_export, false}, {"layer", run_layer, false},
};

static const struct mode *mode_of(const char *name)
{
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		if (strcmp(modes[i].name, name) == 0)
			return &modes[i];
	return NULL;
}

/* The daemon's words for what is the client's mistake; what is missing is another matter than what fails. */
static const char *kind_of(const struct error *err)
{
	switch (err->code) {
	case ENOENT:
		return "not-found";
	case EROFS:
		return strstr(err->message, "is marked read-only") ? "invalid-argument" : "internal";
	case EINVAL:
		return strcmp(err->message, "extraction point is not a directory") == 0 ? "invalid-argument" : "internal";
	default:
		return "internal";
	}
}

static void print_line(struct json_object *object)
{
	puts(json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
	fflush(stdout);
}

static int print_error(const struct task *t, struct error *err)
{
	struct json_object *line = json_object_new_object(), *error = json_object_new_object();

	/* Names in a message come from the archive; JSON must be UTF-8. */
	if (mbstowcs(NULL, err->message, 0) == (size_t)-1)
		for (char *c = err->message; *c; c++)
			if ((unsigned char)*c >= 0x80)
				*c = '?';
	json_object_object_add(error, "kind", json_object_new_string(kind_of(err)));
	json_object_object_add(error, "errno", json_object_new_int(err->code));
	json_object_object_add(error, "stage", json_object_new_string(t->began ? "stream" : "archive"));
	json_object_object_add(error, "message", json_object_new_string(err->message));
	json_object_object_add(line, "error", error);
	print_line(line);
	return 1;
}

static int read_params(struct task *t, struct error *err)
{
	size_t size;
	scoped_memory char *text = fd_read_text(PARAMS_FD, PARAMS_MOST, &size, err);

	if (!text)
		return -1;
	t->params = json_tokener_parse(text);
	if (!json_object_is_type(t->params, json_type_object))
		return error_text(err, EPROTO, "the parameters are not an object");
	if (idmap_parse(task_text(t, "uids"), &t->maps.uids, err) < 0 || idmap_parse(task_text(t, "gids"), &t->maps.gids, err) < 0)
		return -1;
	t->path = task_text(t, "path") ? task_text(t, "path") : "/";
	t->stall_ms = task_number(t, "stallMs") > 0 ? (int)task_number(t, "stallMs") : -1;
	return 0;
}

static int enter(struct task *t, bool readonly, struct error *err)
{
	static struct view_mount mounts[MOUNTS_MOST];
	struct json_object *list = task_field(t, "mounts");
	size_t count = json_object_is_type(list, json_type_array) ? json_object_array_length(list) : 0;
	struct view view = {.root = ROOT_FD, .namespace = task_flag(t, "namespace"), .readonly = readonly, .mounts = mounts};

	view.make_places = task_flag(t, "makePlaces");

	if (count > MOUNTS_MOST)
		return error_text(err, E2BIG, "more than %d mounts", MOUNTS_MOST);
	for (size_t i = 0; i < count; i++) {
		struct json_object *m = json_object_array_get_idx(list, i), *target = NULL, *ro = NULL;
		json_object_object_get_ex(m, "target", &target);
		json_object_object_get_ex(m, "readonly", &ro);
		mounts[i] = (struct view_mount){MOUNTS_FD + (int)i, json_object_get_string(target), json_object_get_boolean(ro)};
	}
	view.mount_count = (unsigned)count;
	for (int fd = PARAMS_FD; fd < MOUNTS_FD + (int)count; fd++)
		fcntl(fd, F_SETFD, FD_CLOEXEC);
	t->root = view_enter(&view, err);
	return t->root < 0 ? -1 : 0;
}

int main(int argc, char **argv)
{
	const struct mode *mode = argc == 2 ? mode_of(argv[1]) : NULL;
	static struct task t = {.root = -1};
	struct rlimit files = {OPEN_FILES, OPEN_FILES};
	struct sched_param batch = {0};
	struct error err = {0};
	int status = 0;

	t.result = json_object_new_object();
	if (!mode) {
		fprintf(stderr, "usage: berth-archive stat|get|put|export|layer\n");
		return 2;
	}
	/* PAX names are UTF-8, and libarchive takes them through the locale. */
	setlocale(LC_CTYPE, "C.UTF-8");
	signal(SIGPIPE, SIG_IGN);
	(void)setrlimit(RLIMIT_NOFILE, &files);
	/* Whoever fills a buffer or empties it may go on until that is done: on a busy machine each change of turns costs a turn of others. */
	(void)sched_setscheduler(0, SCHED_BATCH, &batch);
	if (read_params(&t, &err) < 0 || enter(&t, !mode->writes, &err) < 0 || mode->run(&t, &err) < 0)
		status = print_error(&t, &err);
	else
		print_line(t.result);
	_exit(status);
}
