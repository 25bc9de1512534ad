/*
 * Removing and measuring directory trees whose content is not trusted: of any depth, with links that point anywhere.
 * Nothing is followed, no mount is crossed, two descriptors are open at most.
 */
#ifndef BERTH_EXECUTOR_TREE_H
#define BERTH_EXECUTOR_TREE_H

#include <stdint.h>

#include "../lib/error.h"

/* Asked now and then; non-zero stops the work with ECANCELED. */
typedef int tree_stop(const void *arg);

/*
 * Opens the directory that holds `path`, which must lie below `root` (not be it), no component of it a symbolic
 * link. *name points at the last component, inside `path`. Returns an O_PATH descriptor, or -1 with err set
 * (EINVAL: not below root).
 */
int tree_parent(const char *root, const char *path, const char **name, struct error *err);

/* Removes `name` in the directory `parent` and all below it. Not being there is success. */
int tree_remove(int parent, const char *name, tree_stop *stop, const void *arg, struct error *err);

struct tree_size {
	uint64_t bytes; /* lengths of files, each file once however many names it has */
	uint64_t inodes;
};

int tree_measure(int parent, const char *name, struct tree_size *out, tree_stop *stop, const void *arg,
		 struct error *err);

#endif
