/* Where a checkpoint is, and the program that makes and reads it. */
#pragma once

#include <limits.h>
#include <stdbool.h>

struct error;

struct criu_place {
	const char *images; /* of the command line */
	const char *work;   /* likewise; NULL: the container's state directory */
	char criu[PATH_MAX];
	char images_path[PATH_MAX];
};

/*
 * Finds CRIU in PATH, and makes the directory of the images (make) or looks for it: images becomes absolute. Returns 0, or -1
 * with err set.
 */
int criu_place_open(struct criu_place *place, bool make, struct error *err);
