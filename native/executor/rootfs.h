/*
 * A container's root filesystem as a descriptor: an overlay mounted nowhere, so that it can be looked into, handed to
 * the shim, and is gone with its last descriptor. native/PROTOCOL.md 1.2.
 */
#ifndef BERTH_EXECUTOR_ROOTFS_H
#define BERTH_EXECUTOR_ROOTFS_H

#include <stdbool.h>

#include "../lib/error.h"

struct json_object;

enum rootfs_use {
	ROOTFS_RUN, /* as described, to run a container on */
	ROOTFS_WRITE, /* the same for a while, with a work directory of its own: nothing is synced when it goes */
	ROOTFS_LOOK, /* to read from; safe while a container uses the same upper directory */
};

/*
 * Opens a rootfs description. *is_mount says whether the descriptor is a detached mount (overlay) or just a directory.
 * The calling thread's working directory may change. Returns the descriptor, or -1 with err set.
 */
int rootfs_open(struct json_object *rootfs, enum rootfs_use use, bool *is_mount, struct error *err);

#endif
