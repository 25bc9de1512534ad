/* Containers of Berth's own runtime: native/lib, in process. */
#include <errno.h>

#include "process.h"

static void builtin_make(struct process *p)
{
	struct error err;
	error_set(&err, ENOSYS, "the built-in runtime is not linked in");
	process_made(p, &err);
}
const struct launcher launcher_builtin = { .make = builtin_make };
