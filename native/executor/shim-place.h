/*
 * Where shims live: when the daemon runs in a cgroup of its own (a service manager's), its end may be everybody's in it. Shims
 * go to a cgroup beside it instead.
 */
#ifndef BERTH_EXECUTOR_SHIM_PLACE_H
#define BERTH_EXECUTOR_SHIM_PLACE_H

#include <stddef.h>

/*
 * Writes the directories a shim moves itself to, separated by commas, one for each hierarchy in which this process is not at
 * the root; they are made when missing. "" when there is nothing to leave, or nowhere to go.
 */
void shim_place(char *out, size_t size);

#endif
