#include "launch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>

#include "child.h"
#include "fd.h"
#include "hooks.h"
#include "kernel.h"
#include "listener.h"
#include "plan.h"
#include "sync.h"
#include "userns.h"

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080
#endif
#ifndef CLONE_NEWCGROUP
#define CLONE_NEWCGROUP 0x02000000
#endif

void launch_init(struct launch *l, const struct plan *plan)
{
	memset(l, 0, sizeof(*l));
	l->pidfd = l->sync = l->console = l->seccomp_notify = -1;
	l->plan = plan;
}

/* Everything the child needs that the parent has to open, before there is a child. */
struct preparation {
	struct child child;
	int ends[2];
	int pid_namespace; /* to be born into: a namespace's descriptor, or the pidfd of who is in it; -1 */
	int cgroup;
	uint64_t clone_flags;
};

static void preparation_end(struct preparation *p)
{
	for (unsigned i = 0; i < p->child.join_count; i++)
		fd_close(&p->child.joins[i]);
	fd_close(&p->child.proc);
	fd_close(&p->ends[1]);
	fd_close(&p->pid_namespace);
	fd_close(&p->cgroup);
}

static int prepare(struct preparation *p, const struct plan *plan, const struct plan *container,
		   const struct launch_io *io, struct error *err)
{
	memset(p, 0, sizeof(*p));
	p->ends[0] = p->ends[1] = p->pid_namespace = p->cgroup = -1;
	p->child.plan = plan;
	p->child.container = container;
	p->child.io = *io;
	p->child.root = p->child.tty = -1;
	p->child.init_pidfd = -1;
	p->child.proc = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (p->child.proc < 0)
		return error_set(err, errno, "open /proc");
	if (sync_pair(p->ends))
		return error_set(err, errno, "sync socket");
	p->child.sync = p->ends[1];
	return 0;
}

/* A user namespace comes first: it gives the right to enter the others. */
static void add_join(struct child *c, int fd, uint32_t type)
{
	unsigned at = c->join_count++;

	if (type == CLONE_NEWUSER && at) {
		c->joins[at] = c->joins[0];
		c->join_types[at] = c->join_types[0];
		at = 0;
	}
	c->joins[at] = fd;
	c->join_types[at] = type;
}

static int join_given(struct child *c, int given, uint32_t type, struct error *err)
{
	int fd = given < 0 || c->join_count == CHILD_NAMESPACES ? -1 : fcntl(given, F_DUPFD_CLOEXEC, 3);

	if (given < 0)
		return 0;
	if (fd < 0)
		return error_set(err, c->join_count == CHILD_NAMESPACES ? E2BIG : errno, "join namespace %#x", type);
	add_join(c, fd, type);
	return 0;
}

/* Sorts the namespaces of the plan: made by clone, made by the child in its cgroup, joined. */
static int prepare_namespaces(struct preparation *p, struct error *err)
{
	const struct plan *plan = p->child.plan;
	const struct plan_namespace *ns = plan_items(plan, plan->namespaces);

	for (uint32_t i = 0; i < plan->namespaces.count; i++) {
		const char *path = plan_text(plan, ns[i].path);
		int fd;

		if ((ns[i].type == CLONE_NEWNET && p->child.io.netns >= 0) ||
		    (ns[i].type == CLONE_NEWUSER && p->child.io.userns >= 0))
			continue;
		if (!path) {
			if (ns[i].type == CLONE_NEWTIME || ns[i].type == CLONE_NEWCGROUP)
				p->child.unshare |= ns[i].type;
			else
				p->clone_flags |= ns[i].type;
			continue;
		}
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			return error_set(err, errno, "lstat %s", path);
		if (ns[i].type == CLONE_NEWPID) {
			p->pid_namespace = fd;
			continue;
		}
		add_join(&p->child, fd, ns[i].type);
	}
	return join_given(&p->child, p->child.io.netns, CLONE_NEWNET, err) ||
			       join_given(&p->child, p->child.io.userns, CLONE_NEWUSER, err) ?
		       -1 :
		       0;
}

/*
 * A process is put into a pid namespace by being born there: the parent points its own children at it for the moment
 * of the clone. No process in between, and the child stays the parent's.
 */
