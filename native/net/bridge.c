#include "bridge.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>

#include "../lib/error.h"
#include "sysctl.h"

static int create(struct nl *nl, const struct bridge *bridge, struct error *err)
{
	_Alignas(struct nlmsghdr) char buf[512];
	struct nl_batch b;

	nl_batch_init(&b, buf, sizeof(buf));
	add_bridge(&b, bridge->name, &bridge->mac, bridge->mtu);
	if (nl_commit(nl, &b, NULL, err))
		return error_prefix(err, "create bridge %s", bridge->name);
	/* The alias cannot be given on creation. Until it is set the bridge is nobody's, which is what a crash leaves. */
	nl_batch_init(&b, buf, sizeof(buf));
	add_link_change(&b, link_index(bridge->name), &(struct link_change){ .alias = bridge->mark });
	return nl_commit(nl, &b, NULL, err);
}

static int add_addresses(struct nl *nl, const struct bridge *bridge, int index, struct error *err)
{
	_Alignas(struct nlmsghdr) char buf[256];
	struct nl_batch b;

	for (size_t i = 0; i < bridge->address_count; i++) {
		nl_batch_init(&b, buf, sizeof(buf));
		add_address(&b, index, &bridge->addresses[i]);
		if (nl_commit(nl, &b, NULL, err) && err->code != EEXIST)
			return error_prefix(err, "give bridge %s its address", bridge->name);
	}
	nl_batch_init(&b, buf, sizeof(buf));
	add_link_change(&b, index, &(struct link_change){ .up = true });
	return nl_commit(nl, &b, NULL, err);
}

/* A setting of the bridge's own, whose name may hold dots. */
static int write_setting(const struct bridge *bridge, const char *tree, const char *name, const char *value, struct error *err)
{
	char setting[96];
	size_t at = strlen(tree) + 1;

	snprintf(setting, sizeof(setting), "%s.%s.%s", tree, bridge->name, name);
	for (size_t end = at + strlen(bridge->name); at < end; at++)
		setting[at] = setting[at] == '.' ? '/' : setting[at];
	return sysctl_write(setting, value, err);
}

static bool has_ipv6(const struct bridge *bridge)
{
	for (size_t i = 0; i < bridge->address_count; i++)
		if (bridge->addresses[i].family == AF_INET6)
			return true;
	return false;
}

static int set_up(struct nl *nl, const struct bridge *bridge, struct error *err)
{
	struct link_facts facts;

	if (link_facts(nl, bridge->name, &facts, err)) {
		if (err->code != ENODEV || !bridge->mark || create(nl, bridge, err) ||
		    link_facts(nl, bridge->name, &facts, err))
			return -1;
	} else if (!facts.is_bridge) {
		return error_text(err, EEXIST, "%s exists and is not a bridge", bridge->name);
	} else if (bridge->mark && strcmp(facts.alias, bridge->mark) != 0) {
		return error_text(err, EEXIST, "bridge %s exists and is not this engine's", bridge->name);
	}
	if (has_ipv6(bridge) && (write_setting(bridge, "net.ipv6.conf", "disable_ipv6", "0", err) ||
				 write_setting(bridge, "net.ipv6.conf", "accept_ra", "0", err)))
		return -1;
	return add_addresses(nl, bridge, facts.index, err) ? -1 :
							     write_setting(bridge, "net.ipv4.conf", "route_localnet", "1", err);
}

int bridge_ensure(const struct bridge *bridge, struct error *err)
{
	struct nl nl;
	int result;

	if (nl_open(&nl, NETLINK_ROUTE, err))
		return -1;
	result = set_up(&nl, bridge, err);
	nl_close(&nl);
	return result;
}

int bridge_remove(const char *name, const char *mark, struct error *err)
{
	_Alignas(struct nlmsghdr) char buf[128];
	struct link_facts facts;
	struct nl_batch b;
	struct nl nl;
	int result = 0;

	if (nl_open(&nl, NETLINK_ROUTE, err))
		return -1;
	if (link_facts(&nl, name, &facts, err)) {
		result = err->code == ENODEV ? 0 : -1;
	} else if (facts.is_bridge && strcmp(facts.alias, mark) == 0) {
		nl_batch_init(&b, buf, sizeof(buf));
		add_link_removal(&b, facts.index);
		result = nl_commit(&nl, &b, NULL, err);
	}
	nl_close(&nl);
	return result;
}
