/* The process object of an OCI document. */
#pragma once

#include "json.h"

struct plan_options;

/* Fills plan->process. A given user in options replaces the one of the document. */
void parse_process(struct parse *p, struct json_object *process, const struct plan_options *options);
