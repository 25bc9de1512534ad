/*
 * Network namespaces made ahead of need, each with one veth already across: taking one and giving it an address costs
 * a few hundred microseconds where making it costs milliseconds. A thread of its own refills the pool when one was
 * taken. The kernel destroys a namespace, and its veth with it, when the last descriptor or process goes: nothing
 * here outlives the executor but what it handed on.
 */
#ifndef BERTH_NET_POOL_H
#define BERTH_NET_POOL_H

#include <net/if.h>
#include <stdbool.h>

#include "nl.h"

struct pool;

/* A namespace and a netlink socket inside it. Loopback is up; `eth0` there and `host_name` here are both up. */
struct netns {
	int fd;
	int user; /* the user namespace it belongs to; -1: ours */
	struct nl nl;
	int host_index; /* of the veth's end here; 0: there is no veth */
	int peer_index; /* of eth0, inside */
	char host_name[IF_NAMESIZE];
};

/*
 * Starts a pool of `size` namespaces with a veth and `bare` ones without; it fills in the background. Returns NULL with err set when the thread cannot be
 * started. Stop it with pool_stop before the process ends.
 */
struct pool *pool_start(unsigned size, unsigned bare, struct error *err);
void pool_stop(struct pool *pool);


/* How many with a veth are ready now. For tests and measurements. */
unsigned pool_ready(struct pool *pool);

/* Which user namespace a network namespace is to belong to. */
struct netns_owner {
	int user; /* one that is there, which stays the caller's; -1: a new one with these mappings (texts of lib/idmap.h) */
	const char *uid_map, *gid_map;
};

/*
 * From now on each namespace of the pool has a user namespace of its own with these mappings. The texts stay the caller's; pool_take knows
 * them again by their address.
 */
void pool_map_ids(struct pool *pool, const char *uid_map, const char *gid_map);

/*
 * Takes one, with a veth or bare, or makes it if none is ready. owner NULL: it belongs to our user namespace; otherwise out->user
 * is the one it belongs to. The caller owns it. Returns 0, or -1 with err set.
 */
int pool_take(struct pool *pool, bool veth, const struct netns_owner *owner, struct netns *out, struct error *err);

/* Makes a namespace without the pool; with a veth when `veth`. */
int netns_make(struct netns *out, bool veth, struct error *err);

/* The same, in that user namespace. */
int netns_make_owned(struct netns *out, bool veth, const struct netns_owner *owner, struct error *err);

/* Adds a veth to a namespace: `peer_name` inside, both ends down. Sets *host_index, *peer_index and host_name. */
int netns_add_veth(struct netns *ns, const char *peer_name, char host_name[IF_NAMESIZE], int *host_index,
		   int *peer_index, struct error *err);

/* A namespace that others made: takes the descriptor over, opens a socket inside. Returns 0, or -1 with err set. */
int netns_adopt(struct netns *out, int netns_fd, struct error *err);

/* Brings up the ends of a veth that netns_add_veth made, as netns_make does it: the link runs afterwards. */
int netns_raise(struct netns *ns, struct error *err);

/* Closes descriptors; the namespace goes if nobody else holds it. */
void netns_close(struct netns *ns);

/* Runs `work` with the calling thread inside the namespace, and brings the thread back. */
int netns_run(int netns_fd, int (*work)(void *, struct error *), void *arg, struct error *err);

#endif
