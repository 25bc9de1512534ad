/*
 * 127.0.0.11:53 inside a container's network namespace: a UDP and a TCP socket on ports of their own, and a table there that
 * leads port 53 to them, so that the container's own name server can have that port on every other address.
 */
#ifndef BERTH_NET_DNS_SOCKETS_H
#define BERTH_NET_DNS_SOCKETS_H

struct error;

/* Opens both (close-on-exec, the caller's). Returns 0, or -1 with err set: nothing is left then but the table. */
int dns_sockets_open(int netns_fd, int *udp, int *tcp, struct error *err);

#endif
