/* Running hooks; hooks_run itself is in launch.h. */
#pragma once

#include <stdbool.h>

#include "launch.h"

/* As hooks_run, and stops at the first failure, as the points before the start do. */
int hooks_run_strict(const struct plan *plan, int point, const char *status, pid_t pid, struct error *err);
