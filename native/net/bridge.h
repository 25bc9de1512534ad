/*
 * Bridges of the engine's networks. A bridge the engine made carries a mark (its alias), so that two daemons, and a
 * daemon and an administrator, never take each other's for their own.
 */
#ifndef BERTH_NET_BRIDGE_H
#define BERTH_NET_BRIDGE_H

#include "link.h"

struct bridge {
	const char *name;
	const char *mark; /* the alias; NULL: made by somebody else, used as it is */
	struct mac mac; /* for a new one */
	uint32_t mtu; /* for a new one; 0: the kernel's default */
	const struct cidr *addresses;
	size_t address_count;
};

/*
 * Makes the bridge, or repairs it: its addresses are there, and it is up. Loopback addresses may be routed over it, which
 * published ports on 127.0.0.1 need (table.h guards it). Returns 0; -1 with err set, EEXIST when a link of that name
 * exists that is no bridge or does not carry the mark.
 */
int bridge_ensure(const struct bridge *bridge, struct error *err);

/* Removes a bridge that carries the mark. One that is not there, or another's, is left: 0. */
int bridge_remove(const char *name, const char *mark, struct error *err);

#endif
