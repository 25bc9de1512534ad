/*
 * What the limits of a cgroup were, to put them back when only some of a change could be made: the kernel refuses file by file.
 */
#pragma once

#include "cgroup.h"

struct cgroup_limits;

/* The limits as they are. NULL without memory. */
struct cgroup_limits *cgroup_limits_read(const struct cgroup *cg);

/* Makes them what they were; what the kernel does not take back stays. */
void cgroup_limits_restore(const struct cgroup *cg, const struct cgroup_limits *limits);

void cgroup_limits_free(struct cgroup_limits *limits);
