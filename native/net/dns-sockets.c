#include "dns-sockets.h"

#include <errno.h>
#include <netinet/in.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../lib/error.h"
#include "../lib/fd.h"
#include "nl.h"
#include "pool.h"

#define TABLE "berth_dns"
#define CHAIN "output"
#define ADDRESS 0x7f00000b
#define DNS_PORT 53
#define BATCH_BYTES 4096
#define DADDR_OFFSET 16 /* in the IPv4 header */
#define DPORT_OFFSET 2 /* in the headers of UDP and TCP */

static uint16_t message_type(uint16_t type)
{
	return (uint16_t)(NFNL_SUBSYS_NFTABLES << 8) | type;
}

static void put_header(struct nfgenmsg *h, uint8_t family, uint16_t res_id)
{
	h->nfgen_family = family;
	h->version = NFNETLINK_V0;
	h->res_id = htons(res_id);
}

static void put_be32(struct nl_batch *b, uint16_t type, uint32_t value)
{
	nl_put_u32(b, type, htonl(value));
}

/* An expression of a rule: its attributes go between the two calls. */
struct expression {
	size_t element, data;
};

static struct expression begin(struct nl_batch *b, const char *name)
{
	struct expression e = { .element = nl_nest(b, NFTA_LIST_ELEM) };

	nl_put_str(b, NFTA_EXPR_NAME, name);
	e.data = nl_nest(b, NFTA_EXPR_DATA);
	return e;
}

static void end(struct nl_batch *b, struct expression e)
{
	nl_nest_end(b, e.data);
	nl_nest_end(b, e.element);
}

static void put_value(struct nl_batch *b, uint16_t type, const void *value, size_t len)
{
	size_t nest = nl_nest(b, type);

	nl_put(b, NFTA_DATA_VALUE, value, len);
	nl_nest_end(b, nest);
}

static void compare(struct nl_batch *b, const void *value, size_t len)
{
	struct expression e = begin(b, "cmp");

	put_be32(b, NFTA_CMP_SREG, NFT_REG_1);
	put_be32(b, NFTA_CMP_OP, NFT_CMP_EQ);
	put_value(b, NFTA_CMP_DATA, value, len);
	end(b, e);
}

static void match_payload(struct nl_batch *b, uint32_t base, uint32_t offset, const void *value, size_t len)
{
	struct expression e = begin(b, "payload");

	put_be32(b, NFTA_PAYLOAD_DREG, NFT_REG_1);
	put_be32(b, NFTA_PAYLOAD_BASE, base);
	put_be32(b, NFTA_PAYLOAD_OFFSET, offset);
	put_be32(b, NFTA_PAYLOAD_LEN, (uint32_t)len);
	end(b, e);
	compare(b, value, len);
}

static void load(struct nl_batch *b, uint32_t reg, const void *value, size_t len)
{
	struct expression e = begin(b, "immediate");

	put_be32(b, NFTA_IMMEDIATE_DREG, reg);
	put_value(b, NFTA_IMMEDIATE_DATA, value, len);
	end(b, e);
}

/* ip daddr 127.0.0.11 <protocol> dport 53 dnat to 127.0.0.11:<port> */
static void put_rule(struct nl_batch *b, uint8_t protocol, in_port_t port)
{
	const uint32_t address = htonl(ADDRESS);
	const in_port_t dns = htons(DNS_PORT);
	struct expression e;
	size_t list;

	put_header(nl_message(b, message_type(NFT_MSG_NEWRULE), NLM_F_CREATE | NLM_F_APPEND, sizeof(struct nfgenmsg)),
		   NFPROTO_IPV4, 0);
	nl_put_str(b, NFTA_RULE_TABLE, TABLE);
	nl_put_str(b, NFTA_RULE_CHAIN, CHAIN);
	list = nl_nest(b, NFTA_RULE_EXPRESSIONS);
	e = begin(b, "meta");
	put_be32(b, NFTA_META_KEY, NFT_META_L4PROTO);
	put_be32(b, NFTA_META_DREG, NFT_REG_1);
	end(b, e);
	compare(b, &protocol, sizeof(protocol));
	match_payload(b, NFT_PAYLOAD_NETWORK_HEADER, DADDR_OFFSET, &address, sizeof(address));
	match_payload(b, NFT_PAYLOAD_TRANSPORT_HEADER, DPORT_OFFSET, &dns, sizeof(dns));
	load(b, NFT_REG_1, &address, sizeof(address));
	load(b, NFT_REG_2, &port, sizeof(port));
	e = begin(b, "nat");
	put_be32(b, NFTA_NAT_TYPE, NFT_NAT_DNAT);
	put_be32(b, NFTA_NAT_FAMILY, NFPROTO_IPV4);
	put_be32(b, NFTA_NAT_REG_ADDR_MIN, NFT_REG_1);
	put_be32(b, NFTA_NAT_REG_PROTO_MIN, NFT_REG_2);
	end(b, e);
	nl_nest_end(b, list);
}

