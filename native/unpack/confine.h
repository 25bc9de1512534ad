/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BERTH_UNPACK_CONFINE_H
#define BERTH_UNPACK_CONFINE_H

#include "error.h"

/*
 * Shuts the process in before it reads a byte that it cannot trust: namespaces of its own without a network, the target
 * directory as its whole file system, the parents as read-only trees of their own that lead nowhere, no capabilities but those
 * that making files takes, no new privileges, a short list of system calls, bounded memory.
 *
 * target and parents are directory descriptors; they are replaced by ones inside. Must be called with one thread.
 * Source: open_tree(2), pivot_root(2) the "." and "." form, capabilities(7), seccomp(2).
 */
int confine(int *target, int *parents, int parent_count, struct error *err);

/*
 * The steps of confine(), for who has something to do between them: namespaces; the detached mount *target as the whole file
 * system (*target becomes a descriptor of its root); everything else is given up.
 */
int confine_namespaces(struct error *err);
int confine_root(int *target, struct error *err);
int confine_self(struct error *err);

#endif
