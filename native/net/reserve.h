/*
 * Host ports of published ports, held by sockets that are bound and never read: while a container runs nobody else can
 * take its port, and two containers cannot ask for the same. Traffic never arrives at them, it is redirected before
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
	struct in_addr host;
	/* The ports that will do, host byte order; both 0 for any of the machine's ephemeral range. */
	uint16_t first, last;
	/* Results. */
	uint16_t port; /* host byte order */
	int fd; /* -1 when the kernel has no such protocol: then nothing is held */
};

/*
 * Binds one port and sets `port` and `fd` (close-on-exec, the caller's). Returns 0, or -1 with err set: EADDRINUSE when none of
 * them is free, EADDRNOTAVAIL for an address that is not the machine's.
 */
int reserve_port(struct reservation *r, struct error *err);

#endif
