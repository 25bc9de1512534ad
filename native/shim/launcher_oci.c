/*
 * Containers of another OCI runtime (runc, crun, runsc) through its command line. The shim is the subreaper, so init becomes
 * its child when `create` has returned. An exec's descriptor holds the OCI process object as JSON; it is made when it is
 * started, for `exec` knows no two steps.
 * Source: runc's command line, which crun and runsc follow; OCI runtime-spec, lifecycle.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command.h"
#include "ending.h"
#include "fd.h"
#include "process.h"
#include "runtime-log.h"

enum { WORDS_MAX = PARAMS_RUNTIME_ARGS + 24, NAME_MAX_BYTES = 32 };

struct oci_command;
typedef void oci_done(struct oci_command *command, struct error *err);

/* One run of the runtime. */
struct oci_command {
	struct child child;
	struct shim *shim;
	struct process *process; /* NULL for commands about the container */
	struct reply reply;
	bool frozen; /* what a pause or resume leads to */
	unsigned number; /* names the files of this run in the state directory */
	oci_done *done; /* err: the command failed */
	struct io_fds ours;
	int console; /* listening socket, or -1 */
	const char *words[WORDS_MAX];
	unsigned word_count;
	char log[PATH_MAX], pid_file[PATH_MAX], console_path[64], plan_path[64];
};

static void file_name(const struct oci_command *c, char path[PATH_MAX], const char *what)
{
	snprintf(path, PATH_MAX, "%s/oci-%u.%s", c->shim->params.state_directory, c->number, what);
}

static void word_add(struct oci_command *c, const char *word)
{
	if (c->word_count < WORDS_MAX - 1)
		c->words[c->word_count++] = word;
}

/* A command with the global options: `<runtime> --root R --log F --log-format json <args> <verb>`. */
static struct oci_command *command_make(struct shim *shim, const char *name, oci_done *done)
{
	static unsigned numbers;
	const struct params *params = &shim->params;
	struct oci_command *c = calloc(1, sizeof(*c));
	if (!c)
		return NULL;
	c->shim = shim;
	c->done = done;
	c->number = ++numbers;
	c->console = -1;
	c->ours = (struct io_fds){ -1, -1, -1 };
	file_name(c, c->log, "log");
	word_add(c, params->runtime);
	if (params->runtime_root) {
		word_add(c, "--root");
		word_add(c, params->runtime_root);
	}
	word_add(c, "--log");
	word_add(c, c->log);
	word_add(c, "--log-format");
	word_add(c, "json");
	for (unsigned i = 0; i < params->runtime_arg_count; i++)
		word_add(c, params->runtime_args[i]);
	word_add(c, name);
	return c;
}

static void command_free(struct oci_command *c)
{
	io_fds_close(&c->ours);
	if (c->console >= 0) {
		char path[PATH_MAX];
		file_name(c, path, "tty");
		unlink(path);
		fd_close(&c->console);
	}
	unlink(c->log);
	if (*c->pid_file)
		unlink(c->pid_file);
	if (c->process)
		c->process->launch = NULL;
	free(c);
}

static void command_failed(struct oci_command *c, int code, const char *stage)
{
	struct error err;
	error_set(&err, code, "%s", c->shim->params.runtime);
	error_stage(&err, stage);
	c->done(c, &err);
	command_free(c);
}

static void command_ended(struct child *child, int status)
{
	struct oci_command *c = (struct oci_command *)child;
	struct error err;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
		c->done(c, NULL);
	} else {
		runtime_log_error(c->log, &err);
		if (!*err.message)
			error_text(&err, EIO, "%s: ended with status %d", c->shim->params.runtime,
				   exit_status_of(status, 0).code);
		error_stage(&err, "runtime");
		c->done(c, &err);
	}
	command_free(c);
}

static void command_run(struct oci_command *c, const struct command_fds *fds)
{
	if (command_start(&c->shim->children, &c->child, c->words, fds, command_ended))
		command_failed(c, errno, "start");
}

/* A command about the container: `<name> ... <id>` with nothing on its streams. */
static void container_command(struct oci_command *c)
{
	static const struct command_fds none = { -1, -1, -1 };
	word_add(c, c->shim->params.id);
	command_run(c, &none);
}

/*
 * Listens for the terminal. The runtime connects by way of our descriptor of the state directory, since a socket address
 * holds 107 bytes only.
 */
