#include "sandbox.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/error.h"
#include "../lib/fd.h"
#include "conntrack.h"
#include "sysctl.h"

#define BATCH_BYTES 2048

struct ends {
	int host;
	int peer;
};

/* The pool's veth serves the first endpoint; each further one gets its own. */
static int find_ends(struct netns *ns, size_t which, const struct endpoint *e, struct ends *ends,
		     char host_name[IF_NAMESIZE], struct error *err)
{
	if (which > 0)
		return netns_add_veth(ns, e->if_name, host_name, &ends->host, &ends->peer, err);
	ends->host = ns->host_index;
	ends->peer = ns->peer_index;
	strcpy(host_name, ns->host_name);
	return 0;
}

static int join_bridge(const struct endpoint *e, int host_index, struct error *err)
{
	_Alignas(struct nlmsghdr) char buf[256];
	struct link_change change = { .master = link_index(e->bridge), .mtu = e->mtu, .up = true };
	struct error ignored;
	struct nl_batch b;
	struct nl nl;
	int result;

	if (change.master == 0)
		return error_text(err, ENODEV, "bridge %s does not exist", e->bridge);
	if (nl_open(&nl, NETLINK_ROUTE, err))
		return -1;
	nl_batch_init(&b, buf, sizeof(buf));
	add_link_change(&b, host_index, &change);
	add_bridge_port(&b, host_index, e->isolated);
	result = nl_commit(&nl, &b, NULL, err);
	/* Refused by a port that does not forward yet, which learns the MAC by itself once it does. */
	nl_batch_init(&b, buf, sizeof(buf));
	add_bridge_mac(&b, host_index, &e->mac);
	if (result == 0)
		(void)nl_commit(&nl, &b, NULL, &ignored);
	nl_close(&nl);
	return result;
}

/* One send: everything inside the namespace. */
static int configure_inside(struct nl *nl, const struct endpoint *e, int peer, bool rename, bool replace, struct error *err)
{
	_Alignas(struct nlmsghdr) char buf[BATCH_BYTES];
	struct link_change change = { .mac = &e->mac, .mtu = e->mtu, .up = true };
	struct nl_batch b;

	nl_batch_init(&b, buf, sizeof(buf));
	if (rename)
		change.name = e->if_name;
	/* The address before the MAC: the kernel then announces the pair, where arp_notify asks for it. */
	for (unsigned i = 0; i < e->address_count; i++)
		add_address(&b, peer, &e->addresses[i]);
	add_link_change(&b, peer, &change);
	for (unsigned i = 0; i < e->gateway_count; i++)
		(replace ? add_default_route_change : add_default_route)(&b, peer, &e->gateways[i]);
	return nl_commit(nl, &b, NULL, err);
}

struct settings {
	const struct sandbox_sysctl *list;
	size_t count;
};

static int write_settings(void *arg, struct error *err)
{
	const struct settings *s = arg;

	for (size_t i = 0; i < s->count; i++)
		if (sysctl_write(s->list[i].name, s->list[i].value, err))
			return -1;
	return 0;
}

static bool has_ipv6(const struct endpoint *e)
{
	for (unsigned i = 0; i < e->address_count; i++)
		if (e->addresses[i].family == AF_INET6)
			return true;
	return false;
}

static int enable_ipv6(void *arg, struct error *err)
{
	const struct endpoint *e = arg;
	char name[64];

	snprintf(name, sizeof(name), "net.ipv6.conf.%s.disable_ipv6", e->if_name);
	return sysctl_write(name, "0", err);
}

static int add_endpoint(struct sandbox *s, size_t which, const struct endpoint *e, struct error *err)
{
	struct netns *ns = &s->ns;
	bool rename = which == 0 && strcmp(e->if_name, "eth0") != 0;
	struct ends ends;

	if (find_ends(ns, which, e, &ends, s->links[which], err))
		return -1;
	s->link_count = which + 1;
	if (join_bridge(e, ends.host, err))
		return -1;
	if (has_ipv6(e) && netns_run(ns->fd, enable_ipv6, (void *)e, err))
		return -1;
	return configure_inside(&ns->nl, e, ends.peer, rename, false, err);
}

static int reserve_all(const struct sandbox_spec *spec, size_t *bad, struct error *err)
{
	for (size_t i = 0; i < spec->port_count; i++)
		if (reserve_port(&spec->ports[i].host, err)) {
			*bad = i;
			return -1;
		}
	return 0;
}

static struct port_map *maps_of(const struct sandbox_spec *spec, size_t *count)
{
	struct port_map *maps = calloc(spec->port_count + 1, sizeof(*maps));

	*count = 0;
	for (size_t i = 0; maps && i < spec->port_count; i++) {
		const struct sandbox_port *p = &spec->ports[i];

		if (!p->host.has_v4)
			continue;
		maps[(*count)++] = (struct port_map){ .proto = p->host.proto,
					     .host = p->host.host,
					     .host_port = htons(p->host.port),
					     .container = p->container,
					     .container_port = htons(p->container_port) };
	}
	return maps;
}

static int publish(const char *table, const struct sandbox_spec *spec, struct error *err)
{
	struct error ignored;
	struct port_map *maps;
	size_t count;
	int result;

	if (spec->port_count == 0)
		return 0;
	maps = maps_of(spec, &count);
	if (!maps)
		return error_text(err, ENOMEM, "no memory for published ports");
	result = elements_add(table, maps, count, err);
	/* Who was already sending to the port, in vain, gets through now. */
	if (result == 0)
		(void)conntrack_forget(maps, count, &ignored);
	free(maps);
	return result;
}

