/* The parts of linux.* that are lists and numbers: namespaces, devices, resources, sysctls. */
#pragma once

#include "json.h"

void parse_namespaces(struct parse *p, struct json_object *linux_part);

/* linux.devices, and the devices every container has, unless one of the same path is listed. */
void parse_devices(struct parse *p, struct json_object *linux_part);

void parse_sysctls(struct parse *p, struct json_object *linux_part);