static int console_open(struct oci_command *c)
{
	char path[PATH_MAX];
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int dir = open(c->shim->params.state_directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	c->console = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	snprintf(address.sun_path, sizeof(address.sun_path), "/proc/self/fd/%d/oci-%u.tty", dir, c->number);
	file_name(c, path, "tty");
	unlink(path);
	if (dir < 0 || c->console < 0 || bind(c->console, (struct sockaddr *)&address, sizeof(address)) ||
	    chmod(path, 0600) || listen(c->console, 1)) {
		int saved = errno;
		fd_close(&dir);
		errno = saved;
		return -1;
	}
	/* Kept open until the command has ended: the path leads through it. */
	c->ours.err = dir;
	snprintf(c->console_path, sizeof(c->console_path), "/proc/%d/fd/%d/oci-%u.tty", getpid(), dir, c->number);
	word_add(c, "--console-socket");
	word_add(c, c->console_path);
	return 0;
}

/* Receives the terminal the runtime has sent; its connection waits in the listening socket. Returns it, or -1. */
static int console_receive(const struct oci_command *c)
{
	char byte[256];
	union {
		char space[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control;
	struct iovec part = { .iov_base = byte, .iov_len = sizeof(byte) };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control,
				  .msg_controllen = sizeof(control) };
	int fd = -1, connection = accept4(c->console, NULL, NULL, SOCK_CLOEXEC);
	if (connection < 0)
		return -1;
	ssize_t n = recvmsg(connection, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
	struct cmsghdr *header = n > 0 ? CMSG_FIRSTHDR(&message) : NULL;
	if (header && header->cmsg_type == SCM_RIGHTS && header->cmsg_len == CMSG_LEN(sizeof(int)))
		memcpy(&fd, CMSG_DATA(header), sizeof(fd));
	close(connection);
	return fd;
}

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
		fd_close(&c->ours.err);
		c->ours.out = console_receive(c);
		c->ours.in = c->ours.out < 0 ? -1 : fcntl(c->ours.out, F_DUPFD_CLOEXEC, 0);
	}
	if (pid <= 0 || c->ours.out < 0)
		return error_text(err, EPROTO, "%s gave no %s", c->shim->params.runtime, pid <= 0 ? "pid" : "terminal");
	struct io_fds fds = c->ours;
	c->ours = (struct io_fds){ -1, -1, -1 };
	if (process_watch(p, pid, err)) {
		io_fds_close(&fds);
		return -1;
	}
	return process_streams(p, &fds, err);
}

static void made(struct oci_command *c, struct error *err)
{
	struct error failed;
	struct process *p = c->process;
	if (!p)
		return;
	if (!err && adopt(c, &failed))
		err = &failed;
	p->launch = NULL;
	c->process = NULL;
	if (p->id)
		process_started(p, err);
	else
		process_made(p, err);
}

/* `create` or `exec` with streams; the words up to and with the command's name are there. */
static void run_with_streams(struct oci_command *c, struct process *p, const char *last)
{
	struct command_fds theirs = { -1, -1, -1 };
	c->process = p;
	p->launch = c;
	file_name(c, c->pid_file, "pid");
	word_add(c, "--pid-file");
	word_add(c, c->pid_file);
	int failed = p->tty ? console_open(c) : pipes_open(c, &theirs, p->has_stdin);
	word_add(c, last);
	if (failed)
		command_failed(c, errno, "stdio");
	else
		command_run(c, &theirs);
	fd_close(&theirs.in);
	fd_close(&theirs.out);
	fd_close(&theirs.err);
}

static void oci_make(struct process *p)
{
	if (p->id) {
		process_made(p, NULL);
		return;
	}
	struct oci_command *c = command_make(p->shim, "create", made);
	if (!c) {
		struct error err;
		error_text(&err, ENOMEM, "no memory");
		process_made(p, &err);
		return;
	}
	word_add(c, "--bundle");
	word_add(c, p->shim->params.bundle);
	run_with_streams(c, p, p->shim->params.id);
}

static void started(struct oci_command *c, struct error *err)
{
	process_started(&c->shim->init, err);
}

static void oci_start(struct process *p)
{
	struct oci_command *c = command_make(p->shim, p->id ? "exec" : "start", p->id ? made : started);
	if (!c) {
		struct error err;
		error_text(&err, ENOMEM, "no memory");
		process_started(p, &err);
		return;
	}
	if (!p->id) {
		container_command(c);
		return;
	}
	word_add(c, "--detach");
	if (p->tty)
		word_add(c, "--tty");
	snprintf(c->plan_path, sizeof(c->plan_path), "/proc/%d/fd/%d", getpid(), p->object >= 0 ? p->object : p->plan);
	word_add(c, "--process");
	word_add(c, c->plan_path);
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
		"0",  "1",  "2",  "3",	"4",  "5",  "6",  "7",	"8",  "9",  "10", "11", "12", "13", "14", "15", "16",
		"17", "18", "19", "20", "21", "22", "23", "24", "25", "26", "27", "28", "29", "30", "31", "32", "33",
		"34", "35", "36", "37", "38", "39", "40", "41", "42", "43", "44", "45", "46", "47", "48", "49", "50",
		"51", "52", "53", "54", "55", "56", "57", "58", "59", "60", "61", "62", "63", "64",
	};
	static const struct command_fds none = { -1, -1, -1 };
	struct oci_command *c = command_make(shim, "kill", answered);
	if (!c) {
		reply_error(reply, ENOMEM, "kill", "no memory");
		return;
	}
	c->reply = *reply;
	word_add(c, "--all");
	word_add(c, shim->params.id);
	word_add(c, numbers[signal]);
	command_run(c, &none);
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
	struct oci_command *c = command_make(shim, freeze ? "pause" : "resume", frozen);
	if (!c) {
		reply_error(reply, ENOMEM, "freeze", "no memory");
		return;
	}
	c->reply = *reply;
	c->frozen = freeze;
	shim->freezing = true;
	container_command(c);
}

/* The executor mounts the root file system of another runtime's container where the bundle says. */
static void rootfs_unmount(const struct shim *shim)
{
	char path[PATH_MAX];
	int n = snprintf(path, sizeof(path), "%s/rootfs", shim->params.bundle);
	if (n < PATH_MAX)
		umount2(path, MNT_DETACH | UMOUNT_NOFOLLOW);
}

static void cleaned(struct oci_command *c, struct error *err)
{
	(void)err;
	rootfs_unmount(c->shim);
	shim_cleaned(c->shim);
}

static void oci_clean(struct shim *shim)
{
	struct oci_command *c = command_make(shim, "delete", cleaned);
	if (!c) {
		rootfs_unmount(shim);
		shim_cleaned(shim);
		return;
	}
	word_add(c, "--force");
	container_command(c);
}

const struct launcher launcher_oci = {
	.make = oci_make,
	.start = oci_start,
	.release = oci_release,
	.kill_all = oci_kill_all,
	.freeze = oci_freeze,
	.clean = oci_clean,
};
