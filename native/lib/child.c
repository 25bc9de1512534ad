#include "child.h"

#include <errno.h>
#include <limits.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "fd.h"
#include "hooks.h"
#include "kernel.h"
#include "sync.h"

struct step {
	const char *name;
	int (*run)(struct child *c, struct error *err);
};

/* The process must not be looked into, or traced, by what already runs in namespaces it joins. */
static int hide(struct child *c, struct error *err)
{
	(void)c;
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0))
		return error_set(err, errno, "dumpable");
	/* Whatever the caller left open and inheritable ends here (CVE-2024-21626), but for what is to be preserved. */
	if (fd_cloexec_from(3 + (unsigned)c->io.preserve))
		return error_set(err, errno, "close-on-exec");
	/* CLONE_CLEAR_SIGHAND leaves ignored what the caller ignores. */
	for (int i = 1; i < 65; i++)
		signal(i, SIG_DFL);
	if (setsid() < 0 && errno != EPERM)
		return error_set(err, errno, "setsid");
	return 0;
}

static int join_cgroup(struct child *c, struct error *err)
{
	return c->cgroup.path[0] && !c->cgroup_joined ? cgroup_join(&c->cgroup, err) : 0;
}

/* Waits for the mappings of a new user namespace, and takes the mounts that only the parent could make. */
static int await_parent(struct child *c, struct error *err)
{
	struct sync_message message;
	int fds[SYNC_FDS_MAX];
	unsigned count, next = 0;

	if (sync_receive(c->sync, &message, fds, SYNC_FDS_MAX, &count, 0) != 1 || message.kind != SYNC_PROCEED)
		return error_set(err, errno, "waiting for the parent");
	for (uint32_t i = 0; c->sources && i < c->plan->mounts.count; i++)
		if (c->sources[i] >= 0)
			c->sources[i] = next < count ? fds[next++] : -1;
	return 0;
}

int child_become_root(void)
{
	return syscall(SYS_setresgid, 0, 0, 0) || syscall(SYS_setresuid, 0, 0, 0) ? -1 : 0;
}

/* The id 0 of a user namespace owns what is set up. Where it is not mapped the process stays who it is. */
static int become_root(struct child *c, struct error *err)
{
	bool listed;

	plan_namespace_path(c->container, CLONE_NEWUSER, &listed);
	if (!listed)
		return 0;
	if (child_become_root() && errno != EINVAL)
		return error_set(err, errno, "become root of the user namespace");
	if (syscall(SYS_setgroups, 0, NULL) && errno != EPERM && errno != EINVAL)
		return error_set(err, errno, "setgroups");
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0))
		return error_set(err, errno, "dumpable");
	return 0;
}

static int runtime_hooks(struct child *c, struct error *err)
{
	if (!c->plan->hooks[HOOK_PRESTART].count && !c->plan->hooks[HOOK_CREATE_RUNTIME].count)
		return 0;
	if (sync_send(c->sync, SYNC_HOOKS, NULL, NULL, 0) || sync_expect(c->sync, SYNC_PROCEED))
		return error_set(err, errno, "waiting for hooks");
	return 0;
}

static int container_hooks(struct child *c, struct error *err)
{
	return hooks_run_strict(c->plan, HOOK_CREATE_CONTAINER, "creating", getpid(), err);
}

static int start_hooks(struct child *c, struct error *err)
{
	return hooks_run_strict(c->plan, HOOK_START_CONTAINER, "created", getpid(), err);
}

static int make_cwd(struct child *c, struct error *err)
{
	scoped_fd int fd = fd_mkdir_in_root(c->root, plan_text(c->plan, c->plan->process.cwd), 0755, (uid_t)-1, (gid_t)-1);

	/*
	 * What is there and no directory is reported by chdir, in its words. So is a link of /proc (ELOOP), which leads somewhere from
	 * inside only: chdir comes when nothing is open any more, and what is outside of the root is refused.
	 */
	if (fd < 0 && errno != ENOTDIR && errno != EACCES && errno != EROFS && errno != ELOOP)
		return error_set(err, errno, "mkdir %s", plan_text(c->plan, c->plan->process.cwd));
	return 0;
}

/* exec: the root is the one the namespaces came with. */
static int find_root(struct child *c, struct error *err)
{
	c->root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	return c->root < 0 ? error_set(err, errno, "open /") : 0;
}

static int report_ready(struct child *c, struct error *err)
{
	char byte;

	(void)err;
	if (sync_send(c->sync, SYNC_READY, NULL, NULL, 0))
		_exit(1); /* nobody is left to be told */
	if (c->io.release <= 0) {
		if (sync_expect(c->sync, SYNC_RELEASE))
			_exit(1);
		return 0;
	}
	/* Who created may be gone; who starts comes by another way. */
	close(c->sync);
	c->sync = c->io.report;
	return fd_read_all(c->io.release, &byte, 1) == 1 ? 0 : error_set(err, EPIPE, "waiting for the start");
}

static int close_between(int first, int end)
{
	if (first < end && syscall(SYS_close_range, (unsigned)first, (unsigned)end - 1, 0))
		return -1;
	return 0;
}

/* Closes all from 3 on but what the child takes along. */
static int give_up_descriptors(struct child *c, struct error *err)
{
	int keep[] = { c->sync, c->tell, c->io.stdio[0], c->io.stdio[1], c->io.stdio[2], c->io.release, c->io.report };
	int at = 3 + c->io.preserve;

	c->setgroups_denied = !child_may_setgroups(c);
	for (;;) {
		int next = -1;

		for (size_t i = 0; i < sizeof(keep) / sizeof(keep[0]); i++)
			if (keep[i] >= at && (next < 0 || keep[i] < next))
				next = keep[i];
		if (close_between(at, next < 0 ? INT_MAX : next))
			return error_set(err, errno, "close descriptors");
		if (next < 0)
			break;
		at = next + 1;
	}
	c->proc = c->init_pidfd = c->root = -1;
	c->enter = 0;
	return 0;
}

