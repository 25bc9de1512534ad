/* net.*: native/net/README.md. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../lib/fd.h"
#include "../net/bridge.h"
#include "../net/conntrack.h"
#include "../net/foreign.h"
#include "../net/sysctl.h"
#include "../net/table.h"
#include "bridge-json.h"
#include "executor.h"
#include "sandbox-json.h"

#define FORWARDING "net.ipv4.ip_forward"
#define FORWARDING6 "net.ipv6.conf.all.forwarding"

/* Whether forwarding is, or is about to be, the engine's doing: then it is guarded. */
static int needs_guard(struct request *r, bool *out, struct error *err)
{
	struct table_count guard;
	char value[16];

	if (table_count(TABLE_GUARD, &guard, err) || sysctl_read(FORWARDING, value, sizeof(value), err))
		return -1;
	*out = guard.chains > 0 || strcmp(value, "0") == 0 || field_bool(r->params, "guard");
	return 0;
}

/* The guard first: never a moment of forwarding without it. */
static int enable_forwarding(struct request *r, bool guard, struct error *err)
{
	if (!guard)
		return 0;
	return table_apply(r->executor->programs.nft, table_guard_text(), err) || sysctl_write(FORWARDING, "1", err) ? -1 : 0;
}

int forward_ipv6(struct request *r, const struct table_bridge *bridges, size_t count, struct error *err)
{
	char value[16];
	bool any = false;

	for (size_t i = 0; i < count; i++)
		any |= bridges[i].subnet6.family == AF_INET6;
	if (!any || !field_bool(r->params, "forward"))
		return 0;
	if (sysctl_read(FORWARDING6, value, sizeof(value), err))
		return -1;
	/* The guard first, and only where forwarding is the engine's doing. */
	if (strcmp(value, "0") == 0 && (table_apply(r->executor->programs.nft, table_guard6_text(), err) ||
					sysctl_write(FORWARDING6, "1", err)))
		return -1;
	return 0;
}

int foreign_rules_open(struct request *r, const struct table *table, unsigned *count, struct error *err)
{
	scoped_memory const char **names = calloc(table->bridge_count + 1, sizeof(*names));

	if (!names)
		return error_text(err, ENOMEM, "no memory");
	for (size_t i = 0; i < table->bridge_count; i++)
		names[i] = table->bridges[i].name;
	return foreign_set(r->executor->programs.nft, table->name, names, table->bridge_count, err) ||
			       foreign_count(table->name, count, err) ?
		       -1 :
		       0;
}

static int install(struct request *r, struct table *table, struct error *err)
{
	struct executor *e = r->executor;
	struct table_count there;
	unsigned foreign;
	scoped_memory char *text = table_text(table);
	char *name = strdup(table->name);

	if (!text || !name) {
		free(name);
		return error_text(err, ENOMEM, "no memory");
	}
	if (table_apply(e->programs.nft, text, err) || table_count(table->name, &there, err) ||
	    foreign_rules_open(r, table, &foreign, err)) {
		free(name);
		return -1;
	}
	pthread_mutex_lock(&e->lock);
	free(e->table);
	e->table = name;
	e->table_rules = there.rules;
	e->foreign_rules = foreign;
	e->setups++;
	pthread_cond_broadcast(&e->setup_done);
	pthread_mutex_unlock(&e->lock);
	return 0;
}

unsigned executor_setups(struct executor *e)
{
	unsigned count;

	pthread_mutex_lock(&e->lock);
	count = e->setups;
	pthread_mutex_unlock(&e->lock);
	return count;
}

int executor_await_setup(struct executor *e, unsigned seen, unsigned seconds)
{
	struct timespec until;
	int code = 0;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += seconds;
	pthread_mutex_lock(&e->lock);
	while (e->setups == seen && code != ETIMEDOUT)
		code = pthread_cond_timedwait(&e->setup_done, &e->lock, &until);
	pthread_mutex_unlock(&e->lock);
	return code == ETIMEDOUT ? -1 : 0;
}

