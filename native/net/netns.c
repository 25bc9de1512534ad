#include <errno.h>
#include <fcntl.h>
#include <linux/rtnetlink.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "../lib/error.h"
#include "../lib/fd.h"
#include "../lib/userns-make.h"
#include "link.h"
#include "pool.h"
#include "sysctl.h"

#define CARRIER_MS 3000
#define LOOK_MS 100

static int open_own(struct error *err)
{
	int fd = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);

	return fd < 0 ? error_set(err, errno, "open the network namespace") : fd;
}

/* A thread that cannot come back would do the next container's work in this one's network: better none. */
static void come_back(int home)
{
	if (setns(home, CLONE_NEWNET)) {
		perror("berth-executor: cannot return to the host's network namespace");
		abort();
	}
	close(home);
}

int netns_run(int netns_fd, int (*work)(void *, struct error *), void *arg, struct error *err)
{
	int home = open_own(err), result;

	if (home < 0)
		return -1;
	if (setns(netns_fd, CLONE_NEWNET)) {
		result = error_set(err, errno, "enter the network namespace");
		close(home);
		return result;
	}
	result = work(arg, err);
	come_back(home);
	return result;
}

static int raise_loopback(struct nl *nl, struct error *err)
{
	_Alignas(struct nlmsghdr) char buf[128];
	struct nl_batch b;

	nl_batch_init(&b, buf, sizeof(buf));
	/* The loopback of a new namespace is always the first link. */
	add_link_change(&b, 1, &(struct link_change){ .up = true });
	return nl_commit(nl, &b, NULL, err);
}

/*
 * What Docker sets in every namespace of its own: ports below 1024 and ping need no capability there, and a link gets
 * no IPv6 address that nobody asked for. Of a user namespace ping is not: its groups do not reach so far.
 */
static int set_defaults(bool mapped, struct error *err)
{
	struct error ignored;

	if (sysctl_write("net.ipv4.ip_unprivileged_port_start", "0", err) ||
	    (!mapped && sysctl_write("net.ipv4.ping_group_range", "0 2147483647", err)))
		return -1;
	/* Not there on a kernel without IPv6. */
	(void)sysctl_write("net.ipv6.conf.default.disable_ipv6", "1", &ignored);
	return 0;
}

/* Runs in the new namespace. */
static int furnish(void *arg, struct error *err)
{
	struct netns *out = arg;

	if (out->fd < 0)
		out->fd = open_own(err);
	if (out->fd < 0)
		return -1;
	if (nl_open(&out->nl, NETLINK_ROUTE, err) || set_defaults(out->user >= 0, err) || raise_loopback(&out->nl, err))
		return -1;
	return 0;
}

static void random_name(char name[IF_NAMESIZE])
{
	unsigned bits = 0;

	if (getrandom(&bits, sizeof(bits), 0) != sizeof(bits))
		bits = (unsigned)random();
	snprintf(name, IF_NAMESIZE, "veth%07x", bits & 0xfffffff);
}

static int create_veth(int netns_fd, const char *peer_name, char host_name[IF_NAMESIZE], struct error *err)
{
	_Alignas(struct nlmsghdr) char buf[256];
	struct nl_batch b;
	struct nl nl;
	int result, tries = 8;

	if (nl_open(&nl, NETLINK_ROUTE, err))
		return -1;
	/* The name that is taken may also be the peer's. */
	do {
		random_name(host_name);
		nl_batch_init(&b, buf, sizeof(buf));
		add_veth(&b, host_name, peer_name, netns_fd);
		result = nl_commit(&nl, &b, NULL, err);
	} while (result && err->code == EEXIST && --tries > 0);
	nl_close(&nl);
	return result;
}

int netns_add_veth(struct netns *ns, const char *peer_name, char host_name[IF_NAMESIZE], int *host_index,
		   int *peer_index, struct error *err)
{
	struct link_facts facts;

	if (create_veth(ns->fd, peer_name, host_name, err) || link_facts(&ns->nl, peer_name, &facts, err))
		return -1;
	*peer_index = facts.index;
	*host_index = link_index(host_name);
	return *host_index > 0 ? 0 : error_text(err, ENODEV, "veth %s is gone", host_name);
}

static int change_one(struct nl *nl, int index, const struct link_change *change, struct error *err)
{
	_Alignas(struct nlmsghdr) char buf[256];
	struct nl_batch b;

	nl_batch_init(&b, buf, sizeof(buf));
	add_link_change(&b, index, change);
	return nl_commit(nl, &b, NULL, err);
}