static int point_children(int pid_namespace, int *own, struct error *err)
{
	*own = -1;
	if (pid_namespace < 0)
		return 0;
	*own = open("/proc/self/ns/pid", O_RDONLY | O_CLOEXEC);
	if (*own < 0 || setns(pid_namespace, CLONE_NEWPID)) {
		error_set(err, errno, "enter pid namespace");
		fd_close(own);
		return -1;
	}
	return 0;
}

static pid_t do_clone(struct launch *l, struct preparation *p)
{
	struct k_clone_args args = {
		.flags = p->clone_flags | CLONE_PIDFD | K_CLONE_CLEAR_SIGHAND | (p->cgroup >= 0 ? K_CLONE_INTO_CGROUP : 0),
		.pidfd = (uint64_t)(uintptr_t)&l->pidfd,
		.exit_signal = SIGCHLD,
		.cgroup = p->cgroup >= 0 ? (uint64_t)p->cgroup : 0,
	};
	pid_t pid = (pid_t)syscall(SYS_clone3, &args, sizeof(args));

	if (pid == 0) {
		close(p->ends[0]);
		child_run(&p->child);
	}
	return pid;
}

/*
 * New namespaces belong to the user namespace of who makes them. When that one is joined, a process in between enters
 * it, makes the child as its sibling (CLONE_PARENT), tells its number and ends.
 */
static pid_t enter_and_clone(struct preparation *p)
{
	struct child *c = &p->child;
	struct k_clone_args args = { .flags = p->clone_flags | CLONE_PARENT | K_CLONE_CLEAR_SIGHAND };
	struct error err;
	pid_t pid;
	int result = 0;

	if (c->cgroup.path[0])
		result = c->cgroup.machine.version == 2 || c->cgroup.machine.hybrid ? cgroup_add(&c->cgroup, getpid(), &err) :
										      cgroup_join(&c->cgroup, &err);
	if (result)
		return -err.code;
	/* What some namespaces hold belongs to who makes them: to the root of this one, if it has any. */
	if (setns(c->joins[0], CLONE_NEWUSER) || (child_become_root() && errno != EINVAL) || (p->pid_namespace >= 0 && setns(p->pid_namespace, CLONE_NEWPID)))
		return -errno;
	fd_close(&c->joins[0]);
	c->join_count--;
	memmove(c->joins, c->joins + 1, c->join_count * sizeof(c->joins[0]));
	memmove(c->join_types, c->join_types + 1, c->join_count * sizeof(c->join_types[0]));
	c->cgroup_joined = true;
	pid = (pid_t)syscall(SYS_clone3, &args, sizeof(args));
	if (pid == 0) {
		close(p->ends[0]);
		child_run(c);
	}
	return pid < 0 ? -errno : pid;
}

/* What the process in between tells: the child's number, or why there is none. */
struct birth {
	pid_t pid; /* -1: see err */
	struct error err;
};

static void give_birth(struct preparation *p, struct birth *birth)
{
	struct child *c = &p->child;
	struct k_clone_args args = { .flags = CLONE_PARENT | K_CLONE_CLEAR_SIGHAND };

	if (c->init_pidfd < 0) {
		birth->pid = enter_and_clone(p);
		if (birth->pid < 0)
			error_set(&birth->err, (int)-birth->pid, "clone");
		return;
	}
	birth->pid = -1;
	if (child_enter(c, &birth->err))
		return;
	birth->pid = (pid_t)syscall(SYS_clone3, &args, sizeof(args));
	if (birth->pid == 0)
		child_run(c);
	if (birth->pid < 0)
		error_set(&birth->err, errno, "clone");
}

/* An exec's process in between is born in the cgroup: from within the namespaces there may be no way into it. */
static pid_t clone_between(const struct preparation *p)
{
	bool into = p->child.init_pidfd >= 0 && p->cgroup >= 0;
	struct k_clone_args args = {
		.flags = K_CLONE_CLEAR_SIGHAND | (into ? K_CLONE_INTO_CGROUP : 0),
		.exit_signal = SIGCHLD,
		.cgroup = into ? (uint64_t)p->cgroup : 0,
	};

	return (pid_t)syscall(SYS_clone3, &args, sizeof(args));
}

