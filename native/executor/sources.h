/*
 * Sources of bind mounts that a path could not name safely: part of a volume, an image, the /dev/shm of another container.
 * Each becomes a detached mount. native/PROTOCOL.md 1.1.
 */
#ifndef BERTH_EXECUTOR_SOURCES_H
#define BERTH_EXECUTOR_SOURCES_H

#include <stdint.h>

#include "../lib/error.h"

struct json_object;

struct source {
	uint32_t mount; /* index in the spec's mounts */
	int fd; /* a detached mount */
};

struct sources {
	struct source *list;
	unsigned count;
};

/*
 * Opens every entry of `given` (NULL: none). The calling thread must have a working directory and a root of its own (work.c).
 * Returns 0, or -1 with err set: stage "subpath" where a part of a volume or image is not there or leads out of it.
 */
int sources_open(struct json_object *given, struct sources *out, struct error *err);

/* Opens one, {path, subpath?, rootfs?}: a detached mount, whose propagation is still its original's. Returns it, or -1 with err set. */
int source_open(struct json_object *given, struct error *err);

/* Closes them. */
void sources_close(struct sources *sources);

#endif
