#include "shim-place.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "../lib/cgroup.h"
#include "../lib/error.h"

#define NAME "berth-shims"
#define UNIFIED_BESIDE_V1 "/sys/fs/cgroup/unified"

/* Whether this process is below the root of the hierarchy that /proc/self/cgroup lists with `tag` ("::", ":name=systemd:"). */
static bool is_placed(const char *tag)
{
	FILE *f = fopen("/proc/self/cgroup", "re");
	char line[4096];
	bool placed = false;

	while (f && fgets(line, sizeof(line), f)) {
		const char *at = strstr(line, tag);

		if (at && at == strchr(line, ':'))
			placed = at[strlen(tag)] == '/' && at[strlen(tag) + 1] != '\n';
	}
	if (f)
		fclose(f);
	return placed;
}

static void add(const char *mount, char *out, size_t size)
{
	size_t used = strlen(out);
	char path[256];

	if (snprintf(path, sizeof(path), "%s/" NAME, mount) >= (int)sizeof(path) || size - used < strlen(path) + 2)
		return;
	if (mkdir(path, 0755) == 0 || errno == EEXIST)
		snprintf(out + used, size - used, "%s%s", used ? "," : "", path);
}

void shim_place(char *out, size_t size)
{
	struct cgroup_machine machine = { 0 };
	struct error ignored;

	out[0] = '\0';
	if (cgroup_probe(&machine, &ignored))
		return;
	if (machine.version == 2 && is_placed("::"))
		add(machine.mount[0], out, size);
	if (machine.version == 1 && machine.hybrid && is_placed("::"))
		add(UNIFIED_BESIDE_V1, out, size);
	if (machine.version == 1 && (machine.controllers & (1u << CGROUP_NAMED)) && is_placed(":name=systemd:"))
		add(machine.mount[CGROUP_NAMED], out, size);
}