/* Returns the child's number, or -1 with errno and, when the process in between has told why, err set. */
static pid_t clone_through(struct launch *l, struct preparation *p, struct error *err)
{
	struct birth birth = { .pid = -1 };
	pid_t between;
	int ends[2];

	error_text(err, 0, "%s", "");
	if (sync_pair(ends))
		return -1;
	p->child.tell = ends[1];
	between = clone_between(p);
	if (between == 0) {
		give_birth(p, &birth);
		_exit(fd_write_all(ends[1], &birth, sizeof(birth)) ? 1 : 0);
	}
	close(ends[1]);
	if (between < 0) {
		int code = errno;

		close(ends[0]);
		errno = code;
		return -1;
	}
	while (waitpid(between, NULL, 0) < 0 && errno == EINTR)
		;
	/* One that was killed has told nothing, and the end of the stream would never come: the child waits with it open. */
	if (recv(ends[0], &birth, sizeof(birth), MSG_DONTWAIT) != (ssize_t)sizeof(birth))
		error_text(&birth.err, EPIPE, "the process ended before it was set up");
	close(ends[0]);
	if (birth.pid > 0 && (l->pidfd = pidfd_open_pid(birth.pid)) >= 0)
		return birth.pid;
	if (birth.pid > 0) {
		error_set(&birth.err, errno, "open pidfd of %d", (int)birth.pid);
		kill(birth.pid, SIGKILL);
		while (waitpid(birth.pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	*err = birth.err;
	errno = birth.err.code;
	return -1;
}

/* v2: a cgroup that has handed its controllers on takes no process; the one its init has moved to does. */
static int join_init_cgroup(const struct launch *l, pid_t init, struct error *err)
{
	char path[64], text[4096], *at;
	struct cgroup where = l->cgroup;
	scoped_fd int fd = -1;
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/cgroup", (int)init);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : fd_read_all(fd, text, sizeof(text) - 1);
	if (n < 0)
		return error_set(err, errno, "%s", path);
	text[n] = '\0';
	at = strstr(text, "0::");
	if (!at || strlen(at) < 4)
		return error_text(err, ENOENT, "cgroup of init");
	at[strcspn(at, "\n")] = '\0';
	snprintf(where.path, sizeof(where.path), "%.500s", at + 3);
	return cgroup_add(&where, l->pid, err);
}

static int clone_child(struct launch *l, struct preparation *p, pid_t init, struct error *err)
{
	bool outside = false;
	bool through = p->child.init_pidfd >= 0 || (p->child.join_count && p->child.join_types[0] == CLONE_NEWUSER);
	int own;

	/* The process in between must stay outside, or the number it tells would be one of the inside. */
	if (point_children(through ? -1 : p->pid_namespace, &own, err))
		return -1;
	l->pid = through ? clone_through(l, p, err) : do_clone(l, p);
	if (l->pid < 0 && errno == EBUSY && p->cgroup >= 0 && init > 0) {
		fd_close(&p->cgroup);
		outside = l->cgroup.machine.version == 2; /* in a hybrid tree nothing is limited: left out */
		l->pid = through ? clone_through(l, p, err) : do_clone(l, p);
	}
	if (l->pid < 0 && !(through && err->message[0]))
		error_set(err, errno, "clone");
	if (own >= 0 && setns(own, CLONE_NEWPID) && l->pid >= 0) {
		error_set(err, errno, "leave pid namespace");
		fd_close(&own);
		return -1;
	}
	fd_close(&own);
	if (l->pid < 0) {
		l->pid = 0;
		return -1;
	}
	l->sync = steal_fd(&p->ends[0]);
	return outside ? join_init_cgroup(l, init, err) : 0;
}

/* By the parent: lowering needs a capability outside of a new user namespace. */
static int set_oom_score(const struct launch *l, struct error *err)
{
	char path[64], text[16];
	int size = snprintf(text, sizeof(text), "%d", l->plan->process.oom_score_adj);
	scoped_fd int fd = -1;

	if (!(l->plan->process.flags & PROCESS_OOM_SCORE))
		return 0;
	snprintf(path, sizeof(path), "/proc/%d/oom_score_adj", (int)l->pid);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || fd_write_all(fd, text, (size_t)size))
		return error_set(err, errno, "failed to set oom score adj: write %s", path);
	return 0;
}

/* The child has begun and waits: its mappings, its score, its mounts, then it goes on. */
static int settle_child(struct launch *l, const struct preparation *p, struct error *err)
{
	int fds[SYNC_FDS_MAX];
	unsigned count = 0;
	int result;

	if (p->clone_flags & CLONE_NEWUSER && userns_map(l->pid, l->plan, err))
		return error_stage(err, "userns");
	if (set_oom_score(l, err))
		return error_stage(err, "oom");
	if (p->child.sources && userns_open_sources(l->pid, l->plan, &p->child.io, p->child.sources, fds, &count, err))
		return error_stage(err, "mounts");
	result = sync_send(l->sync, SYNC_PROCEED, NULL, fds, count);
	/* One that is not there to be told has said why it went. */
	if (result && launch_continue(l, err) != LAUNCH_FAILED)
		error_set(err, EPIPE, "the process ended before it was set up");
	for (unsigned i = 0; i < count; i++)
		close(fds[i]);
	return result;
}

int launch_make_cgroup(struct launch *l, const struct plan *plan, struct error *err)
{
	const char *path = plan_text(plan, plan->cgroup_path);

	if (!path)
		return 0;
	if (cgroup_open(&l->cgroup, path, err) || cgroup_create(&l->cgroup, plan, err))
		return error_stage(err, "cgroup");
	l->cgroup_made = true;
	return 0;
}

int launch_container(struct launch *l, const struct plan *plan, const struct launch_io *io, struct error *err)
{
	struct preparation p;
	scoped_memory int *sources = NULL;
	int result;

	launch_init(l, plan);
	result = prepare(&p, plan, plan, io, err) || prepare_namespaces(&p, err) ||
		 userns_list_sources(plan, io, &sources, err);
	p.child.sources = sources;
	if (!result && plan_text(plan, plan->cgroup_path)) {
		result = launch_make_cgroup(l, plan, err);
		p.cgroup = result ? -1 : cgroup_clone_fd(&l->cgroup);
		if (!result && p.cgroup < 0 && l->cgroup.machine.version == 2)
			result = error_set(err, errno, "open the cgroup");
		p.child.cgroup = l->cgroup;
		if (result)
			error_stage(err, "cgroup");
	}
	if (!result)
		result = clone_child(l, &p, 0, err);
	l->container_pid = l->pid;
	l->filter = plan;
	if (!result)
		result = settle_child(l, &p, err);
	fd_close(&p.ends[0]);
	preparation_end(&p);
	if (result)
		launch_abort(l);
	return result ? -1 : 0;
}

/* The namespaces an exec enters, all at once: those the container has of its own. */
static uint32_t exec_namespaces(const struct plan *container)
{
	const struct plan_namespace *ns = plan_items(container, container->namespaces);
	uint32_t types = 0;

	for (uint32_t i = 0; i < container->namespaces.count; i++)
		types |= ns[i].type;
	return types & ~(uint32_t)CLONE_NEWPID;
}

static bool has_pid_namespace(const struct plan *container)
{
	bool listed;

	plan_namespace_path(container, CLONE_NEWPID, &listed);
	return listed;
}

int launch_exec(struct launch *l, const struct plan *plan, const struct plan *container, pid_t init_pid, int init_pidfd,
		const struct cgroup *cgroup, const struct launch_io *io, struct error *err)
{
	struct preparation p;
	int result;

	launch_init(l, plan);
	l->cgroup = *cgroup;
	l->container_pid = init_pid;
	l->filter = plan->flags & EXEC_INHERIT_SECCOMP ? container : plan;
	result = prepare(&p, plan, container, io, err);
	p.child.enter = exec_namespaces(container) | (has_pid_namespace(container) ? CLONE_NEWPID : 0);
	p.child.cgroup = *cgroup;
	p.child.init_pidfd = init_pidfd;
	if (!result && cgroup->path[0])
		p.cgroup = cgroup_clone_fd(cgroup);
	if (!result)
		result = clone_child(l, &p, init_pid, err);
	if (!result)
		result = settle_child(l, &p, err);
	fd_close(&p.ends[0]);
	preparation_end(&p);
	if (result)
		launch_abort(l);
	return result ? -1 : 0;
}

static int serve_hooks(struct launch *l, struct error *err)
{
	if (hooks_run_strict(l->plan, HOOK_PRESTART, "creating", l->pid, err) ||
	    hooks_run_strict(l->plan, HOOK_CREATE_RUNTIME, "creating", l->pid, err))
		return -1;
	return sync_send(l->sync, SYNC_PROCEED, NULL, NULL, 0) ? error_set(err, errno, "hooks") : 0;
}

static void take_fd(int *slot, int *fds, unsigned count)
{
	for (unsigned i = 1; i < count; i++)
		close(fds[i]);
	fd_close(slot);
	*slot = count ? fds[0] : -1;
}

static enum launch_state ended(struct launch *l, struct error *err)
{
	if (l->ready) {
		fd_close(&l->sync);
		return LAUNCH_STARTED;
	}
	error_text(err, ECHILD, "the process ended before it was set up");
	error_stage(err, "init");
	return LAUNCH_FAILED;
}

enum launch_state launch_continue(struct launch *l, struct error *err)
{
	struct sync_message message;
	int fds[4];
	unsigned count;

	for (;;) {
		int n = sync_receive(l->sync, &message, fds, 4, &count, MSG_DONTWAIT);

		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			return LAUNCH_AGAIN;
		if (n < 0) {
			error_set(err, errno, "sync socket");
			return LAUNCH_FAILED;
		}
		if (n == 0)
			return ended(l, err);
		switch (message.kind) {
		case SYNC_CONSOLE:
			take_fd(&l->console, fds, count);
			continue;
		case SYNC_LISTENER:
			fd_close(&l->seccomp_notify);
			l->seccomp_notify = pidfd_get(l->pidfd, message.err.code);
			if (l->seccomp_notify < 0) {
				error_set(err, errno, "take the seccomp listener");
				error_stage(err, "seccomp");
				return LAUNCH_FAILED;
			}
			if (listener_send(l->filter, l->container_pid, l->pid, l->ready ? "running" : "creating",
					  l->seccomp_notify, err)) {
				error_stage(err, "seccomp");
				return LAUNCH_FAILED;
			}
			/* The agent's now: with a copy left here its end would not be noticed. */
			if (l->filter->seccomp.listener_path)
				fd_close(&l->seccomp_notify);
			if (sync_send(l->sync, SYNC_PROCEED, NULL, NULL, 0)) {
				error_set(err, errno, "seccomp listener");
				return LAUNCH_FAILED;
			}
			continue;
		case SYNC_HOOKS:
			if (serve_hooks(l, err))
				return LAUNCH_FAILED;
			continue;
		case SYNC_RESTORED:
			l->pid = l->container_pid = message.pid;
			l->pidfd = pidfd_open_pid(message.pid);
			continue;
		case SYNC_READY:
			l->ready = true;
			return LAUNCH_READY;
		case SYNC_ERROR:
			*err = message.err;
			return LAUNCH_FAILED;
		default:
			error_text(err, EPROTO, "unknown message %u of the process", message.kind);
			return LAUNCH_FAILED;
		}
	}
}

enum launch_state launch_await(struct launch *l, struct error *err)
{
	for (;;) {
		struct pollfd wait = { .fd = l->sync, .events = POLLIN };
		enum launch_state state = launch_continue(l, err);

		if (state != LAUNCH_AGAIN)
			return state;
		poll(&wait, 1, -1);
	}
}

int launch_release(struct launch *l, struct error *err)
{
	return sync_send(l->sync, SYNC_RELEASE, NULL, NULL, 0) ? error_set(err, errno, "release") : 0;
}

void launch_close(struct launch *l)
{
	fd_close(&l->sync);
	fd_close(&l->pidfd);
	fd_close(&l->seccomp_notify);
}

/* A dying process still counts in its cgroup for a moment after it has been reaped. */
static void remove_cgroup(const struct cgroup *cg)
{
	struct error ignored;

	cgroup_kill(cg, SIGKILL, &ignored);
	for (int i = 0; i < 200 && cgroup_remove(cg, &ignored) == 1; i++)
		nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
}

static void await_end(pid_t pid)
{
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

void launch_abort(struct launch *l)
{
	/* Its number is its own until it has been reaped. */
	if (l->pid > 0 && (l->pidfd < 0 || pidfd_signal(l->pidfd, SIGKILL)))
		kill(l->pid, SIGKILL);
	if (l->helper > 0) {
		/* It hears of it by the end of the socket, and ends CRIU; init is ours only then. */
		fd_close(&l->sync);
		await_end(l->helper);
		l->helper = 0;
	}
	if (l->pid > 0)
		await_end(l->pid);
	l->pid = 0;
	launch_close(l);
	fd_close(&l->console);
	if (l->cgroup_made)
		remove_cgroup(&l->cgroup);
	l->cgroup_made = false;
}
