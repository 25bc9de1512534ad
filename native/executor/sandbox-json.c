#include "sandbox-json.h"

#include <arpa/inet.h>
#include <errno.h>
#include <json-c/linkhash.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/error.h"
#include "request.h"

static const struct {
	const char *name;
	uint8_t number;
} protocols[] = { { "tcp", IPPROTO_TCP }, { "udp", IPPROTO_UDP }, { "sctp", IPPROTO_SCTP } };

static int protocol_from(struct json_object *port, uint8_t *out, struct error *err)
{
	const char *name = field_string(port, "proto");

	for (size_t i = 0; name && i < sizeof(protocols) / sizeof(*protocols); i++)
		if (strcmp(protocols[i].name, name) == 0) {
			*out = protocols[i].number;
			return 0;
		}
	return error_text(err, EINVAL, "unknown protocol %s", name ? name : "");
}

static const char *protocol_name(uint8_t number)
{
	for (size_t i = 0; i < sizeof(protocols) / sizeof(*protocols); i++)
		if (protocols[i].number == number)
			return protocols[i].name;
	return "";
}

static int address_from(struct json_object *o, const char *name, struct in_addr *out, struct error *err)
{
	const char *text = field_string(o, name);

	if (!text || inet_pton(AF_INET, text, out) != 1)
		return error_text(err, EINVAL, "invalid %s %s", name, text ? text : "");
	return 0;
}

static int port_from(struct json_object *o, const char *name, int64_t least, uint16_t *out, struct error *err)
{
	int64_t value = field_int(o, name);

	if (value < least || value > 65535)
		return error_text(err, EINVAL, "invalid %s %lld", name, (long long)value);
	*out = (uint16_t)value;
	return 0;
}

static int copy_name(struct json_object *o, const char *name, char out[IF_NAMESIZE], struct error *err)
{
	const char *text = field_string(o, name);

	if (!text || !*text || strlen(text) >= IF_NAMESIZE)
		return error_text(err, EINVAL, "invalid %s %s", name, text ? text : "");
	strcpy(out, text);
	return 0;
}

/* `gateway` is a string, null, or an array of at most one address of each family. */
static int gateways_from(struct json_object *o, struct endpoint *e, struct error *err)
{
	struct json_object *list = field_array(o, "gateway");
	const char *one = field_string(o, "gateway");
	size_t count = list ? json_object_array_length(list) : 0;

	if (one)
		return cidr_parse(one, &e->gateways[e->gateway_count++], err);
	if (count > 2)
		return error_text(err, EINVAL, "too many gateways");
	for (size_t i = 0; i < count; i++) {
		const char *text = json_object_get_string(json_object_array_get_idx(list, i));

		if (!text || cidr_parse(text, &e->gateways[e->gateway_count++], err))
			return -1;
	}
	return 0;
}

int endpoint_from_json(struct json_object *o, struct endpoint *e, struct error *err)
{
	struct json_object *addresses = field_array(o, "addresses");
	size_t count = addresses ? json_object_array_length(addresses) : 0;
	const char *mac = field_string(o, "mac");

	if (copy_name(o, "bridge", e->bridge, err) || copy_name(o, "ifName", e->if_name, err))
		return -1;
	if (!mac || mac_parse(mac, &e->mac, err))
		return error_text(err, EINVAL, "invalid MAC address %s", mac ? mac : "");
	if (count == 0 || count > ENDPOINT_ADDRESSES)
		return error_text(err, EINVAL, "an endpoint has 1 to %d addresses", ENDPOINT_ADDRESSES);
	for (size_t i = 0; i < count; i++) {
		const char *text = json_object_get_string(json_object_array_get_idx(addresses, i));

		if (!text || cidr_parse(text, &e->addresses[e->address_count++], err))
			return -1;
	}
	e->mtu = (uint32_t)field_int(o, "mtu");
	e->isolated = field_bool(o, "isolated");
	return gateways_from(o, e, err);
}

static int endpoints_from(struct json_object *list, struct sandbox_spec *out, struct error *err)
{
	size_t count = list ? json_object_array_length(list) : 0;
	struct endpoint *endpoints = calloc(count + 1, sizeof(*endpoints));

	out->endpoints = endpoints;
	if (!endpoints)
		return error_text(err, ENOMEM, "no memory");
	for (; out->endpoint_count < count; out->endpoint_count++)
		if (endpoint_from_json(json_object_array_get_idx(list, out->endpoint_count),
				  &endpoints[out->endpoint_count], err))
			return -1;
	return 0;
}

