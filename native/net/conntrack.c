#include "conntrack.h"

#include <errno.h>
#include <netinet/in.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/error.h"
#include "nl.h"

#define MESSAGE_BYTES 256

/* The original direction of a flow, as the kernel named it: enough to delete it by. */
struct tuple {
	uint32_t source, destination;
	uint16_t source_port, destination_port;
};

struct found {
	const struct port_map *ports;
	size_t port_count;
	struct tuple *tuples;
	size_t count, cap;
	bool no_memory;
};

static bool copy(const void *attrs, size_t len, uint16_t type, void *out, size_t size)
{
	const struct nlattr *a = nl_find(attrs, len, type);

	if (!a || nl_size(a) != size)
		return false;
	memcpy(out, nl_data(a), size);
	return true;
}

/* False for anything but UDP over IPv4. */
static bool read_tuple(const struct nlattr *orig, struct tuple *out)
{
	const struct nlattr *ip = nl_find(nl_data(orig), nl_size(orig), CTA_TUPLE_IP);
	const struct nlattr *proto = nl_find(nl_data(orig), nl_size(orig), CTA_TUPLE_PROTO);
	uint8_t number;

	return ip && proto && copy(nl_data(proto), nl_size(proto), CTA_PROTO_NUM, &number, 1) && number == IPPROTO_UDP &&
	       copy(nl_data(ip), nl_size(ip), CTA_IP_V4_SRC, &out->source, 4) &&
	       copy(nl_data(ip), nl_size(ip), CTA_IP_V4_DST, &out->destination, 4) &&
	       copy(nl_data(proto), nl_size(proto), CTA_PROTO_SRC_PORT, &out->source_port, 2) &&
	       copy(nl_data(proto), nl_size(proto), CTA_PROTO_DST_PORT, &out->destination_port, 2);
}

static bool is_to(const struct tuple *t, const struct port_map *port)
{
	return port->proto == IPPROTO_UDP && port->host_port == t->destination_port &&
	       (port->host.s_addr == INADDR_ANY || port->host.s_addr == t->destination);
}

static int one_flow(const struct nlmsghdr *h, void *arg)
{
	struct found *f = arg;
	size_t head = NLMSG_ALIGN(sizeof(struct nfgenmsg));
	const struct nlattr *orig = nl_find((const char *)NLMSG_DATA(h) + head, h->nlmsg_len - NLMSG_HDRLEN - head, CTA_TUPLE_ORIG);
	struct tuple t, *grown;
	bool wanted = false;

	if (!orig || !read_tuple(orig, &t))
		return 0;
	for (size_t i = 0; i < f->port_count && !wanted; i++)
		wanted = is_to(&t, &f->ports[i]);
	if (!wanted)
		return 0;
	if (f->count == f->cap) {
		grown = realloc(f->tuples, (f->cap ? f->cap * 2 : 16) * sizeof(*grown));
		f->no_memory = grown == NULL;
		if (!grown)
			return 1;
		f->tuples = grown;
		f->cap = f->cap ? f->cap * 2 : 16;
	}
	f->tuples[f->count++] = t;
	return 0;
}

static void *message(struct nl_batch *b, uint16_t type, uint16_t flags)
{
	struct nfgenmsg *h = nl_message(b, (uint16_t)(NFNL_SUBSYS_CTNETLINK << 8) | type, flags, sizeof(*h));

	h->nfgen_family = AF_INET;
	h->version = NFNETLINK_V0;
	return h;
}

static int forget_one(struct nl *nl, const struct tuple *t, struct error *err)
{
	_Alignas(struct nlmsghdr) char buf[MESSAGE_BYTES];
	const uint8_t udp = IPPROTO_UDP;
	size_t tuple, part;
	struct nl_batch b;

	nl_batch_init(&b, buf, sizeof(buf));
	message(&b, IPCTNL_MSG_CT_DELETE, 0);
	tuple = nl_nest(&b, CTA_TUPLE_ORIG);
	part = nl_nest(&b, CTA_TUPLE_IP);
	nl_put(&b, CTA_IP_V4_SRC, &t->source, 4);
	nl_put(&b, CTA_IP_V4_DST, &t->destination, 4);
	nl_nest_end(&b, part);
	part = nl_nest(&b, CTA_TUPLE_PROTO);
	nl_put(&b, CTA_PROTO_NUM, &udp, 1);
	nl_put(&b, CTA_PROTO_SRC_PORT, &t->source_port, 2);
	nl_put(&b, CTA_PROTO_DST_PORT, &t->destination_port, 2);
	nl_nest_end(&b, part);
	nl_nest_end(&b, tuple);
	/* Gone by itself meanwhile: as good. */
	return nl_commit(nl, &b, NULL, err) && err->code != ENOENT ? -1 : 0;
}

static int find_and_forget(struct nl *nl, struct found *f, struct error *err)
{
	_Alignas(struct nlmsghdr) char buf[MESSAGE_BYTES];
	struct nl_batch b;

	nl_batch_init(&b, buf, sizeof(buf));
	message(&b, IPCTNL_MSG_CT_GET, NLM_F_DUMP);
	if (nl_dump(nl, &b, one_flow, f, err))
		return err->code == EINVAL || err->code == EOPNOTSUPP ? 0 : -1;
	if (f->no_memory)
		return error_text(err, ENOMEM, "no memory for the list of flows");
	for (size_t i = 0; i < f->count; i++)
		if (forget_one(nl, &f->tuples[i], err))
			return -1;
	return 0;
}

int conntrack_forget(const struct port_map *ports, size_t count, struct error *err)
{
	struct found f = { .ports = ports, .port_count = count };
	size_t udp = 0;
	struct nl nl;
	int result;

	for (size_t i = 0; i < count; i++)
		udp += ports[i].proto == IPPROTO_UDP;
	if (udp == 0)
		return 0;
	if (nl_open(&nl, NETLINK_NETFILTER, err))
		return -1;
	result = find_and_forget(&nl, &f, err);
	free(f.tuples);
	nl_close(&nl);
	return result;
}
