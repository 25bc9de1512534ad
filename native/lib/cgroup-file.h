/* Files of a cgroup; shared by the two back ends, not by others. */
#pragma once

#include <dirent.h>

#include "cgroup.h"
#include "error.h"
#include "plan.h"

/* The path of file (or of the directory, file NULL) in a controller's hierarchy. Returns 0, or -1 when there is none. */
int cgroup_file_path(const struct cgroup *cg, enum cgroup_controller controller, const char *file, char *buf,
		     size_t size);

/* Writes text in one write. Returns 0, or -1 with err set in runc's words. ENOENT: no controller, or no such file. */
int cgroup_write(const struct cgroup *cg, enum cgroup_controller controller, const char *file, struct error *err,
		 const char *format, ...) __attribute__((format(printf, 5, 6)));

/* Reads at most size-1 bytes as text, the end trimmed of newlines. Returns the length, or -1 with errno. */
ssize_t cgroup_read(const struct cgroup *cg, enum cgroup_controller controller, const char *file, char *buf,
		    size_t size);

bool cgroup_has_file(const struct cgroup *cg, enum cgroup_controller controller, const char *file);

/* True when an earlier controller shares this one's hierarchy (cpu,cpuacct), or there is no such hierarchy. */
bool cgroup_repeats(const struct cgroup *cg, enum cgroup_controller controller);

static inline bool cgroup_has(const struct cgroup *cg, enum cgroup_controller controller)
{
	return cg->machine.controllers >> controller & 1;
}

/* The number after "name " in a file of `name value` lines; -1 when it is not there. */
int64_t cgroup_field(const char *text, const char *name);

/* What is done with the directory `name` of parent (a descriptor, or AT_FDCWD). Not 0 ends the walk with it. */
typedef int cgroup_step(int parent, const char *name, void *data);

/* Visits directory and those below, deepest first. -1 with errno when it cannot be read; one that is gone is as good. */
int cgroup_walk(const char *directory, cgroup_step *step, void *data);

int cgroup_v1_create(struct cgroup *cg, struct error *err);
int cgroup_v1_apply(const struct cgroup *cg, const struct plan *plan, struct error *err);
int cgroup_v2_create(struct cgroup *cg, struct error *err);
int cgroup_v2_apply(const struct cgroup *cg, const struct plan *plan, struct error *err);

/* The v2 device filter. Replaces what is attached there. Returns 0, or -1 with err set. */
int cgroup_devices_attach(const struct cgroup *cg, const struct plan *plan, struct error *err);

/* From where on device rules count: after the last one that allows or denies everything; *allow is what it says. */
uint32_t cgroup_rules_start(const struct plan *plan, bool *allow);
