#include "helper.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "command.h"
#include "fd.h"

enum { TEXT_MAX = 64 * 1024, FDS_MAX = 250, FIRST_FD = 3 };

/* The first death is made good at once; whoever dies again before it has lived for `healthy_ns` waits, twice as long each time. */
static const uint64_t healthy_ns = 10000000000, first_delay_ns = 100000000, last_delay_ns = 30000000000;

struct helper {
	struct helper *next;
	struct helpers *of;
	struct child starter; /* forks the helper and ends */
	struct source life; /* the write end of a pipe: it is in error once the helper has gone, who has the only read end */
	struct timer again;
	char *kind; /* followed by the words, each with its NUL */
	char **argv;
	int program;
	int *fds; /* become FIRST_FD + 1 and so on; FIRST_FD is the read end */
	unsigned fd_count;
	uint64_t began;
	unsigned deaths; /* in a row */
};

static timer_fire start_again;

static void await_retry(struct helper *h)
{
	uint64_t delay = 0;

	if (monotonic_ns() - h->began >= healthy_ns)
		h->deaths = 0;
	if (h->deaths > 0)
		delay = h->deaths > 9 ? last_delay_ns : first_delay_ns << (h->deaths - 1);
	h->deaths++;
	timer_set(h->of->loop, &h->again, delay < last_delay_ns ? delay : last_delay_ns, start_again);
}

static void died(struct source *source, uint32_t events)
{
	struct helper *h = (struct helper *)((char *)source - offsetof(struct helper, life));
	(void)events;
	loop_remove(h->of->loop, &h->life);
	fd_close(&h->life.fd);
	h->of->changed(h->of->owner, h->kind, false);
	await_retry(h);
}

static void starter_ended(struct child *child, int status)
{
	(void)child;
	(void)status;
}

/* Copies above all targets cannot collide with them. */
static int lift(int fd, const struct helper *h)
{
	return fcntl(fd, F_DUPFD_CLOEXEC, FIRST_FD + 1 + (int)h->fd_count);
}

static int spawn(struct helper *h, int life, pid_t *pid)
{
	int lifted[FDS_MAX + 2];
	unsigned count = 0, wanted = h->fd_count + 2;
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	char path[32];
	int code = 0;
	if (posix_spawn_file_actions_init(&actions) || posix_spawnattr_init(&attributes))
		return ENOMEM;
	for (; code == 0 && count < wanted; count++) {
		lifted[count] = lift(count == 0 ? h->program : count == 1 ? life : h->fds[count - 2], h);
		if (lifted[count] < 0) {
			code = errno;
			break;
		}
		if (count > 0)
			code = posix_spawn_file_actions_adddup2(&actions, lifted[count], FIRST_FD - 1 + (int)count);
	}
	if (code == 0 && command_attributes(&attributes, POSIX_SPAWN_SETSID))
		code = ENOMEM;
	/* The program that was there when the container started, whatever has its name by now. */
	snprintf(path, sizeof(path), "/proc/self/fd/%d", count > 0 ? lifted[0] : -1);
	if (code == 0)
		code = posix_spawn(pid, path, &actions, &attributes, h->argv, command_environment);
	while (count-- > 0)
		close(lifted[count]);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	return code;
}

static int start(struct helper *h)
{
	int life[2], code;
	pid_t pid;
	if (pipe2(life, O_CLOEXEC))
		return -1;
	h->began = monotonic_ns();
	code = spawn(h, life[0], &pid);
	close(life[0]);
	if (code == 0) {
		child_unwatch(h->of->children, &h->starter);
		child_watch(h->of->children, &h->starter, pid, starter_ended);
	}
	if (code == 0 && loop_add(h->of->loop, &h->life, life[1], 0, died) == 0)
		return 0;
	close(life[1]);
	h->life.fd = -1;
	return -1;
}

static void start_again(struct timer *timer)
{
	struct helper *h = (struct helper *)((char *)timer - offsetof(struct helper, again));
	if (start(h))
		await_retry(h);
	else
		h->of->changed(h->of->owner, h->kind, true);
}

static void helper_free(struct helper *h)
{
	for (unsigned i = 0; i < h->fd_count; i++)
		close(h->fds[i]);
	fd_close(&h->program);
	fd_close(&h->life.fd);
	free(h->fds);
	free(h->argv);
	free(h->kind);
	loop_free(h->of->loop, h);
}

/* The kind, then the words of the command line: at least its name. */
static int words_cut(struct helper *h, const char *text, size_t size)
{
	unsigned count = 0;
	if (size == 0 || text[size - 1] != '\0')
		return -1;
	for (size_t i = 0; i < size; i++)
		count += text[i] == '\0';
	h->kind = malloc(size);
	h->argv = calloc(count, sizeof(*h->argv));
	if (!h->kind || !h->argv || count < 2)
		return -1;
	memcpy(h->kind, text, size);
	char *at = h->kind;
	for (unsigned i = 0; i + 1 < count; i++) {
		at += strlen(at) + 1;
		h->argv[i] = at;
	}
	return 0;
}

static struct helper *unpack(const char *text, ssize_t size, const int *fds, unsigned count)
{
	struct helper *h = calloc(1, sizeof(*h));
	int *kept = calloc(count + 1, sizeof(*kept));
	if (!h || !kept || size < 0 || count < 2 || words_cut(h, text, (size_t)size)) {
		for (unsigned i = 0; i < count; i++)
			close(fds[i]);
		if (h) {
			free(h->kind);
			free(h->argv);
		}
		free(kept);
		free(h);
		return NULL;
	}
	h->life.fd = fds[0];
	h->program = fds[1];
	h->fds = kept;
	h->fd_count = count - 2;
	memcpy(kept, fds + 2, h->fd_count * sizeof(*kept));
	return h;
}

int helper_keep(struct helpers *helpers, int parcel)
{
	int fds[FDS_MAX];
	unsigned count = 0;
	char *text = malloc(TEXT_MAX);
	ssize_t size = text ? fd_receive(parcel, text, TEXT_MAX, fds, FDS_MAX, &count, MSG_DONTWAIT) : -1;
	struct helper *h = unpack(text, size, fds, count);
	free(text);
	if (!h) {
		errno = EPROTO;
		return -1;
	}
	h->of = helpers;
	h->began = monotonic_ns();
	if (loop_add(helpers->loop, &h->life, h->life.fd, 0, died)) {
		helper_free(h);
		return -1;
	}
	h->next = helpers->first;
	helpers->first = h;
	return 0;
}

void helpers_close(struct helpers *helpers)
{
	for (struct helper *h = helpers->first, *next; h; h = next) {
		next = h->next;
		timer_unset(helpers->loop, &h->again);
		child_unwatch(helpers->children, &h->starter);
		loop_remove(helpers->loop, &h->life);
		helper_free(h);
	}
	helpers->first = NULL;
}
