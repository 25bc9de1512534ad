/* The mounts of an OCI document. */
#pragma once

#include "json.h"

/* All of "mounts". Relative bind sources are below bundle. */
struct plan_list parse_mounts(struct parse *p, struct json_object *spec, const char *bundle);

/* The options of one mount as written in a list of strings. Returns false for an unknown one, which is data. */
bool mount_option(struct plan_mount *mount, const char *option, unsigned *propagations);

/* A list of {containerID, hostID, size}. */
struct plan_list parse_id_maps(struct parse *p, struct json_object *parent, const char *key);

/* "private", "rslave"... as MS_*; 0 when it is none. */
uint32_t propagation_of(const char *word);
