/*
 * The engine's one nftables table: what it holds, and putting it there as one transaction. The ruleset is text for
 * libnftables, which a short-lived helper (berth-nft) applies: it is needed a few times a day, and would double this
 * process's memory. Ports change by elements.h.
 */
#ifndef BERTH_NET_TABLE_H
#define BERTH_NET_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "elements.h"
#include "link.h"

/* Maps of published ports: those on one host address, those on every address. */
#define TABLE_MAP_ADDRESS "published_address"
#define TABLE_MAP_ANY "published_any"

/* A bridge network as the firewall sees it. */
struct table_bridge {
	const char *name;
	struct cidr subnet; /* its network address */
	struct cidr subnet6; /* the same of IPv6; family 0: it has none */
	bool masquerade;
	bool icc; /* its containers may speak to each other */
	bool internal; /* nothing leaves, nothing enters */
};

struct table {
	const char *name;
	const struct table_bridge *bridges;
	size_t bridge_count;
	const struct port_map *ports;
	size_t port_count;
};

/* The ruleset as text: replaces whatever the table held. Returns an allocated string, NULL without memory. */
char *table_text(const struct table *table);

/*
 * Bridges that come and go, as text: `add` may be there already, `remove` must be. Returns an allocated string, NULL without
 * memory.
 */
char *table_bridge_text(const char *table, const struct table_bridge *add, size_t add_count,
			const struct table_bridge *remove, size_t remove_count);

/*
 * The guard: forwarding was off before an engine needed it, so traffic between interfaces that are no bridges stays
 * forbidden, and the machine does not become a router because it runs containers. A table of its own, shared by every
 * engine of the machine: the last one to leave takes it away and turns forwarding off again.
 */
#define TABLE_GUARD "berth_forwarding"
const char *table_guard_text(void);

/* The same for forwarding of IPv6, which is switched by itself. */
#define TABLE_GUARD6 "berth_forwarding6"
const char *table_guard6_text(void);

/* Applies a ruleset by running `helper`. Returns 0, or -1 with err set to the first line of its complaint. */
int table_apply(const char *helper, const char *text, struct error *err);

/* What is there now: chains and rules. Both 0 when there is no such table. Returns 0, or -1 with err set. */
struct table_count {
	unsigned chains;
	unsigned rules;
	unsigned maps;
};
int table_count(const char *name, struct table_count *out, struct error *err);

#endif