/* `hostIp` is IPv4, `hostIp6` IPv6; one of the two may be absent. */
static int host_addresses_from(struct json_object *o, struct reservation *host, struct error *err)
{
	const char *v4 = field_string(o, "hostIp"), *v6 = field_string(o, "hostIp6");

	host->has_v4 = v4 != NULL;
	host->has_v6 = v6 != NULL;
	if (!v4 && !v6)
		return error_text(err, EINVAL, "a port has no host address");
	if (v4 && inet_pton(AF_INET, v4, &host->host) != 1)
		return error_text(err, EINVAL, "invalid hostIp %s", v4);
	if (v6 && inet_pton(AF_INET6, v6, &host->host6) != 1)
		return error_text(err, EINVAL, "invalid hostIp6 %s", v6);
	return 0;
}

static int ports_from(struct json_object *list, struct sandbox_spec *out, struct error *err)
{
	size_t count = list ? json_object_array_length(list) : 0;

	out->ports = calloc(count + 1, sizeof(*out->ports));
	if (!out->ports)
		return error_text(err, ENOMEM, "no memory");
	for (size_t i = 0; i < count; i++) {
		struct json_object *o = json_object_array_get_idx(list, i);
		struct sandbox_port *p = &out->ports[i];

		p->host.fd = p->host.fd6 = -1;
		if (protocol_from(o, &p->host.proto, err) || host_addresses_from(o, &p->host, err) ||
		    port_from(o, "hostPort", 0, &p->host.first, err) ||
		    port_from(o, "hostPortEnd", 0, &p->host.last, err) ||
		    address_from(o, "containerIp", &p->container, err) ||
		    port_from(o, "containerPort", 1, &p->container_port, err))
			return -1;
		if (p->host.last < p->host.first)
			p->host.last = p->host.first;
		out->port_count++;
	}
	return 0;
}

int sysctls_from_json(struct json_object *object, const struct sandbox_sysctl **out, size_t *used, struct error *err)
{
	size_t count = object ? (size_t)json_object_object_length(object) : 0;
	struct sandbox_sysctl *list = calloc(count + 1, sizeof(*list));

	*out = list;
	*used = 0;
	if (!list)
		return error_text(err, ENOMEM, "no memory");
	if (!object)
		return 0;
	json_object_object_foreach (object, name, value) {
		if (!json_object_is_type(value, json_type_string))
			return error_text(err, EINVAL, "invalid value of sysctl %s", name);
		list[(*used)++] = (struct sandbox_sysctl){ name, json_object_get_string(value) };
	}
	return 0;
}

int sandbox_from_json(struct json_object *object, struct sandbox_spec *out, struct error *err)
{
	memset(out, 0, sizeof(*out));
	if (endpoints_from(field_array(object, "endpoints"), out, err) == 0 &&
	    ports_from(field_array(object, "ports"), out, err) == 0 &&
	    sysctls_from_json(field_object(object, "sysctls"), &out->sysctls, &out->sysctl_count, err) == 0)
		return 0;
	sandbox_json_free(out);
	return error_stage(err, "sandbox");
}

void sandbox_json_free(struct sandbox_spec *spec)
{
	free((void *)spec->endpoints);
	free(spec->ports);
	free((void *)spec->sysctls);
	memset(spec, 0, sizeof(*spec));
}

static void add_port(struct json_object *list, const struct sandbox_port *p, int family, const void *address)
{
	struct json_object *o = json_object_new_object();
	char text[INET6_ADDRSTRLEN];

	put_string(o, "proto", protocol_name(p->host.proto));
	put_string(o, "hostIp", inet_ntop(family, address, text, sizeof(text)));
	put_int(o, "hostPort", p->host.port);
	put_int(o, "containerPort", p->container_port);
	json_object_array_add(list, o);
}

struct json_object *sandbox_ports_json(const struct sandbox_spec *spec)
{
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < spec->port_count; i++) {
		const struct sandbox_port *p = &spec->ports[i];

		if (p->host.has_v4)
			add_port(list, p, AF_INET, &p->host.host);
		if (p->host.fd6 >= 0)
			add_port(list, p, AF_INET6, &p->host.host6);
	}
	return list;
}

int port_maps_from_json(struct json_object *array, struct port_map **out, size_t *count, struct error *err)
{
	size_t all = array ? json_object_array_length(array) : 0;
	struct port_map *maps = calloc(all + 1, sizeof(*maps));

	*out = NULL;
	*count = 0;
	if (!maps)
		return error_text(err, ENOMEM, "no memory");
	for (size_t i = 0; i < all; i++) {
		struct json_object *o = json_object_array_get_idx(array, i);
		uint16_t host_port, container_port;

		if (protocol_from(o, &maps[i].proto, err) || address_from(o, "hostIp", &maps[i].host, err) ||
		    port_from(o, "hostPort", 1, &host_port, err) ||
		    address_from(o, "containerIp", &maps[i].container, err) ||
		    port_from(o, "containerPort", 1, &container_port, err)) {
			free(maps);
			return -1;
		}
		maps[i].host_port = htons(host_port);
		maps[i].container_port = htons(container_port);
	}
	*out = maps;
	*count = all;
	return 0;
}
