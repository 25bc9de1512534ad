/*
 * Netlink by hand: a batch of messages built in the caller's buffer, sent in one system call, each acknowledged.
 * The socket belongs to the network namespace of the thread that opened it, for ever: configuring a namespace
 * needs no setns, only a socket opened inside it.
 */
#ifndef BERTH_NET_NL_H
#define BERTH_NET_NL_H

#include <linux/netlink.h>
#include <stddef.h>
#include <stdint.h>

struct error;

struct nl {
	int fd;
	uint32_t seq;
};

/* Messages under construction. `count` is the number that will be acknowledged. */
struct nl_batch {
	char *buf;
	size_t cap;
	size_t len;
	unsigned count;
	unsigned overflow;
	struct nlmsghdr *last;
};

/* Opens a socket for `protocol` (NETLINK_ROUTE, NETLINK_NETFILTER). Returns 0, or -1 with err set. */
int nl_open(struct nl *nl, int protocol, struct error *err);
void nl_close(struct nl *nl);

/*
 * Joins a multicast group (RTNLGRP_LINK...) and calls `each` for every notice until it returns non-zero or `timeout_ms` have
 * passed. The socket must have joined before what is awaited was asked for: nl_join first, nl_listen afterwards.
 * nl_listen returns 0, or -1 with err set (ETIMEDOUT).
 */
int nl_join(struct nl *nl, int group, struct error *err);
int nl_listen(struct nl *nl, int timeout_ms, int (*each)(const struct nlmsghdr *, void *), void *arg,
	      struct error *err);

void nl_batch_init(struct nl_batch *b, void *buf, size_t cap);

/*
 * Appends a message with `fixed` bytes of family header (zeroed, returned to be filled in). NLM_F_REQUEST and
 * NLM_F_ACK are added to `flags`; a message that must not be acknowledged (nfnetlink's batch marks) is
 * appended by nl_mark. The returned address stays valid until the batch is sent.
 */
void *nl_message(struct nl_batch *b, uint16_t type, uint16_t flags, size_t fixed);
void *nl_mark(struct nl_batch *b, uint16_t type, size_t fixed);

void nl_put(struct nl_batch *b, uint16_t type, const void *data, size_t len);
void nl_put_u32(struct nl_batch *b, uint16_t type, uint32_t value);
void nl_put_str(struct nl_batch *b, uint16_t type, const char *text);

/* Opens a nested attribute; nl_nest_end takes what nl_nest returned. */
size_t nl_nest(struct nl_batch *b, uint16_t type);
void nl_nest_end(struct nl_batch *b, size_t start);

/*
 * Sends the batch and waits until every message has been acknowledged. All messages are tried; the first
 * failure is reported: -1 with err set to its errno and the kernel's own text, *failed (when not NULL) the index of the
 * message, counted from 0.
 */
int nl_commit(struct nl *nl, struct nl_batch *b, unsigned *failed, struct error *err);

/*
 * Sends one dump request (the batch must hold exactly one message, made with NLM_F_DUMP) and calls `each` for
 * every message of the answer; a non-zero return of `each` stops calling it. Returns 0, or -1 with err set.
 */
int nl_dump(struct nl *nl, struct nl_batch *b, int (*each)(const struct nlmsghdr *, void *), void *arg,
	    struct error *err);

/* Finds attribute `type` in a stretch of attributes; NULL when there is none. Bounds are checked. */
const struct nlattr *nl_find(const void *attrs, size_t len, uint16_t type);
const void *nl_data(const struct nlattr *attr);
size_t nl_size(const struct nlattr *attr);

#endif
