/* Bridges as the requests net.* name them (native/net/README.md). */
#ifndef BERTH_EXECUTOR_BRIDGE_JSON_H
#define BERTH_EXECUTOR_BRIDGE_JSON_H

#include <json-c/json_object.h>

#include "../net/table.h"

struct error;
struct request;

#define TABLE_NAME_MOST 64

/* The request's `table`, fit to be part of a ruleset's text. Returns 0, or -1 with err set (EINVAL). */
int table_name(struct request *r, const char **out, struct error *err);

/* Makes or repairs the bridge an object describes. Returns 0, or -1 with err set. */
int bridge_from_json(struct json_object *o, struct error *err);

/*
 * The bridges of a list as the table wants them, into `out`, which has room for all. A bridge without an IPv4 subnet is no matter
 * for the table. Strings keep pointing into the JSON. Returns how many were written, or -1 with err set.
 */
int table_bridges_from_json(struct json_object *list, struct table_bridge *out, struct error *err);

/* Removes the bridges of a list ({name, mark}) that carry their mark. Returns 0, or -1 with err set. */
int bridges_remove_json(struct json_object *bridges, struct error *err);

/* Switches forwarding of IPv6 on where a bridge needs it and the request has `forward`; guarded when it was off. Returns 0, or -1 with err set. */
int forward_ipv6(struct request *r, const struct table_bridge *bridges, size_t count, struct error *err);

/* Accept rules for exactly the table's bridges where a machine has iptables rules (foreign.h), and their number. */
int foreign_rules_open(struct request *r, const struct table *table, unsigned *count, struct error *err);

#endif
