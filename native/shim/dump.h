/* The built-in runtime's way to write a container down: CRIU, driven by a process of its own. */
#pragma once

#include "cgroup.h"
#include "shim.h"

struct plan;

/* Begins; checkpoint_ended follows. */
void dump_begin(struct shim *shim, const struct plan *plan, const struct cgroup *cgroup);
