/*
 * Published ports as elements of two nftables maps, changed by raw netlink: about ten microseconds a change, whatever
 * their number. The maps themselves are part of the table (table.h).
 */
#ifndef BERTH_NET_ELEMENTS_H
#define BERTH_NET_ELEMENTS_H

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>

struct error;

/* One published port. Addresses and ports in network byte order; host 0.0.0.0 means every local address. */
struct port_map {
	uint8_t proto; /* IPPROTO_TCP, ... */
	struct in_addr host;
	in_port_t host_port;
	struct in_addr container;
	in_port_t container_port;
};

/*
 * Adds all of them to the maps of `table`, or none. An element left by a container that is gone is replaced: who
 * holds the host port (reserve.h) owns it. Returns 0, or -1 with err set (ENOENT: the table is not there).
 */
int elements_add(const char *table, const struct port_map *ports, size_t count, struct error *err);

/* Removes those that are there with exactly this target. Returns 0, or -1 with err set. */
int elements_remove(const char *table, const struct port_map *ports, size_t count, struct error *err);

#endif
