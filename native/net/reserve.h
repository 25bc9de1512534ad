/*
 * Host ports of published ports, held by sockets that are bound and never read: while a container runs nobody else can
 * take its port, and two containers cannot ask for the same. IPv4 traffic never arrives at them, it is redirected before
 * (elements.h). They are handed to the shim, which keeps them open until the container has gone.
 */
#ifndef BERTH_NET_RESERVE_H
#define BERTH_NET_RESERVE_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

struct error;

struct reservation {
	uint8_t proto; /* IPPROTO_TCP, IPPROTO_UDP or IPPROTO_SCTP */
	bool has_v4, has_v6; /* on which of the two addresses; the port is the same on both */
	struct in_addr host;
	struct in6_addr host6;
	/* The ports that will do, host byte order; both 0 for any of the machine's ephemeral range. */
	uint16_t first, last;
	/* Results. */
	uint16_t port; /* host byte order */
	int fd; /* -1 when not asked for, or the kernel has no such protocol: then nothing is held */
	/*
	 * A socket that really receives, for the relay: there is no redirection from IPv6 to IPv4. -1 also when the
	 * machine has no IPv6 and any address would have done.
	 */
	int fd6;
};

/*
 * Binds one port and sets `port`, `fd` and `fd6` (close-on-exec, the caller's). Returns 0, or -1 with err set: EADDRINUSE when
 * none of them is free, EADDRNOTAVAIL for an address that is not the machine's. The stage is "bind6" when it was the IPv6 address.
 */
int reserve_port(struct reservation *r, struct error *err);

#endif
