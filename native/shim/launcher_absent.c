/* In place of launcher_builtin.c while native/lib has no launch.c: only other runtimes can be used. */
#include <errno.h>

#include "ending.h"
#include "process.h"

static void absent_make(struct process *p)
{
	struct error err;
	error_text(&err, ENOSYS, "this shim was built without the built-in runtime");
	process_made(p, &err);
}

static void absent_release(struct process *p)
{
	(void)p;
}

const struct launcher launcher_builtin = { .make = absent_make, .release = absent_release, .clean = shim_cleaned };
