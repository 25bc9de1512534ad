/*
 * The shim's two large working areas. Their pages go back to the kernel half a second after the last use, so
 * that a quiet container's shim stays at some tens of kilobytes.
 */
#pragma once

#include "loop.h"

enum { SCRATCH_READ = 256 * 1024, SCRATCH_FORMAT = 256 * 1024 };

struct scratch {
	struct loop *loop;
	char *read;   /* SCRATCH_READ bytes: output just read */
	char *format; /* SCRATCH_FORMAT bytes: log lines being made */
	struct timer idle;
	bool used;
};

/* Returns 0, or -1 with errno. */
int scratch_open(struct scratch *scratch, struct loop *loop);

/* To be called when the areas have been used. */
void scratch_touch(struct scratch *scratch);
