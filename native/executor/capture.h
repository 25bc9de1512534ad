/* Running a program to its end and keeping what it writes. */
#ifndef BERTH_EXECUTOR_CAPTURE_H
#define BERTH_EXECUTOR_CAPTURE_H

#include <stddef.h>

#include "../lib/error.h"

struct captured {
	char *out, *err; /* NUL-terminated; freed by captured_free */
	size_t out_size, err_size;
	int status; /* as of waitpid(2) */
};

/*
 * Runs `program`, which reads nothing. It is killed after deadline_ms (ETIMEDOUT), when `cancel` becomes readable (ECANCELED), or
 * when it has written more than 16 MiB (EFBIG). Returns 0 when it ended by itself, however, or -1 with err set.
 */
int capture_program(const char *program, char *const argv[], int deadline_ms, int cancel, struct captured *out,
		    struct error *err);

void captured_free(struct captured *c);

#endif
