/* The `sandbox` and `ports` of a request (native/PROTOCOL.md 1.1) as native/net wants them. */
#ifndef BERTH_EXECUTOR_SANDBOX_JSON_H
#define BERTH_EXECUTOR_SANDBOX_JSON_H

#include "../net/sandbox.h"

struct json_object;

/*
 * Parses a sandbox object. Strings keep pointing into the JSON; free with sandbox_json_free. Returns 0, or -1 with err
 * set (EINVAL).
 */
int sandbox_from_json(struct json_object *object, struct sandbox_spec *out, struct error *err);
void sandbox_json_free(struct sandbox_spec *spec);

/* Parses one endpoint of it, and settings ({name: value}) into an array to be freed. Returns 0, or -1 with err set (EINVAL). */
int endpoint_from_json(struct json_object *object, struct endpoint *out, struct error *err);
int sysctls_from_json(struct json_object *object, const struct sandbox_sysctl **out, size_t *count, struct error *err);

/* The ports as they came out: [{proto, hostIp, hostPort, containerPort}]. */
struct json_object *sandbox_ports_json(const struct sandbox_spec *spec);

/* Parses published ports that are bound already: [{proto, hostIp, hostPort, containerIp, containerPort}]. */
int port_maps_from_json(struct json_object *array, struct port_map **out, size_t *count, struct error *err);

#endif