static void put_chain(struct nl_batch *b)
{
	size_t hook;

	put_header(nl_message(b, message_type(NFT_MSG_NEWTABLE), NLM_F_CREATE, sizeof(struct nfgenmsg)), NFPROTO_IPV4, 0);
	nl_put_str(b, NFTA_TABLE_NAME, TABLE);
	/* Naming it first makes the deletion valid: an earlier name server of this container may have had one. */
	put_header(nl_message(b, message_type(NFT_MSG_DELTABLE), 0, sizeof(struct nfgenmsg)), NFPROTO_IPV4, 0);
	nl_put_str(b, NFTA_TABLE_NAME, TABLE);
	put_header(nl_message(b, message_type(NFT_MSG_NEWTABLE), NLM_F_CREATE, sizeof(struct nfgenmsg)), NFPROTO_IPV4, 0);
	nl_put_str(b, NFTA_TABLE_NAME, TABLE);
	put_header(nl_message(b, message_type(NFT_MSG_NEWCHAIN), NLM_F_CREATE, sizeof(struct nfgenmsg)), NFPROTO_IPV4, 0);
	nl_put_str(b, NFTA_CHAIN_TABLE, TABLE);
	nl_put_str(b, NFTA_CHAIN_NAME, CHAIN);
	hook = nl_nest(b, NFTA_CHAIN_HOOK);
	put_be32(b, NFTA_HOOK_HOOKNUM, NF_INET_LOCAL_OUT);
	put_be32(b, NFTA_HOOK_PRIORITY, (uint32_t)-100);
	nl_nest_end(b, hook);
	nl_put_str(b, NFTA_CHAIN_TYPE, "nat");
}

static int redirect(in_port_t udp, in_port_t tcp, struct error *err)
{
	_Alignas(struct nlmsghdr) char buf[BATCH_BYTES];
	struct nl_batch b;
	struct nl nl;
	int result;

	if (nl_open(&nl, NETLINK_NETFILTER, err))
		return -1;
	nl_batch_init(&b, buf, sizeof(buf));
	put_header(nl_mark(&b, NFNL_MSG_BATCH_BEGIN, sizeof(struct nfgenmsg)), AF_UNSPEC, NFNL_SUBSYS_NFTABLES);
	put_chain(&b);
	put_rule(&b, IPPROTO_UDP, udp);
	put_rule(&b, IPPROTO_TCP, tcp);
	put_header(nl_mark(&b, NFNL_MSG_BATCH_END, sizeof(struct nfgenmsg)), AF_UNSPEC, NFNL_SUBSYS_NFTABLES);
	result = nl_commit(&nl, &b, NULL, err);
	nl_close(&nl);
	return result;
}

/* A bound socket and its port, which the kernel chooses. */
static int open_socket(int type, in_port_t *port, struct error *err)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(ADDRESS) };
	socklen_t size = sizeof(address);
	int fd = socket(AF_INET, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return error_set(err, errno, "open a name server's socket");
	if (bind(fd, (struct sockaddr *)&address, size) || getsockname(fd, (struct sockaddr *)&address, &size) ||
	    (type == SOCK_STREAM && listen(fd, 16))) {
		error_set(err, errno, "bind a name server's socket");
		close(fd);
		return -1;
	}
	*port = address.sin_port;
	return fd;
}

struct sockets {
	int udp, tcp;
};

static int open_both(void *arg, struct error *err)
{
	struct sockets *s = arg;
	in_port_t udp = 0, tcp = 0;

	s->udp = open_socket(SOCK_DGRAM, &udp, err);
	if (s->udp < 0)
		return -1;
	s->tcp = open_socket(SOCK_STREAM, &tcp, err);
	return s->tcp < 0 || redirect(udp, tcp, err) ? -1 : 0;
}

int dns_sockets_open(int netns_fd, int *udp, int *tcp, struct error *err)
{
	struct sockets s = { -1, -1 };

	if (netns_run(netns_fd, open_both, &s, err)) {
		fd_close(&s.udp);
		fd_close(&s.tcp);
		return -1;
	}
	*udp = s.udp;
	*tcp = s.tcp;
	return 0;
}
