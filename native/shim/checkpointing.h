/* Writing the container down while it runs. See native/lib/checkpoint.h, and PROTOCOL.md section 2. */
#pragma once

#include "control.h"

struct error;
struct shim;

/* Carries out the request `checkpoint`, or answers why not. */
void checkpoint_begin(struct shim *shim, struct request *request);

/* Init has been sent SIGKILL: frozen it would not end before all has been written down. */
void checkpoint_abort(struct shim *shim);

/* The launcher has written the container down (err NULL), or could not. */
void checkpoint_ended(struct shim *shim, const struct error *err);
