/*
 * Containers of another OCI runtime (runc, crun, runsc) through its command line. The shim is the subreaper,
 * so init becomes its child when `create` has returned. An exec's descriptor holds the OCI process object as
 * JSON; it is made when it is started, for `exec` knows no two steps. Source: runc's command line, which crun
 * and runsc follow; OCI runtime-spec, lifecycle.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "checkpointing.h"
#include "criu.h"
#include "ending.h"
#include "fd.h"
#include "oci-command.h"
#include "oci-console.h"
#include "process.h"

/* Makes pipes for the streams: our ends in c->ours, the program's in theirs. Returns 0, or -1 with errno. */
static int pipes_open(struct oci_command *c, struct command_fds *theirs, bool with_stdin)
{
	int in[2] = { -1, -1 }, out[2], err[2];
	*theirs = (struct command_fds){ -1, -1, -1 };
	if (with_stdin && pipe2(in, O_CLOEXEC))
		return -1;
	theirs->in = in[0];
	c->ours.in = in[1];
	if (io_output_pipe(out))
		return -1;
	theirs->out = out[1];
	c->ours.out = out[0];
	if (io_output_pipe(err))
		return -1;
	theirs->err = err[1];
	c->ours.err = err[0];
	return 0;
}

static pid_t pid_read(const struct oci_command *c)
{
	char text[32] = "";
	int fd = open(c->pid_file, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (fd >= 0)
		close(fd);
	return n > 0 ? (pid_t)strtol(text, NULL, 10) : 0;
}

/* The process exists: takes its streams and watches it. Returns 0, or -1 with err set. */
static int adopt(struct oci_command *c, struct error *err)
{
	struct process *p = c->process;
	pid_t pid = pid_read(c);
	if (p->tty) {
		c->ours.out = oci_console_receive(c);
		c->ours.in = c->ours.out < 0 ? -1 : fcntl(c->ours.out, F_DUPFD_CLOEXEC, 0);
	}
	if (pid <= 0 || c->ours.out < 0)
		return error_text(err, EPROTO, "%s gave no %s", c->shim->params.runtime,
				  pid <= 0 ? "pid" : "terminal");
	struct io_fds fds = c->ours;
	c->ours = (struct io_fds){ -1, -1, -1 };
	if (process_watch(p, pid, err)) {
		io_fds_close(&fds);
		return -1;
	}
	return process_streams(p, &fds, err);
}

/* runc names CRIU's log, which is about to go; what is in it is what helps. */
static void add_criu_errors(const struct shim *shim, const char *log, struct error *err)
{
	struct error why = { 0 };
	scoped_fd int directory = open(shim->params.state_directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (directory < 0 || !criu_log_errors(directory, log, &why))
		return;
	err->message[strcspn(err->message, "\n")] = '\0';
	size_t used = strlen(err->message);
	snprintf(err->message + used, sizeof(err->message) - used, ": %s", why.message);
}

static void made(struct oci_command *c, struct error *err)
{
	struct error failed = { 0 };
	struct process *p = c->process;
	if (!p)
		return;
	if (!err && adopt(c, &failed))
		err = &failed;
	else if (err && !p->id && p->shim->params.restore)
		add_criu_errors(p->shim, "restore.log", err);
	p->launch = NULL;
	c->process = NULL;
	if (p->id)
		process_started(p, err);
	else
		process_made(p, err);
}

/*
 * Of a container with mapped ids. crun gives whatever its streams are to the container's root, and the host's null device must not
 * be that: what is not needed is an empty file instead. Returns 0, or -1 with errno.
 */
static int fill_streams(struct command_fds *theirs)
{
	int *fds[] = { &theirs->in, &theirs->out, &theirs->err };
	for (unsigned i = 0; i < sizeof(fds) / sizeof(fds[0]); i++)
		if (*fds[i] < 0 && (*fds[i] = fd_memory_sealed("null", "", 0)) < 0)
			return -1;
	return 0;
}

/* `create` or `exec` with streams; the words up to and with the command's name are there. */
static void run_with_streams(struct oci_command *c, struct process *p, const char *last)
{
	struct command_fds theirs = { -1, -1, -1 };
	c->process = p;
	p->launch = c;
	oci_file(c, c->pid_file, "pid");
	oci_word(c, "--pid-file");
	oci_word(c, c->pid_file);
	int failed = p->tty ? oci_console_open(c) : pipes_open(c, &theirs, p->has_stdin);
	io_own_pipes((const int[]){ theirs.in, theirs.out, theirs.err }, c->shim->params.owner, c->shim->params.group);
	if (!failed && c->shim->params.owner)
		failed = fill_streams(&theirs);
	oci_word(c, last);
	if (failed)
		oci_failed(c, errno, "stdio");
	else
		oci_run(c, &theirs);
	fd_close(&theirs.in);
	fd_close(&theirs.out);
	fd_close(&theirs.err);
}

/* From a checkpoint it runs from here on: `restore` knows no two steps. */
static void restore_words(struct oci_command *c)
{
	c->criu = c->shim->params.criu;
	oci_word(c, "--detach");
	oci_word(c, "--file-locks");
	oci_word(c, "--image-path");
	oci_word(c, c->shim->params.restore);
	oci_word(c, "--work-path");
	oci_word(c, c->shim->params.state_directory);
}

static void oci_make(struct process *p)
{
	if (p->id) {
		process_made(p, NULL);
		return;
	}
	bool restore = p->shim->params.restore != NULL;
	struct oci_command *c = oci_command_make(p->shim, restore ? "restore" : "create", made);
	if (!c) {
		struct error err = { 0 };
		error_text(&err, ENOMEM, "no memory");
		process_made(p, &err);
		return;
	}
	oci_word(c, "--bundle");
	oci_word(c, p->shim->params.bundle);
	if (restore)
		restore_words(c);
	run_with_streams(c, p, p->shim->params.id);
}

static void started(struct oci_command *c, struct error *err)
{
	process_started(&c->shim->init, err);
}

static void oci_start(struct process *p)
{
	if (!p->id && p->shim->params.restore) {
		process_started(p, NULL);
		return;
	}
	struct oci_command *c = oci_command_make(p->shim, p->id ? "exec" : "start", p->id ? made : started);
	if (!c) {
		struct error err = { 0 };
		error_text(&err, ENOMEM, "no memory");
		process_started(p, &err);
		return;
	}
	if (!p->id) {
		oci_run_on_container(c);
		return;
	}
	oci_word(c, "--detach");
	if (p->tty)
		oci_word(c, "--tty");
	snprintf(c->plan_path, sizeof(c->plan_path), "/proc/%d/fd/%d", getpid(),
		 p->object >= 0 ? p->object : p->plan);
	oci_word(c, "--process");
	oci_word(c, c->plan_path);
	run_with_streams(c, p, p->shim->params.id);
}

static void oci_release(struct process *p)
{
	struct oci_command *c = p->launch;
	if (c)
		c->process = NULL;
	p->launch = NULL;
}

static void answered(struct oci_command *c, struct error *err)
{
	if (err)
		reply_error(&c->reply, err->code, err->stage, err->message);
	else
		reply_done(&c->reply);
}

static void oci_kill_all(struct shim *shim, int signal, const struct reply *reply)
{
	static const char *const numbers[] = {
		"0",  "1",  "2",  "3",  "4",  "5",  "6",  "7",  "8",  "9",  "10", "11", "12",
		"13", "14", "15", "16", "17", "18", "19", "20", "21", "22", "23", "24", "25",
		"26", "27", "28", "29", "30", "31", "32", "33", "34", "35", "36", "37", "38",
		"39", "40", "41", "42", "43", "44", "45", "46", "47", "48", "49", "50", "51",
		"52", "53", "54", "55", "56", "57", "58", "59", "60", "61", "62", "63", "64",
	};
	static const struct command_fds none = { -1, -1, -1 };
	struct oci_command *c = oci_command_make(shim, "kill", answered);
	if (!c) {
		reply_error(reply, ENOMEM, "kill", "no memory");
		return;
	}
	c->reply = *reply;
	oci_word(c, "--all");
	oci_word(c, shim->params.id);
	oci_word(c, numbers[signal]);
	oci_run(c, &none);
}

static void frozen(struct oci_command *c, struct error *err)
{
	c->shim->freezing = false;
	if (!err && c->shim->state != SHIM_STOPPED)
		c->shim->state = c->frozen ? SHIM_PAUSED : SHIM_RUNNING;
	answered(c, err);
}

static void oci_freeze(struct shim *shim, bool freeze, const struct reply *reply)
{
	struct oci_command *c = oci_command_make(shim, freeze ? "pause" : "resume", frozen);
	if (!c) {
		reply_error(reply, ENOMEM, "freeze", "no memory");
		return;
	}
	c->reply = *reply;
	c->frozen = freeze;
	shim->freezing = true;
	oci_run_on_container(c);
}

/* The sources of mounts that the executor opened are in <bundle>/mounts. */
static void sources_unmount(const struct shim *shim)
{
	char path[PATH_MAX];
	struct dirent *entry;
	if (snprintf(path, sizeof(path), "%s/mounts", shim->params.bundle) >= PATH_MAX)
		return;
	DIR *directory = opendir(path);
	while (directory && (entry = readdir(directory))) {
		int n = snprintf(path, sizeof(path), "%s/mounts/%s", shim->params.bundle, entry->d_name);
		if (n < PATH_MAX && entry->d_name[0] != '.')
			umount2(path, MNT_DETACH | UMOUNT_NOFOLLOW);
	}
	if (directory)
		closedir(directory);
}

static void oci_update(struct shim *shim, int fd, const struct reply *reply)
{
	struct oci_command *c = oci_command_make(shim, "update", answered);
	if (!c) {
		close(fd);
		reply_error(reply, ENOMEM, "update", "no memory");
		return;
	}
	c->reply = *reply;
	c->resources = fd;
	snprintf(c->plan_path, sizeof(c->plan_path), "/proc/%d/fd/%d", getpid(), fd);
	oci_word(c, "--resources");
	oci_word(c, c->plan_path);
	oci_run_on_container(c);
}

static void written_down(struct oci_command *c, struct error *err)
{
	if (err)
		add_criu_errors(c->shim, "dump.log", err);
	checkpoint_ended(c->shim, err);
}

static void oci_checkpoint(struct shim *shim)
{
	struct oci_command *c = oci_command_make(shim, "checkpoint", written_down);
	if (!c) {
		struct error err = { 0 };
		error_text(&err, ENOMEM, "no memory");
		checkpoint_ended(shim, &err);
		return;
	}
	c->criu = shim->checkpoint.criu;
	oci_word(c, "--image-path");
	oci_word(c, shim->checkpoint.directory);
	oci_word(c, "--work-path");
	oci_word(c, shim->params.state_directory);
	oci_word(c, "--file-locks");
	if (!shim->checkpoint.exit)
		oci_word(c, "--leave-running");
	oci_run_on_container(c);
}

/* The executor mounts root file system and network namespace of another runtime's container in the bundle. */
static void bundle_unmount(const struct shim *shim)
{
	static const char *const names[] = { "netns", "rootfs" };
	char path[PATH_MAX];
	sources_unmount(shim);
	for (unsigned i = 0; i < sizeof(names) / sizeof(*names); i++) {
		int n = snprintf(path, sizeof(path), "%s/%s", shim->params.bundle, names[i]);
		if (n < PATH_MAX)
			umount2(path, MNT_DETACH | UMOUNT_NOFOLLOW);
	}
}

static void cleaned(struct oci_command *c, struct error *err)
{
	(void)err;
	bundle_unmount(c->shim);
	shim_cleaned(c->shim);
}

static void oci_clean(struct shim *shim)
{
	struct oci_command *c = oci_command_make(shim, "delete", cleaned);
	if (!c) {
		bundle_unmount(shim);
		shim_cleaned(shim);
		return;
	}
	oci_word(c, "--force");
	oci_run_on_container(c);
}

const struct launcher launcher_oci = {
	.make = oci_make,
	.start = oci_start,
	.release = oci_release,
	.kill_all = oci_kill_all,
	.freeze = oci_freeze,
	.update = oci_update,
	.checkpoint = oci_checkpoint,
	.clean = oci_clean,
};