static int is_running(const struct nlmsghdr *h, void *arg)
{
	struct link_facts facts = { 0 };

	if (h->nlmsg_type != RTM_NEWLINK)
		return 0;
	link_read(h, &facts);
	return facts.index == *(const int *)arg && facts.running;
}

/*
 * Notices may be lost where many links change; then looking finds it out. A link that does not come to run is given
 * up on: its container would wait for ever instead of a moment.
 */
static void await_running(const struct netns *ns, struct nl *host, struct nl *notices)
{
	struct link_facts facts;
	struct error ignored;

	for (int waited = 0; waited < CARRIER_MS; waited += LOOK_MS) {
		if (nl_listen(notices, LOOK_MS, is_running, (void *)&ns->host_index, &ignored) == 0)
			return;
		if (link_facts(host, ns->host_name, &facts, &ignored) || facts.running)
			return;
	}
}

/*
 * Up, and running: the carrier is taken notice of by a kernel worker, and until then a bridge forwards nothing to the link.
 * A container's first packet must not meet that.
 */
static int raise_ends(struct netns *ns, struct nl *host, struct nl *notices, struct error *err)
{
	struct error ignored;
	const struct link_change up = { .up = true };

	/* A kernel without IPv6 refuses; then there is nothing to prevent. */
	(void)change_one(host, ns->host_index, &(struct link_change){ .no_link_local = true }, &ignored);
	if (change_one(host, ns->host_index, &up, err) || change_one(&ns->nl, ns->peer_index, &up, err))
		return -1;
	await_running(ns, host, notices);
	return 0;
}

int netns_raise(struct netns *ns, struct error *err)
{
	struct nl host, notices = { .fd = -1 };
	int result = -1;

	if (nl_open(&host, NETLINK_ROUTE, err))
		return -1;
	if (nl_open(&notices, NETLINK_ROUTE, err) == 0 && nl_join(&notices, RTNLGRP_LINK, err) == 0)
		result = raise_ends(ns, &host, &notices, err);
	nl_close(&notices);
	nl_close(&host);
	return result;
}

/* Gives it its veth, after `result` of what came before. Closes it after a failure. */
static int connect_new(struct netns *out, bool veth, int result, struct error *err)
{
	if (result == 0 && veth)
		result = netns_add_veth(out, "eth0", out->host_name, &out->host_index, &out->peer_index, err) ||
					 netns_raise(out, err) ?
				 -1 :
				 0;
	if (result)
		netns_close(out);
	return result;
}

/* Both namespaces, bare. */
static int make_owned(struct netns *out, const struct netns_owner *owner, struct error *err)
{
	if (owner->user < 0)
		return userns_make(owner->uid_map, owner->gid_map, &out->user, &out->fd, err);
	out->fd = userns_make_net(owner->user, err);
	if (out->fd < 0)
		return -1;
	out->user = fcntl(owner->user, F_DUPFD_CLOEXEC, 3);
	return out->user < 0 ? error_set(err, errno, "keep the user namespace") : 0;
}

int netns_make_owned(struct netns *out, bool veth, const struct netns_owner *owner, struct error *err)
{
	int result;

	*out = (struct netns){ .fd = -1, .user = -1, .nl = { .fd = -1 } };
	result = make_owned(out, owner, err) || netns_run(out->fd, furnish, out, err);
	return connect_new(out, veth, result ? -1 : 0, err);
}

int netns_make(struct netns *out, bool veth, struct error *err)
{
	int home = open_own(err), result;

	*out = (struct netns){ .fd = -1, .user = -1, .nl = { .fd = -1 } };
	if (home < 0)
		return -1;
	if (unshare(CLONE_NEWNET)) {
		result = error_set(err, errno, "make a network namespace");
		close(home);
		return result;
	}
	result = furnish(out, err);
	come_back(home);
	return connect_new(out, veth, result, err);
}

static int open_inside(void *arg, struct error *err)
{
	return nl_open(arg, NETLINK_ROUTE, err);
}

int netns_adopt(struct netns *out, int netns_fd, struct error *err)
{
	*out = (struct netns){ .fd = netns_fd, .user = -1, .nl = { .fd = -1 } };
	if (netns_run(netns_fd, open_inside, &out->nl, err) == 0)
		return 0;
	netns_close(out);
	return -1;
}

void netns_close(struct netns *ns)
{
	nl_close(&ns->nl);
	fd_close(&ns->fd);
	fd_close(&ns->user);
}
