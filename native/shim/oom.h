/* Notices that the kernel killed for memory in the container's cgroup, on cgroup v1 and v2. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "loop.h"

struct oom {
	struct loop *loop;
	struct source source; /* v1: eventfd; v2: memory.events */
	int counters;         /* file with an `oom_kill <n>` line, or -1 */
	unsigned long long seen;
	bool killed; /* it has happened */
	void (*happened)(struct oom *oom);
};

/*
 * Watches the memory cgroup that process pid is in now. A host without one, or a cgroup that cannot be read,
 * is watched for nothing: oom_check then always says false.
 */
void oom_open(struct oom *oom, struct loop *loop, pid_t pid, void (*happened)(struct oom *oom));

/* Reads the counter; calls happened for what is new. Returns whether it ever happened. */
bool oom_check(struct oom *oom);

/* Stops watching. */
void oom_close(struct oom *oom);
