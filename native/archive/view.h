/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BERTH_ARCHIVE_VIEW_H
#define BERTH_ARCHIVE_VIEW_H

#include <stdbool.h>

#include "error.h"

/* A mount of a container, as a detached copy of its source. */
struct view_mount {
	int fd;
	const char *target; /* absolute in the container */
	bool readonly;
};

/*
 * A container's files as this process's whole world: root filesystem and mounts put together in a mount namespace of its own,
 * no device opens and nothing is executed there, and there is no way out (CVE-2018-15664, CVE-2019-14271). Then the process
 * gives up all that it does not need.
 */
struct view {
	/* A detached mount; or, with `namespace`, the mount namespace of a container whose root is to be used. */
	int root;
	bool namespace;
	bool readonly;
	/* Places of mounts that the root does not have are made. Without, nothing is to be seen there. */
	bool make_places;
	struct view_mount *mounts;
	unsigned mount_count;
};

/* Enters it. All descriptors in `v` are closed. Returns a descriptor of the root, or -1 with err set. */
int view_enter(struct view *v, struct error *err);

#endif
