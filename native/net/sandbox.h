/*
 * A container's network: a namespace from the pool, its endpoints on bridges, its published ports. Each step is undone
 * by sandbox_undo, in whatever state the work stopped.
 */
#ifndef BERTH_NET_SANDBOX_H
#define BERTH_NET_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>

#include "elements.h"
#include "link.h"
#include "pool.h"
#include "reserve.h"

#define ENDPOINT_ADDRESSES 4

/* One attachment to a bridge. */
struct endpoint {
	char bridge[IF_NAMESIZE];
	char if_name[IF_NAMESIZE]; /* inside */
	struct mac mac;
	struct cidr addresses[ENDPOINT_ADDRESSES];
	unsigned address_count;
	struct cidr gateways[2]; /* at most one of each family */
	unsigned gateway_count;
	uint32_t mtu;
	bool isolated; /* from the bridge's other containers */
};

struct sandbox_port {
	struct reservation host;
	struct in_addr container;
	uint16_t container_port; /* host byte order */
};

struct sandbox_sysctl {
	const char *name;
	const char *value;
};

/* What is asked for; the caller owns the arrays. sandbox_open fills in the results of `ports`. */
struct sandbox_spec {
	const struct endpoint *endpoints;
	size_t endpoint_count;
	struct sandbox_port *ports;
	size_t port_count;
	const struct sandbox_sysctl *sysctls;
	size_t sysctl_count;
	const struct netns_owner *owner; /* NULL: the namespace is of ours */
};

struct sandbox {
	struct netns ns;
	char (*links)[IF_NAMESIZE]; /* host ends of the endpoints' veths, in their order */
	size_t link_count;
	const char *table; /* set once the ports' elements are in it */
};

/*
 * Builds the sandbox: namespace, endpoints, settings, ports bound and redirected through `table`. On failure
 * nothing is left. Returns 0, or -1 with err set, its stage one of: netns, endpoint, sysctl, bind, bind6, publish; for both binds, *bad_port
 * is the index of the port.
 */
int sandbox_open(struct pool *pool, const char *table, const struct sandbox_spec *spec, struct sandbox *out,
		 size_t *bad_port, struct error *err);

/* Takes everything back: for a start that failed later. */
void sandbox_undo(struct sandbox *sandbox, const struct sandbox_spec *spec);

/*
 * Cuts links off their bridges for good, at once (link.h, add_bridge_port_end): their addresses may be given out again. Links that
 * are gone are as good.
 */
void sandbox_cut(const char *const *links, size_t count);

/*
 * Adds an endpoint to a namespace that is in use. Its gateway, if it has one, becomes the default route in place of the one there is. `link`
 * is the host's end. On failure nothing is left. Returns 0, or -1 with err set.
 */
int sandbox_plug(struct netns *ns, const struct endpoint *endpoint, const struct sandbox_sysctl *sysctls, size_t sysctl_count,
		 char link[IF_NAMESIZE], struct error *err);

/* Takes an endpoint's interface away, by its name inside. One that is gone already is as good. Returns 0, or -1 with err set. */
int sandbox_unplug(struct netns *ns, const char *if_name, struct error *err);

/* Makes `gateway` the default route, by the interface of that name inside. Returns 0, or -1 with err set. */
int sandbox_route(struct netns *ns, const char *if_name, const struct cidr *gateway, struct error *err);

/* Closes this process's descriptors after the shim has its own. */
void sandbox_hand_over(struct sandbox *sandbox, const struct sandbox_spec *spec);

#endif
