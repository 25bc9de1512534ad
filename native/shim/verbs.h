/* The requests of the control socket. Source: native/PROTOCOL.md section 2. */
#pragma once

#include "control.h"

/* Serves one request; owner is the struct shim. */
control_handler verbs_handle;