/*
 * With its streams in their places the process needs nothing more of what it was started with. Closing at execve would be
 * too late: working directory and program are the container's to name, and /proc/self/fd/N/.. is a way out through
 * any directory of the host that is still open (CVE-2024-21626).
 */
static int give_up_all(struct child *c, struct error *err)
{
	for (int i = 0; i < 3; i++)
		c->io.stdio[i] = -1;
	c->tell = c->tty = -1;
	return give_up_descriptors(c, err);
}

/* With another user the kernel gives a process what fs.suid_dumpable says, and its new neighbours could trace it. */
static int stay_hidden(struct child *c, struct error *err)
{
	(void)c;
	return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) ? error_set(err, errno, "dumpable") : 0;
}

static bool filter_early(const struct child *c)
{
	return !(c->plan->process.flags & PROCESS_NO_NEW_PRIVILEGES);
}

/* Without no_new_privs loading needs CAP_SYS_ADMIN, so it comes before that is dropped; otherwise as late as can be. */
static int filter_privileged(struct child *c, struct error *err)
{
	return filter_early(c) ? child_seccomp(c, err) : 0;
}

static bool filter_asks(const struct child *c)
{
	const struct plan *from = c->plan->flags & EXEC_INHERIT_SECCOMP ? c->container : c->plan;

	return from->seccomp.flags & SECCOMP_FILTER_FLAG_NEW_LISTENER;
}

/* The listener is the parent's to hand on, and the parent may be gone after READY. */
static int filter_asking(struct child *c, struct error *err)
{
	return !filter_early(c) && filter_asks(c) ? child_seccomp(c, err) : 0;
}

static int filter_late(struct child *c, struct error *err)
{
	return filter_early(c) || filter_asks(c) ? 0 : child_seccomp(c, err);
}

static const struct step container_steps[] = {
	{ "prepare", hide },
	{ "cgroup", join_cgroup },
	{ "userns", await_parent },
	{ "namespaces", child_enter_namespaces },
	{ "userns", become_root },
	{ "rootfs", child_open_root },
	{ "mounts", child_mounts },
	{ "devices", child_devices },
	{ "hostname", child_name_host },
	{ "loopback", child_loopback },
	{ "hooks", runtime_hooks },
	{ "hooks", container_hooks },
	{ "sysctl", child_sysctls },
	{ "console", child_console },
	{ "mounts", child_mount_options_late },
	{ "masks", child_masks },
	{ "cwd", make_cwd },
	{ "rootfs", child_root_options },
	{ "labels", child_labels },
	{ "labels", child_keyring },
	{ "pivot", child_pivot },
	{ "rootfs", child_root_propagation },
	{ "stdio", child_stdio },
	{ "prepare", give_up_all },
	{ "rlimits", child_limits },
	{ "identity", child_identity },
	{ "prepare", stay_hidden },
	{ "seccomp", filter_privileged },
	{ "capabilities", child_drop },
	{ "executable", child_find_executable },
	{ "seccomp", filter_asking },
	{ "ready", report_ready },
	{ "hooks", start_hooks },
	{ "seccomp", filter_late },
};

/* Those of the process in between, while it is not yet to be seen. */
static const struct step enter_steps[] = {
	{ "prepare", hide },
	{ "cgroup", join_cgroup },
	{ "labels", child_labels },
	{ "namespaces", child_enter_namespaces },
	{ "prepare", give_up_descriptors },
};

static const struct step exec_steps[] = {
	{ "prepare", hide },
	{ "userns", await_parent },
	{ "userns", become_root },
	{ "labels", child_keyring },
	{ "rootfs", find_root },
	{ "console", child_console },
	{ "stdio", child_stdio },
	{ "prepare", give_up_all },
	{ "rlimits", child_limits },
	{ "identity", child_identity },
	{ "prepare", stay_hidden },
	{ "seccomp", filter_privileged },
	{ "capabilities", child_drop },
	{ "executable", child_find_executable },
	{ "seccomp", filter_asking },
	{ "ready", report_ready },
	{ "seccomp", filter_late },
};

static _Noreturn void fail(const struct child *c, const struct error *err)
{
	sync_send(c->sync, SYNC_ERROR, err, NULL, 0);
	_exit(1);
}

int child_enter(struct child *c, struct error *err)
{
	for (size_t i = 0; i < sizeof(enter_steps) / sizeof(enter_steps[0]); i++)
		if (enter_steps[i].run(c, err))
			return error_stage(err, enter_steps[i].name);
	return 0;
}

static void run_steps(struct child *c, const struct step *steps, size_t count)
{
	struct error err;

	for (size_t i = 0; i < count; i++) {
		if (!steps[i].run(c, &err))
			continue;
		error_stage(&err, steps[i].name);
		fail(c, &err);
	}
}

_Noreturn void child_run(struct child *c)
{
	struct error err;
	char **argv, **env;
	sigset_t mask;

	if (c->plan->kind == PLAN_CONTAINER)
		run_steps(c, container_steps, sizeof(container_steps) / sizeof(container_steps[0]));
	else
		run_steps(c, exec_steps, sizeof(exec_steps) / sizeof(exec_steps[0]));
	argv = plan_vector(c->plan, c->plan->process.args, NULL);
	env = plan_vector(c->plan, c->plan->process.env, NULL);
	sigemptyset(&mask);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	if (argv && env)
		execve(c->executable, argv, env);
	child_exec_error(c, errno, &err);
	fail(c, &err);
}
