#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/vfs.h>

#include "cgroup-file.h"
#include "fd.h"

static bool word_in(const char *words, const char *word, char separator)
{
	size_t length = strlen(word);

	for (const char *at = words; at && *at; at = strchr(at, separator) ? strchr(at, separator) + 1 : NULL)
		if (!strncmp(at, word, length) && (!at[length] || at[length] == separator || at[length] == '\n'))
			return true;
	return false;
}

static int probe_v2(struct cgroup_machine *machine, struct error *err)
{
	static const struct {
		const char *name;
		enum cgroup_controller controller;
	} v2[] = {
		{ "cpu", CGROUP_CPU },	     { "cpuset", CGROUP_CPUSET },   { "memory", CGROUP_MEMORY },
		{ "io", CGROUP_BLKIO },	     { "pids", CGROUP_PIDS },	    { "hugetlb", CGROUP_HUGETLB },
		{ "rdma", CGROUP_RDMA },     { "misc", CGROUP_MISC },	    { "perf_event", CGROUP_PERF_EVENT },
	};
	char text[512] = "";
	scoped_fd int fd = open("/sys/fs/cgroup/cgroup.controllers", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : fd_read_all(fd, text, sizeof(text) - 1);

	if (n < 0)
		return error_set(err, errno, "cgroup.controllers");
	text[strcspn(text, "\n")] = '\0';
	machine->version = 2;
	/* What v1 has controllers for is in every v2 cgroup: freezer, devices by programs, CPU accounting. */
	machine->controllers = 1u << CGROUP_FREEZER | 1u << CGROUP_DEVICES | 1u << CGROUP_CPUACCT;
	strcpy(machine->mount[0], "/sys/fs/cgroup");
	for (size_t i = 0; i < sizeof(v2) / sizeof(v2[0]); i++)
		if (word_in(text, v2[i].name, ' '))
			machine->controllers |= 1u << v2[i].controller;
	return 0;
}

/* One line of mountinfo: "id parent dev root point options... - type source super". */
static void probe_line(struct cgroup_machine *machine, char *line)
{
	char *part = strstr(line, " - "), *point = line, *end;
	bool v1 = part && !strncmp(part, " - cgroup ", 10);

	if (part && !strncmp(part, " - cgroup2 ", 11))
		machine->hybrid = true;
	if (!v1)
		return;
	for (int i = 0; i < 4; i++) {
		point = strchr(point, ' ');
		if (!point)
			return;
		point++;
	}
	end = strchr(point, ' ');
	part = strrchr(part, ' ');
	if (!end || !part || (size_t)(end - point) >= sizeof(machine->mount[0]))
		return;
	*end = '\0';
	for (int i = 0; i < CGROUP_CONTROLLERS; i++) {
		if (!word_in(part + 1, cgroup_controller_name(i), ',') || machine->mount[i][0])
			continue;
		strcpy(machine->mount[i], point);
		machine->controllers |= 1u << i;
	}
}

/*
 * The usual places, by the list of hierarchies: a machine full of mounts has a long mountinfo. Returns false when a
 * hierarchy is not where it is looked for.
 */
static bool probe_usual(struct cgroup_machine *machine)
{
	char text[4096];
	scoped_fd int fd = open("/proc/self/cgroup", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : fd_read_all(fd, text, sizeof(text) - 1);

	if (n <= 0)
		return false;
	text[n] = '\0';
	for (char *line = text, *next; line && *line; line = next) {
		char *names = strchr(line, ':'), *end = names ? strchr(names + 1, ':') : NULL, path[128];
		struct statfs fs;

		next = strchr(line, '\n');
		if (!end)
			return false;
		*end = '\0';
		if (!*++names) {
			machine->hybrid = true;
			continue;
		}
		snprintf(path, sizeof(path), "/sys/fs/cgroup/%.100s", !strncmp(names, "name=", 5) ? names + 5 : names);
		if (strlen(path) >= sizeof(machine->mount[0]) || statfs(path, &fs) || fs.f_type != CGROUP_SUPER_MAGIC)
			return false;
		for (int i = 0; i < CGROUP_CONTROLLERS; i++) {
			if (!word_in(names, cgroup_controller_name(i), ','))
				continue;
			strcpy(machine->mount[i], path);
			machine->controllers |= 1u << i;
		}
	}
	return true;
}

static int probe_mounts(struct cgroup_machine *machine, struct error *err)
{
	scoped_fd int fd = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
	scoped_memory char *text = NULL;

	if (fd < 0)
		return error_set(err, errno, "/proc/self/mountinfo");
	text = fd_read_text(fd, 64u << 20, NULL, err);
	if (!text)
		return -1;
	for (char *line = text, *next; line && *line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		probe_line(machine, line);
	}
	return 0;
}

static void probe_unified(struct cgroup_machine *machine)
{
	static const char place[] = "/sys/fs/cgroup/unified";
	struct statfs fs;

	if (!machine->hybrid || statfs(place, &fs) || fs.f_type != CGROUP2_SUPER_MAGIC)
		return;
	strcpy(machine->mount[CGROUP_UNIFIED], place);
	machine->controllers |= 1u << CGROUP_UNIFIED;
}

int cgroup_probe(struct cgroup_machine *machine, struct error *err)
{
	struct statfs fs;

	memset(machine, 0, sizeof(*machine));
	if (statfs("/sys/fs/cgroup", &fs))
		return error_set(err, errno, "/sys/fs/cgroup");
	if (fs.f_type == CGROUP2_SUPER_MAGIC)
		return probe_v2(machine, err);
	if (!probe_usual(machine)) {
		memset(machine, 0, sizeof(*machine));
		if (probe_mounts(machine, err))
			return -1;
	}
	if (!machine->controllers)
		return error_text(err, ENOENT, "no cgroup hierarchy is mounted below /sys/fs/cgroup");
	probe_unified(machine);
	machine->version = 1;
	return 0;
}
