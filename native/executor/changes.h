/* What a container has changed: its upper directory against the layers below. */
#ifndef BERTH_EXECUTOR_CHANGES_H
#define BERTH_EXECUTOR_CHANGES_H

#include <json-c/json_object.h>

#include "../lib/error.h"
#include "tree.h"

enum change_kind { CHANGE_MODIFY = 0, CHANGE_ADD = 1, CHANGE_DELETE = 2 };

/*
 * Compares the overlay's upper directory `upper` with `lower`, the merged view of the layers below it. Both are readable directory
 * descriptors and stay the caller's. Nothing is followed, every name is used below its directory's descriptor.
 *
 * Adds {"Path", "Kind"} objects to `out`, depth first, names in byte order. A directory in which something changed counts as
 * modified; what is below a deleted directory is not told. The root itself never is. Returns 0, or -1 with err set.
 */
int changes_list(int upper, int lower, struct json_object *out, tree_stop *stop, const void *arg, struct error *err);

#endif
