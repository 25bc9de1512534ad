/*
 * Copying a directory tree whole: owners, modes, times, extended attributes, hard links, devices. Both sides are only
 * reached through descriptors; symbolic links are copied, never followed.
 */
#ifndef BERTH_EXECUTOR_COPY_H
#define BERTH_EXECUTOR_COPY_H

#include "../lib/error.h"
#include "tree.h"

/*
 * Makes the directory `to`, which must be empty, equal to `from`. Both are readable directory descriptors, and stay the
 * caller's. On failure what was copied is removed again. Returns 0; 1 when `to` is not empty and nothing was done; -1 with err set.
 */
int copy_tree(int from, int to, tree_stop *stop, const void *arg, struct error *err);

#endif
