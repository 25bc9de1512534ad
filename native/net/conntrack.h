/*
 * Flows the kernel remembers. Where a datagram goes is decided once for its flow, and a flow of UDP lives as long as somebody sends: after
 * a port was published, or is no longer, flows to it have to be forgotten, or they go on where they went before.
 */
#ifndef BERTH_NET_CONNTRACK_H
#define BERTH_NET_CONNTRACK_H

#include <stddef.h>

#include "elements.h"

/* Forgets the UDP flows to these host ports. Those of other protocols are skipped; a kernel without the interface is no failure. */
int conntrack_forget(const struct port_map *ports, size_t count, struct error *err);

#endif
