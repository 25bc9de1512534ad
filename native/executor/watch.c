#include "watch.h"

#include <errno.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../net/foreign.h"
#include "../net/table.h"
#include "executor.h"

int watch_open(struct error *err)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_NETFILTER);
	struct sockaddr_nl any = { .nl_family = AF_NETLINK };
	int group = NFNLGRP_NFTABLES;

	if (fd < 0)
		return error_set(err, errno, "open netlink socket");
	if (bind(fd, (struct sockaddr *)&any, sizeof(any)) ||
	    setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group))) {
		int result = error_set(err, errno, "listen to changes of nftables");

		close(fd);
		return result;
	}
	return fd;
}

static bool is_loss(const struct nlmsghdr *h)
{
	switch (h->nlmsg_type & 0xff) {
	case NFT_MSG_DELTABLE:
	case NFT_MSG_DELCHAIN:
	case NFT_MSG_DELRULE:
	case NFT_MSG_DELSET:
		return true;
	default:
		return false;
	}
}

/* True when something was deleted, or when the kernel dropped notices and we cannot know. */
static bool something_lost(int fd)
{
	_Alignas(struct nlmsghdr) char buf[8192];
	bool lost = false;

	for (;;) {
		ssize_t n = recv(fd, buf, sizeof(buf), 0);
		const struct nlmsghdr *h = (const struct nlmsghdr *)buf;

		if (n < 0 && errno == ENOBUFS)
			lost = true;
		else if (n <= 0)
			return lost;
		for (; n > 0 && NLMSG_OK(h, (uint32_t)n); h = NLMSG_NEXT(h, n))
			lost |= is_loss(h);
	}
}

void watch_read(struct executor *e, int fd)
{
	unsigned rules, foreign, foreign_now;
	struct table_count now;
	struct error err;
	char *table;

	if (!something_lost(fd))
		return;
	pthread_mutex_lock(&e->lock);
	table = e->table ? strdup(e->table) : NULL;
	rules = e->table_rules;
	foreign = e->foreign_rules;
	pthread_mutex_unlock(&e->lock);
	if (table && rules > 0 && table_count(table, &now, &err) == 0 && foreign_count(table, &foreign_now, &err) == 0 &&
	    (now.rules < rules || foreign_now < foreign))
		executor_event(e, "net.flushed", NULL);
	free(table);
}
