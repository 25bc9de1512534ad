/* linux.resources. */
#pragma once

#include "json.h"

/* whole: for a new container, whose device rules are a whole policy with the defaults at its end. */
void parse_resources(struct parse *p, struct json_object *resources, bool whole);
