/*
 * berth-shim: the parent of one container. Started by the executor with the launch message on descriptor 3;
 * see native/PROTOCOL.md sections 2 and 3, and README.md.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "ending.h"
#include "exit-file.h"
#include "process.h"
#include "verbs.h"

/* Whatever the starter left open: nothing of it may live as long as a container. */
static void inherited_close(void)
{
	if (syscall(SYS_close_range, PARAMS_SOCKET + 1, ~0U, 0))
		for (int fd = PARAMS_SOCKET + 1; fd < 1024; fd++)
			close(fd);
}

/* Leaves the starter's process tree, session and terminal. Only the grandchild returns 0; -1 with errno. */
static int daemonise(void)
{
	pid_t pid = fork();
	if (pid < 0)
		return -1;
	if (pid > 0)
		_exit(0);
	if (setsid() < 0 || prctl(PR_SET_CHILD_SUBREAPER, 1))
		return -1;
	umask(022);
	return chdir("/");
}

static void nothing(int signal)
{
	(void)signal;
}

#define SIGRTMIN_KERNEL 32

/* The kernel's struct sigaction; all zero is the default action. */
struct kernel_action {
	unsigned long words[4];
};

/* Only SIGKILL and the container's end stop a shim. Handlers, for a container would inherit what is ignored.
 */
static void signals_ignore(void)
{
	struct sigaction action = { .sa_handler = nothing, .sa_flags = SA_RESTART };
	static const int ignored[] = { SIGHUP,  SIGINT,  SIGQUIT, SIGPIPE, SIGTERM,
				       SIGUSR1, SIGUSR2, SIGTSTP, SIGTTIN, SIGTTOU };
	for (unsigned i = 0; i < sizeof(ignored) / sizeof(*ignored); i++)
		sigaction(ignored[i], &action, NULL);
	/* A glibc that spawned us has its own two signals ignored, and no musl function reaches them. */
	for (int signal = SIGRTMIN_KERNEL; signal < SIGRTMIN; signal++)
		syscall(SYS_rt_sigaction, signal, &(struct kernel_action){ 0 }, NULL, sizeof(uint64_t));
}

/* Standard input and output become /dev/null; standard error stays until the executor has been answered. */
static int streams_null(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(null, STDOUT_FILENO) < 0)
		return -1;
	return close(null);
}

static void connection_gone(void *owner)
{
	ending_check(owner);
}

static int step(struct error *err, const char *stage, int result)
{
	if (!result)
		return 0;
	error_set(err, errno, "%s", stage);
	return error_stage(err, stage);
}

/* The forwarder takes output again, or has gone. */
static void forwarder_drained(struct forward *f)
{
	struct log *log = (struct log *)((char *)f - offsetof(struct log, forward));
	struct shim *shim = (struct shim *)((char *)log - offsetof(struct shim, log));
	io_release(&shim->init.io);
	ending_check(shim);
}

static void helper_has_changed(void *owner, const char *kind, bool up)
{
	struct shim *shim = owner;
	if (!strcmp(kind, "forwarder"))
		forward_changed(&shim->log.forward, up);
}

static int log_prepare(struct shim *shim)
{
	if (!shim->params.logged)
		return 0;
	if (log_open(&shim->log, &shim->params.log, shim->scratch.format, SCRATCH_FORMAT))
		return -1;
	shim->log.forward.drained = forwarder_drained;
	shim->log.forward.drops = shim->params.log_drops;
	shim->log.children = &shim->children;
	if (shim->params.forwarder < 0)
		return 0;
	return forward_open(&shim->log.forward, &shim->loop, shim->params.forwarder);
}

static int shim_open(struct shim *shim, struct error *err)
{
	shim->control = (struct control){
		.loop = &shim->loop,
		.handle = verbs_handle,
		.idle = connection_gone,
		.owner = shim,
	};
	shim->helpers = (struct helpers){
		.loop = &shim->loop,
		.children = &shim->children,
		.changed = helper_has_changed,
		.owner = shim,
	};
	if (step(err, "shim", loop_open(&shim->loop)) ||
	    step(err, "shim", scratch_open(&shim->scratch, &shim->loop)) ||
	    step(err, "shim", children_open(&shim->children, &shim->loop)) ||
	    params_receive(&shim->params, shim->report, err))
		return -1;
	if (step(err, "shim", exit_file_reserve(shim->params.state_directory)) ||
	    step(err, "log", log_prepare(shim)))
		return -1;
	return step(err, "socket", control_open(&shim->control, shim->params.socket));
}

int main(void)
{
	struct shim *shim = calloc(1, sizeof(*shim));
	struct error err = { 0 };
	inherited_close();
	if (!shim || daemonise())
		return 1;
	signals_ignore();
	shim->report = PARAMS_SOCKET;
	shim->probe_plan = shim->probe_object = -1;
	shim->log.fd = shim->log.forward.source.fd = -1;
	shim->oom.source.fd = shim->oom.counters = -1;
	shim->oom.loop = &shim->loop;
	if (step(&err, "shim", fcntl(PARAMS_SOCKET, F_SETFD, FD_CLOEXEC)) ||
	    step(&err, "shim", streams_null()) || shim_open(shim, &err)) {
		error_stage(&err, "launch");
		ending_report(shim, &err);
		control_close(&shim->control);
		return 1;
	}
	process_init(shim);
	shim->launcher = shim->params.runtime ? &launcher_oci : &launcher_builtin;
	shim->launcher->make(&shim->init);
	loop_run(&shim->loop);
	control_close(&shim->control);
	return 0;
}
