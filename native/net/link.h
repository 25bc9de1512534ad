/*
 * Links, addresses and routes, as netlink messages. Functions named add_* append to a batch that the caller
 * commits; the others ask the kernel at once.
 */
#ifndef BERTH_NET_LINK_H
#define BERTH_NET_LINK_H

#include <net/if.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "nl.h"

struct mac {
	uint8_t byte[6];
};

/* An address with its prefix length; family AF_INET or AF_INET6. */
struct cidr {
	int family;
	uint8_t prefix;
	union {
		struct in_addr v4;
		struct in6_addr v6;
		uint8_t bytes[16];
	};
};

/* Parses "a.b.c.d/n" or "x::y/n" (the prefix may be left out: all bits). Returns 0, or -1 (EINVAL). */
int cidr_parse(const char *text, struct cidr *out, struct error *err);
int mac_parse(const char *text, struct mac *out, struct error *err);

/* Index of the link of that name in the calling thread's namespace; 0 when there is none. */
int link_index(const char *name);

/* Creates a veth pair: `host_name` here, down; the peer, named `peer_name`, in the namespace `peer_netns`. */
void add_veth(struct nl_batch *b, const char *host_name, const char *peer_name, int peer_netns);

/* What to change of a link. Unset members are left as they are. */
struct link_change {
	int master; /* ifindex of a bridge; 0 = leave */
	uint32_t mtu; /* 0 = leave */
	const struct mac *mac;
	const char *alias;
	const char *name; /* rename */
	bool up;
	bool no_link_local; /* no IPv6 address of its own making */
};
void add_link_change(struct nl_batch *b, int index, const struct link_change *change);

/*
 * Settings of a bridge's port; the link must have its master already. Hairpin always: the bridge may send a frame back through the
 * port it came from, which a container that calls its own published port needs where br_netfilter makes the bridge itself
 * forward what was redirected. `isolated`: ports that are so do not reach each other, only the host (since Linux 4.18).
 */
void add_bridge_port(struct nl_batch *b, int index, bool isolated);

/*
 * Lets nothing more through a bridge's port, at once and without waiting for anything: for the container that has ended, whose
 * namespace the kernel takes apart only later, and would answer for its address until then.
 */
void add_bridge_port_end(struct nl_batch *b, int index);

/*
 * Tells the bridge of port `index` that this MAC is there. An address is given out again, and its MAC with it, while the kernel still
 * takes the last holder's port apart: until then the bridge would go on sending there.
 */
void add_bridge_mac(struct nl_batch *b, int index, const struct mac *mac);

void add_address(struct nl_batch *b, int index, const struct cidr *address);
void add_address_removal(struct nl_batch *b, int index, const struct cidr *address);
void add_default_route(struct nl_batch *b, int index, const struct cidr *gateway);
/* As add_default_route, in place of the one that is there. */
void add_default_route_change(struct nl_batch *b, int index, const struct cidr *gateway);
void add_bridge(struct nl_batch *b, const char *name, const struct mac *mac, uint32_t mtu);
void add_link_removal(struct nl_batch *b, int index);

/* What is known of a link. */
struct link_facts {
	int index;
	bool up;
	bool running; /* up, and its carrier has been taken notice of: a bridge forwards to it */
	bool is_bridge;
	uint32_t mtu;
	char alias[256];
};

/* Asks for one link by name. Returns 0; -1 with err set (ENODEV: there is none). */
int link_facts(struct nl *nl, const char *name, struct link_facts *out, struct error *err);

/* Reads a RTM_NEWLINK message, as a notice brings it. */
void link_read(const struct nlmsghdr *h, struct link_facts *out);

/* How many bridges this namespace has. Returns 0, or -1 with err set. */
int bridge_count(struct nl *nl, unsigned *out, struct error *err);

/* Calls `each` for every address (IPv4 and IPv6) of this namespace. */
int address_walk(struct nl *nl, int (*each)(int index, const struct cidr *, void *), void *arg, struct error *err);

/* Calls `each` for the destination of every unicast route of the main table; a default route has prefix 0. */
int route_walk(struct nl *nl, int (*each)(int index, const struct cidr *, void *), void *arg, struct error *err);

#endif