void sandbox_cut(const char *const *links, size_t count)
{
	_Alignas(struct nlmsghdr) char buf[128];
	struct error ignored;
	struct nl_batch b;
	struct nl nl;

	if (count == 0 || nl_open(&nl, NETLINK_ROUTE, &ignored))
		return;
	for (size_t i = 0; i < count; i++) {
		int index = link_index(links[i]);

		if (index == 0)
			continue;
		nl_batch_init(&b, buf, sizeof(buf));
		add_bridge_port_end(&b, index);
		(void)nl_commit(&nl, &b, NULL, &ignored);
	}
	nl_close(&nl);
}

static int build(const char *table, const struct sandbox_spec *spec, struct sandbox *out, size_t *bad_port,
		 struct error *err)
{
	for (size_t i = 0; i < spec->endpoint_count; i++)
		if (add_endpoint(out, i, &spec->endpoints[i], err)) {
			error_stage(err, "endpoint");
			return -1;
		}
	if (spec->sysctl_count > 0 &&
	    netns_run(out->ns.fd, write_settings, &(struct settings){ spec->sysctls, spec->sysctl_count }, err)) {
		error_stage(err, "sysctl");
		return -1;
	}
	if (reserve_all(spec, bad_port, err)) {
		error_stage(err, "bind");
		return -1;
	}
	if (publish(table, spec, err)) {
		error_stage(err, "publish");
		return -1;
	}
	out->table = table;
	return 0;
}

int sandbox_open(struct pool *pool, const char *table, const struct sandbox_spec *spec, struct sandbox *out,
		 size_t *bad_port, struct error *err)
{
	for (size_t i = 0; i < spec->port_count; i++)
		spec->ports[i].host.fd = spec->ports[i].host.fd6 = -1;
	memset(out, 0, sizeof(*out));
	out->ns.fd = out->ns.user = out->ns.nl.fd = -1;
	out->links = calloc(spec->endpoint_count + 1, sizeof(*out->links));
	if (!out->links)
		return error_text(err, ENOMEM, "no memory");
	if (pool_take(pool, spec->endpoint_count > 0, spec->owner, &out->ns, err)) {
		free(out->links);
		out->links = NULL;
		error_stage(err, "netns");
		return -1;
	}
	if (build(table, spec, out, bad_port, err) == 0)
		return 0;
	sandbox_undo(out, spec);
	return -1;
}

static int remove_link(struct nl *nl, const char *name, struct error *err)
{
	_Alignas(struct nlmsghdr) char buf[128];
	struct link_facts facts;
	struct nl_batch b;

	if (link_facts(nl, name, &facts, err))
		return err->code == ENODEV ? 0 : -1;
	nl_batch_init(&b, buf, sizeof(buf));
	add_link_removal(&b, facts.index);
	return nl_commit(nl, &b, NULL, err);
}

int sandbox_unplug(struct netns *ns, const char *if_name, struct error *err)
{
	return remove_link(&ns->nl, if_name, err);
}

int sandbox_plug(struct netns *ns, const struct endpoint *e, const struct sandbox_sysctl *sysctls, size_t sysctl_count,
		 char link[IF_NAMESIZE], struct error *err)
{
	struct settings settings = { sysctls, sysctl_count };
	struct error ignored;

	if (netns_add_veth(ns, e->if_name, ns->host_name, &ns->host_index, &ns->peer_index, err))
		return -1;
	strcpy(link, ns->host_name);
	if (netns_raise(ns, err) == 0 && join_bridge(e, ns->host_index, err) == 0 &&
	    (!has_ipv6(e) || netns_run(ns->fd, enable_ipv6, (void *)e, err) == 0) &&
	    configure_inside(&ns->nl, e, ns->peer_index, false, true, err) == 0 &&
	    (sysctl_count == 0 || netns_run(ns->fd, write_settings, &settings, err) == 0))
		return 0;
	(void)sandbox_unplug(ns, e->if_name, &ignored);
	return -1;
}

int sandbox_route(struct netns *ns, const char *if_name, const struct cidr *gateway, struct error *err)
{
	_Alignas(struct nlmsghdr) char buf[256];
	struct link_facts facts;
	struct nl_batch b;

	if (link_facts(&ns->nl, if_name, &facts, err))
		return -1;
	nl_batch_init(&b, buf, sizeof(buf));
	add_default_route_change(&b, facts.index, gateway);
	return nl_commit(&ns->nl, &b, NULL, err);
}

void sandbox_hand_over(struct sandbox *sandbox, const struct sandbox_spec *spec)
{
	for (size_t i = 0; i < spec->port_count; i++) {
		fd_close(&spec->ports[i].host.fd);
		fd_close(&spec->ports[i].host.fd6);
	}
	netns_close(&sandbox->ns);
	free(sandbox->links);
	sandbox->links = NULL;
	sandbox->link_count = 0;
}

void sandbox_undo(struct sandbox *sandbox, const struct sandbox_spec *spec)
{
	struct error ignored;
	struct port_map *maps;
	size_t count;

	if (sandbox->table && spec->port_count > 0 && (maps = maps_of(spec, &count)) != NULL) {
		(void)elements_remove(sandbox->table, maps, count, &ignored);
		free(maps);
	}
	sandbox->table = NULL;
	for (size_t i = 0; i < sandbox->link_count; i++)
		sandbox_cut(&(const char *){ sandbox->links[i] }, 1);
	sandbox_hand_over(sandbox, spec);
}
