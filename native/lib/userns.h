/* What a user namespace keeps the child from doing, done by the parent: mappings, and opening mount sources. */
#pragma once

#include <sys/types.h>

struct error;
struct launch_io;
struct plan;

/* Writes the mappings of the plan for the process. Returns 0, or -1 with err set. */
int userns_map(pid_t pid, const struct plan *plan, struct error *err);

/*
 * Which mounts the parent has to open: every bind when there is a user namespace, idmapped ones and those it was given
 * (io->sources) always. *sources gets one number per mount, 0 or -1 (the child's own business); NULL when all are. The caller
 * frees it. EINVAL when a given one is no bind mount of the plan.
 */
int userns_list_sources(const struct plan *plan, const struct launch_io *io, int **sources, struct error *err);

/* Opens those mounts, in order, with their id mappings applied (pid: whose user namespace is the container's). */
int userns_open_sources(pid_t pid, const struct plan *plan, const struct launch_io *io, const int *sources, int *fds,
			unsigned *count, struct error *err);
