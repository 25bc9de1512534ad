#include "bridge-json.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/fd.h"
#include "../net/bridge.h"
#include "../net/table.h"
#include "request.h"

int table_name(struct request *r, const char **out, struct error *err)
{
	const char *name = field_string(r->params, "table");
	size_t len = name ? strlen(name) : 0;

	/* It becomes part of a ruleset's text. */
	if (len == 0 || len > TABLE_NAME_MOST ||
	    strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") != len)
		return error_text(err, EINVAL, "invalid table name %s", name ? name : "");
	*out = name;
	return 0;
}

static int check_link_name(const char *name, struct error *err)
{
	size_t len = name ? strlen(name) : 0;

	if (len == 0 || len >= IF_NAMESIZE || strpbrk(name, "\"\\/ \t\n") || name[0] == '.')
		return error_text(err, EINVAL, "invalid bridge name %s", name ? name : "");
	return 0;
}

int bridge_from_json(struct json_object *o, struct error *err)
{
	struct json_object *list = field_array(o, "addresses");
	size_t count = list ? json_object_array_length(list) : 0;
	struct bridge bridge = { .name = field_string(o, "name"),
				 .mark = field_string(o, "mark"),
				 .mtu = (uint32_t)field_int(o, "mtu") };
	scoped_memory struct cidr *addresses = calloc(count + 1, sizeof(*addresses));
	const char *mac = field_string(o, "mac");

	if (!addresses)
		return error_text(err, ENOMEM, "no memory");
	if (check_link_name(bridge.name, err) || (mac && mac_parse(mac, &bridge.mac, err)))
		return -1;
	for (size_t i = 0; i < count; i++) {
		const char *text = json_object_get_string(json_object_array_get_idx(list, i));

		if (!text || cidr_parse(text, &addresses[i], err))
			return -1;
	}
	bridge.addresses = addresses;
	bridge.address_count = count;
	return bridge_ensure(&bridge, err);
}

int table_bridges_from_json(struct json_object *list, struct table_bridge *out, struct error *err)
{
	int count = 0;

	for (size_t i = 0; list && i < json_object_array_length(list); i++) {
		struct json_object *o = json_object_array_get_idx(list, i);
		const char *subnet = field_string(o, "subnet"), *subnet6 = field_string(o, "subnet6");

		if (!subnet)
			continue;
		out[count].name = field_string(o, "name");
		if (check_link_name(out[count].name, err) || cidr_parse(subnet, &out[count].subnet, err))
			return -1;
		if (subnet6 && cidr_parse(subnet6, &out[count].subnet6, err))
			return -1;
		out[count].masquerade = field_bool(o, "masquerade");
		out[count].icc = field_bool(o, "icc");
		out[count].internal = field_bool(o, "internal");
		count++;
	}
	return count;
}
