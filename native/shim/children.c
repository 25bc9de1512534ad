#include "children.h"

#include <signal.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

static struct child *child_find(struct children *children, pid_t pid)
{
	struct child *c = children->watched;
	while (c && c->pid != pid)
		c = c->next;
	return c;
}

void child_unwatch(struct children *children, struct child *child)
{
	struct child **at = &children->watched;
	while (*at && *at != child)
		at = &(*at)->next;
	if (*at)
		*at = child->next;
	child->pid = 0;
}

void children_reap(struct children *children)
{
	int status;
	for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
		struct child *child = child_find(children, pid);
		if (child) {
			child_unwatch(children, child);
			child->exited(child, status);
			continue;
		}
		for (unsigned i = 0; i < CHILDREN_UNKNOWN; i++)
			if (children->unknown[i].pid == pid)
				children->unknown[i].pid = 0; /* the number's last holder is the one who may be asked for */
		children->unknown[children->unknown_next].pid = pid;
		children->unknown[children->unknown_next].status = status;
		children->unknown_next = (children->unknown_next + 1) % CHILDREN_UNKNOWN;
	}
}

static void signals_ready(struct source *source, uint32_t events)
{
	struct children *children = (struct children *)((char *)source - offsetof(struct children, signals));
	struct signalfd_siginfo info;
	(void)events;
	while (read(source->fd, &info, sizeof(info)) == sizeof(info))
		;
	children_reap(children);
}

int children_open(struct children *children, struct loop *loop)
{
	sigset_t mask;
	sigemptyset(&mask);
	sigaddset(&mask, SIGCHLD);
	*children = (struct children){ .loop = loop };
	if (sigprocmask(SIG_BLOCK, &mask, NULL))
		return -1;
	int fd = signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
	return fd < 0 ? -1 : loop_add(loop, &children->signals, fd, EPOLLIN, signals_ready);
}

/* Whether it is there, ended or not: one that has been reaped is not. */
static bool is_ours(pid_t pid)
{
	siginfo_t info;
	return !waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT);
}

void child_watch(struct children *children, struct child *child, pid_t pid, child_exited *exited)
{
	for (unsigned i = 0; i < CHILDREN_UNKNOWN; i++) {
		if (children->unknown[i].pid != pid)
			continue;
		/* An orphan of long ago had the number, which another has now. */
		if (is_ours(pid))
			continue;
		children->unknown[i].pid = 0;
		child->pid = 0;
		exited(child, children->unknown[i].status);
		return;
	}
	*child = (struct child){ .pid = pid, .exited = exited, .next = children->watched };
	children->watched = child;
}