static void report_failure(struct json_object *list, struct json_object *bridge, const struct error *err)
{
	struct json_object *o = json_object_new_object();

	put_string(o, "name", field_string(bridge, "name"));
	put_string(o, "message", err->message);
	json_object_array_add(list, o);
}

static int set_up(struct request *r, struct table *table, bool *guard, struct json_object *failed, struct error *err)
{
	struct json_object *bridges = field_array(r->params, "bridges");
	size_t count = bridges ? json_object_array_length(bridges) : 0;
	scoped_memory struct table_bridge *list = calloc(count + 1, sizeof(*list));
	int used;

	if (!list)
		return error_text(err, ENOMEM, "no memory");
	for (size_t i = 0; i < count; i++) {
		struct json_object *o = json_object_array_get_idx(bridges, i);

		if (bridge_from_json(o, err) == 0)
			continue;
		if (!field_bool(o, "optional"))
			return error_stage(err, "bridge");
		report_failure(failed, o, err);
	}
	used = table_bridges_from_json(bridges, list, err);
	if (used < 0)
		return -1;
	table->bridges = list;
	table->bridge_count = (size_t)used;
	if (install(r, table, err))
		return error_stage(err, "firewall");
	if (field_bool(r->params, "forward") && (needs_guard(r, guard, err) || enable_forwarding(r, *guard, err)))
		return error_stage(err, "forward");
	if (forward_ipv6(r, list, (size_t)used, err))
		return error_stage(err, "forward");
	return 0;
}

void op_net_setup(struct request *r)
{
	struct json_object *result, *failed;
	struct table table = { 0 };
	struct error err = { 0 };
	struct port_map *ports = NULL;
	bool guard = false;

	if (table_name(r, &table.name, &err) ||
	    port_maps_from_json(field_array(r->params, "ports"), &ports, &table.port_count, &err)) {
		request_refuse(r, NULL, &err);
		return;
	}
	table.ports = ports;
	failed = json_object_new_array();
	if (set_up(r, &table, &guard, failed, &err)) {
		json_object_put(failed);
		request_refuse(r, NULL, &err);
	} else {
		result = json_object_new_object();
		json_object_object_add(result, "guard", json_object_new_boolean(guard));
		json_object_object_add(result, "failed", failed);
		request_answer(r, result);
	}
	free(ports);
}

static int cut_links(struct json_object *list, struct error *err)
{
	size_t count = list ? json_object_array_length(list) : 0;
	scoped_memory const char **links = calloc(count + 1, sizeof(*links));

	if (!links)
		return error_text(err, ENOMEM, "no memory");
	for (size_t i = 0; i < count; i++) {
		links[i] = json_object_get_string(json_object_array_get_idx(list, i));
		if (!links[i] || strlen(links[i]) >= IF_NAMESIZE)
			return error_text(err, EINVAL, "invalid link name");
	}
	sandbox_cut(links, count);
	return 0;
}

void op_net_release(struct request *r)
{
	struct port_map *ports = NULL;
	struct error err = { 0 };
	const char *table = NULL;
	size_t count;

	if (table_name(r, &table, &err) || cut_links(field_array(r->params, "links"), &err) ||
	    port_maps_from_json(field_array(r->params, "ports"), &ports, &count, &err) ||
	    elements_remove(table, ports, count, &err) || conntrack_forget(ports, count, &err))
		request_refuse(r, NULL, &err);
	else
		request_answer(r, NULL);
	free(ports);
}

static int remove_table(struct request *r, const char *name, struct error *err)
{
	char text[2 * TABLE_NAME_MOST + 64];

	snprintf(text, sizeof(text), "table inet %s\ndelete table inet %s\n", name, name);
	return table_apply(r->executor->programs.nft, text, err);
}

int bridges_remove_json(struct json_object *bridges, struct error *err)
{
	for (size_t i = 0; bridges && i < json_object_array_length(bridges); i++) {
		struct json_object *o = json_object_array_get_idx(bridges, i);
		const char *name = field_string(o, "name"), *mark = field_string(o, "mark");

		if (name && mark && bridge_remove(name, mark, err))
			return error_stage(err, "bridge");
	}
	return 0;
}

