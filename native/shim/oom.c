#include "oom.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/vfs.h>
#include <unistd.h>

static const long cgroup2_magic = 0x63677270;

/* Finds the path of the v1 memory controller or, on a pure v2 host, of the unified tree. Returns 0 or -1. */
static int memory_directory(pid_t pid, char directory[PATH_MAX])
{
	char name[64], line[PATH_MAX];
	struct statfs fs;
	bool unified = !statfs("/sys/fs/cgroup", &fs) && (long)fs.f_type == cgroup2_magic;
	snprintf(name, sizeof(name), "/proc/%d/cgroup", pid);
	FILE *file = fopen(name, "re");
	int found = -1;
	while (file && found < 0 && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		char *controllers = strchr(line, ':');
		char *path = controllers ? strchr(controllers + 1, ':') : NULL;
		if (!path)
			continue;
		*path++ = '\0';
		if (strcmp(controllers + 1, unified ? "" : "memory"))
			continue;
		int n = snprintf(directory, PATH_MAX, "/sys/fs/cgroup%s%s", unified ? "" : "/memory", path);
		found = n < PATH_MAX ? unified : -1;
	}
	if (file)
		fclose(file);
	return found;
}

static int file_in(const char *directory, const char *name, int flags)
{
	char path[PATH_MAX];
	int n = snprintf(path, sizeof(path), "%s/%s", directory, name);
	return n < PATH_MAX ? open(path, flags | O_CLOEXEC) : -1;
}

/* v1 tells by an eventfd registered with the cgroup. The event fd is closed by the caller on failure. */
static int register_v1(const char *directory, int event, int control)
{
	char text[32];
	int file = file_in(directory, "cgroup.event_control", O_WRONLY);
	if (file < 0)
		return -1;
	int n = snprintf(text, sizeof(text), "%d %d", event, control);
	ssize_t written = write(file, text, (size_t)n);
	close(file);
	return written == n ? 0 : -1;
}

static unsigned long long counter_read(const struct oom *oom)
{
	char text[512];
	ssize_t n = oom->counters < 0 ? -1 : pread(oom->counters, text, sizeof(text) - 1, 0);
	if (n <= 0)
		return 0;
	text[n] = '\0';
	const char *at = strstr(text, "oom_kill ");
	return at ? strtoull(at + strlen("oom_kill "), NULL, 10) : 0;
}

bool oom_check(struct oom *oom)
{
	unsigned long long now = counter_read(oom);
	if (now > oom->seen) {
		oom->seen = now;
		oom->killed = true;
		oom->happened(oom);
	}
	return oom->killed;
}

static void oom_ready(struct source *source, uint32_t events)
{
	struct oom *oom = (struct oom *)((char *)source - offsetof(struct oom, source));
	uint64_t count;
	if ((events & EPOLLIN) && read(source->fd, &count, sizeof(count)) < 0)
		loop_remove(oom->loop, source);
	/* The counter is bumped after the event; until then the exit or the next event will find it. */
	oom_check(oom);
}

void oom_open(struct oom *oom, struct loop *loop, pid_t pid, void (*happened)(struct oom *oom))
{
	char directory[PATH_MAX];
	*oom = (struct oom){ .loop = loop, .source.fd = -1, .counters = -1, .happened = happened };
	int version2 = memory_directory(pid, directory);
	if (version2 < 0)
		return;
	oom->counters = file_in(directory, version2 ? "memory.events" : "memory.oom_control", O_RDONLY);
	if (oom->counters < 0)
		return;
	oom->seen = counter_read(oom);
	if (version2) {
		loop_add(loop, &oom->source, oom->counters, EPOLLPRI, oom_ready);
		return;
	}
	int event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (event < 0)
		return;
	if (register_v1(directory, event, oom->counters) ||
	    loop_add(loop, &oom->source, event, EPOLLIN, oom_ready))
		close(event);
}

void oom_close(struct oom *oom)
{
	bool watched = oom->source.ready != NULL;
	loop_remove(oom->loop, &oom->source);
	if (watched && oom->source.fd != oom->counters)
		close(oom->source.fd);
	if (oom->counters >= 0)
		close(oom->counters);
	oom->counters = -1;
}
