/* Finds what an OCI runtime said in its JSON log. */
#pragma once

#include "error.h"

/*
 * Fills err with the text of the last `"msg":"..."` in the log file (empty when there is none). The whole of
 * JSON is not read: one string member of a flat object a line, as every runtime writes it.
 */
void runtime_log_error(const char *path, struct error *err);