/*
 * Forwarding that an engine turned on ends with the last of them. Whoever else needs it by now (another engine, a
 * hypervisor) has a bridge; then it stays, guarded.
 */
static int disable_forwarding(struct request *r, struct error *err)
{
	struct table_count guard, guard6;
	unsigned bridges;
	struct nl nl;
	int result;

	if (table_count(TABLE_GUARD, &guard, err) || table_count(TABLE_GUARD6, &guard6, err) || nl_open(&nl, NETLINK_ROUTE, err))
		return -1;
	result = bridge_count(&nl, &bridges, err);
	nl_close(&nl);
	if (result || bridges > 0)
		return result;
	if (guard6.chains > 0 && (sysctl_write(FORWARDING6, "0", err) || remove_table(r, TABLE_GUARD6, err)))
		return -1;
	if (guard.chains == 0)
		return 0;
	return sysctl_write(FORWARDING, "0", err) || remove_table(r, TABLE_GUARD, err) ? -1 : 0;
}

void op_net_teardown(struct request *r)
{
	struct executor *e = r->executor;
	struct error err = { 0 };
	const char *table = NULL;

	if (table_name(r, &table, &err)) {
		request_refuse(r, NULL, &err);
		return;
	}
	pthread_mutex_lock(&e->lock);
	e->table_rules = 0;
	pthread_mutex_unlock(&e->lock);
	if (bridges_remove_json(field_array(r->params, "bridges"), &err) || remove_table(r, table, &err) ||
	    foreign_set(e->programs.nft, table, NULL, 0, &err) || disable_forwarding(r, &err))
		request_refuse(r, NULL, &err);
	else
		request_answer(r, NULL);
}

struct listing {
	struct json_object *list;
};

static int list_one(int index, const struct cidr *c, void *arg)
{
	struct listing *l = arg;
	char address[INET6_ADDRSTRLEN], text[INET6_ADDRSTRLEN + 8], name[IF_NAMESIZE] = "";
	struct json_object *o = json_object_new_object();

	inet_ntop(c->family, c->bytes, address, sizeof(address));
	snprintf(text, sizeof(text), "%s/%u", address, c->prefix);
	put_string(o, "cidr", text);
	put_string(o, "link", if_indextoname((unsigned)index, name) ? name : "");
	json_object_array_add(l->list, o);
	return 0;
}

static struct json_object *links_json(struct nl *nl, struct json_object *names, struct error *err)
{
	struct json_object *result = json_object_new_object();

	for (size_t i = 0; names && i < json_object_array_length(names); i++) {
		const char *name = json_object_get_string(json_object_array_get_idx(names, i));
		struct json_object *o;
		struct link_facts facts;

		if (!name || strlen(name) >= IF_NAMESIZE || link_facts(nl, name, &facts, err))
			continue;
		o = json_object_new_object();
		json_object_object_add(o, "bridge", json_object_new_boolean(facts.is_bridge));
		json_object_object_add(o, "up", json_object_new_boolean(facts.up));
		put_string(o, "alias", facts.alias);
		put_int(o, "mtu", facts.mtu);
		json_object_object_add(result, name, o);
	}
	return result;
}

void op_net_facts(struct request *r)
{
	struct json_object *result = json_object_new_object();
	struct listing addresses = { json_object_new_array() }, routes = { json_object_new_array() };
	struct error err = { 0 }, ignored;
	struct nl nl;

	json_object_object_add(result, "addresses", addresses.list);
	json_object_object_add(result, "routes", routes.list);
	if (nl_open(&nl, NETLINK_ROUTE, &err)) {
		json_object_put(result);
		request_refuse(r, NULL, &err);
		return;
	}
	if (address_walk(&nl, list_one, &addresses, &err) || route_walk(&nl, list_one, &routes, &err)) {
		nl_close(&nl);
		json_object_put(result);
		request_refuse(r, NULL, &err);
		return;
	}
	json_object_object_add(result, "links", links_json(&nl, field_array(r->params, "links"), &ignored));
	nl_close(&nl);
	request_answer(r, result);
}
