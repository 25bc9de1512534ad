#include "link.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_addr.h>
#include <linux/if_bridge.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/error.h"

/* IF_OPER_UP of linux/if.h, which cannot stand beside net/if.h. */
#define OPER_UP 6

static size_t address_bytes(int family)
{
	return family == AF_INET6 ? 16 : 4;
}

int cidr_parse(const char *text, struct cidr *out, struct error *err)
{
	char address[INET6_ADDRSTRLEN + 1];
	const char *slash = strchr(text, '/');
	size_t len = slash ? (size_t)(slash - text) : strlen(text);
	unsigned long prefix, most;
	char *end;

	if (len >= sizeof(address))
		return error_text(err, EINVAL, "invalid address %s", text);
	memcpy(address, text, len);
	address[len] = '\0';
	memset(out, 0, sizeof(*out));
	out->family = strchr(address, ':') ? AF_INET6 : AF_INET;
	if (inet_pton(out->family, address, out->bytes) != 1)
		return error_text(err, EINVAL, "invalid address %s", text);
	most = address_bytes(out->family) * 8;
	prefix = most;
	if (slash) {
		prefix = strtoul(slash + 1, &end, 10);
		if (slash[1] < '0' || slash[1] > '9' || *end || prefix > most)
			return error_text(err, EINVAL, "invalid prefix length in %s", text);
	}
	out->prefix = (uint8_t)prefix;
	return 0;
}

int mac_parse(const char *text, struct mac *out, struct error *err)
{
	int used = 0;
	uint8_t *b = out->byte;

	if (sscanf(text, "%2hhx:%2hhx:%2hhx:%2hhx:%2hhx:%2hhx%n", &b[0], &b[1], &b[2], &b[3], &b[4], &b[5], &used) != 6 ||
	    text[used] != '\0')
		return error_text(err, EINVAL, "invalid MAC address %s", text);
	return 0;
}

int link_index(const char *name)
{
	return (int)if_nametoindex(name);
}

void add_veth(struct nl_batch *b, const char *host_name, const char *peer_name, int peer_netns)
{
	struct ifinfomsg peer = { 0 };
	size_t info, data, half;

	nl_message(b, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, sizeof(struct ifinfomsg));
	nl_put_str(b, IFLA_IFNAME, host_name);
	nl_put_u32(b, IFLA_TXQLEN, 0);
	info = nl_nest(b, IFLA_LINKINFO);
	nl_put_str(b, IFLA_INFO_KIND, "veth");
	data = nl_nest(b, IFLA_INFO_DATA);
	/* The peer's half is a whole message without its netlink header: ifinfomsg, then attributes. */
	half = b->len;
	nl_put(b, VETH_INFO_PEER | NLA_F_NESTED, &peer, sizeof(peer));
	nl_put_str(b, IFLA_IFNAME, peer_name);
	nl_put_u32(b, IFLA_TXQLEN, 0);
	nl_put_u32(b, IFLA_NET_NS_FD, (uint32_t)peer_netns);
	nl_nest_end(b, half);
	nl_nest_end(b, data);
	nl_nest_end(b, info);
}

void add_link_change(struct nl_batch *b, int index, const struct link_change *change)
{
	struct ifinfomsg *link = nl_message(b, RTM_NEWLINK, 0, sizeof(*link));

	link->ifi_index = index;
	if (change->up)
		link->ifi_flags = link->ifi_change = IFF_UP;
	if (change->name)
		nl_put_str(b, IFLA_IFNAME, change->name);
	if (change->alias)
		nl_put(b, IFLA_IFALIAS, change->alias, strlen(change->alias));
	if (change->mac)
		nl_put(b, IFLA_ADDRESS, change->mac->byte, sizeof(change->mac->byte));
	if (change->mtu)
		nl_put_u32(b, IFLA_MTU, change->mtu);
	if (change->master)
		nl_put_u32(b, IFLA_MASTER, (uint32_t)change->master);
	if (change->no_link_local) {
		uint8_t none = IN6_ADDR_GEN_MODE_NONE;
		size_t spec = nl_nest(b, IFLA_AF_SPEC);
		size_t inet6 = nl_nest(b, AF_INET6);

		nl_put(b, IFLA_INET6_ADDR_GEN_MODE, &none, sizeof(none));
		nl_nest_end(b, inet6);
		nl_nest_end(b, spec);
	}
}

void add_bridge_port(struct nl_batch *b, int index, bool isolated)
{
	struct ifinfomsg *link = nl_message(b, RTM_SETLINK, 0, sizeof(*link));
	uint8_t on = 1;
	size_t port;

	link->ifi_family = AF_BRIDGE;
	link->ifi_index = index;
	port = nl_nest(b, IFLA_PROTINFO);
	nl_put(b, IFLA_BRPORT_MODE, &on, sizeof(on));
	if (isolated)
		nl_put(b, IFLA_BRPORT_ISOLATED, &on, sizeof(on));
	nl_nest_end(b, port);
}

void add_bridge_port_end(struct nl_batch *b, int index)
{
	struct ifinfomsg *link = nl_message(b, RTM_SETLINK, 0, sizeof(*link));
	uint8_t disabled = BR_STATE_DISABLED;
	size_t port;

	link->ifi_family = AF_BRIDGE;
	link->ifi_index = index;
	port = nl_nest(b, IFLA_PROTINFO);
	nl_put(b, IFLA_BRPORT_STATE, &disabled, sizeof(disabled));
	nl_nest_end(b, port);
}

void add_bridge_mac(struct nl_batch *b, int index, const struct mac *mac)
{
	struct ndmsg *m = nl_message(b, RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE, sizeof(*m));

	m->ndm_family = AF_BRIDGE;
	m->ndm_ifindex = index;
	m->ndm_state = NUD_REACHABLE;
	m->ndm_flags = NTF_MASTER;
	nl_put(b, NDA_LLADDR, mac->byte, sizeof(mac->byte));
}

static void add_address_message(struct nl_batch *b, uint16_t type, uint16_t flags, int index, const struct cidr *address)
{
	struct ifaddrmsg *m = nl_message(b, type, flags, sizeof(*m));
	size_t len = address_bytes(address->family);

	m->ifa_family = (uint8_t)address->family;
	m->ifa_prefixlen = address->prefix;
	m->ifa_index = (uint32_t)index;
	nl_put(b, IFA_LOCAL, address->bytes, len);
	nl_put(b, IFA_ADDRESS, address->bytes, len);
	if (address->family == AF_INET && address->prefix < 31) {
		uint32_t all = ntohl(address->v4.s_addr) | (uint32_t)(0xffffffffULL >> address->prefix);

		all = htonl(all);
		nl_put(b, IFA_BROADCAST, &all, sizeof(all));
	}
	/* The engine hands out each address once: duplicate detection would only delay its use. */
	if (address->family == AF_INET6 && type == RTM_NEWADDR)
		nl_put_u32(b, IFA_FLAGS, IFA_F_NODAD);
}

void add_address(struct nl_batch *b, int index, const struct cidr *address)
{
	add_address_message(b, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, index, address);
}

void add_address_removal(struct nl_batch *b, int index, const struct cidr *address)
{
	add_address_message(b, RTM_DELADDR, 0, index, address);
}

static void put_default_route(struct nl_batch *b, int index, const struct cidr *gateway, uint16_t flags)
{
	struct rtmsg *m = nl_message(b, RTM_NEWROUTE, flags, sizeof(*m));

	m->rtm_family = (uint8_t)gateway->family;
	m->rtm_table = RT_TABLE_MAIN;
	m->rtm_protocol = RTPROT_BOOT;
	m->rtm_scope = RT_SCOPE_UNIVERSE;
	m->rtm_type = RTN_UNICAST;
	nl_put(b, RTA_GATEWAY, gateway->bytes, address_bytes(gateway->family));
	nl_put_u32(b, RTA_OIF, (uint32_t)index);
}

void add_default_route(struct nl_batch *b, int index, const struct cidr *gateway)
{
	put_default_route(b, index, gateway, NLM_F_CREATE | NLM_F_EXCL);
}

void add_default_route_change(struct nl_batch *b, int index, const struct cidr *gateway)
{
	put_default_route(b, index, gateway, NLM_F_CREATE | NLM_F_REPLACE);
}

void add_bridge(struct nl_batch *b, const char *name, const struct mac *mac, uint32_t mtu)
{
	size_t info;

	nl_message(b, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, sizeof(struct ifinfomsg));
	nl_put_str(b, IFLA_IFNAME, name);
	nl_put(b, IFLA_ADDRESS, mac->byte, sizeof(mac->byte));
	if (mtu)
		nl_put_u32(b, IFLA_MTU, mtu);
	info = nl_nest(b, IFLA_LINKINFO);
	nl_put_str(b, IFLA_INFO_KIND, "bridge");
	nl_nest_end(b, info);
}

void add_link_removal(struct nl_batch *b, int index)
{
	struct ifinfomsg *link = nl_message(b, RTM_DELLINK, 0, sizeof(*link));

	link->ifi_index = index;
}

static bool text_is(const struct nlattr *a, const char *text)
{
	return a && nl_size(a) == strlen(text) + 1 && memcmp(nl_data(a), text, nl_size(a)) == 0;
}

void link_read(const struct nlmsghdr *h, struct link_facts *out)
{
	const struct ifinfomsg *link = NLMSG_DATA(h);
	const char *attrs = (const char *)link + NLMSG_ALIGN(sizeof(*link));
	size_t len = h->nlmsg_len - NLMSG_HDRLEN - NLMSG_ALIGN(sizeof(*link));
	const struct nlattr *alias = nl_find(attrs, len, IFLA_IFALIAS);
	const struct nlattr *info = nl_find(attrs, len, IFLA_LINKINFO);
	const struct nlattr *mtu = nl_find(attrs, len, IFLA_MTU);
	const struct nlattr *state = nl_find(attrs, len, IFLA_OPERSTATE);

	out->running = state && nl_size(state) == 1 && *(const uint8_t *)nl_data(state) == OPER_UP;
	out->index = link->ifi_index;
	out->up = link->ifi_flags & IFF_UP;
	if (mtu && nl_size(mtu) == sizeof(out->mtu))
		memcpy(&out->mtu, nl_data(mtu), sizeof(out->mtu));
	if (alias && nl_size(alias) > 0)
		snprintf(out->alias, sizeof(out->alias), "%.*s", (int)nl_size(alias), (const char *)nl_data(alias));
	out->is_bridge = info && text_is(nl_find(nl_data(info), nl_size(info), IFLA_INFO_KIND), "bridge");
}

static int one_link(const struct nlmsghdr *h, void *arg)
{
	link_read(h, arg);
	return 1;
}

int link_facts(struct nl *nl, const char *name, struct link_facts *out, struct error *err)
{
	_Alignas(struct nlmsghdr) char buf[256];
	struct nl_batch b;

	memset(out, 0, sizeof(*out));
	nl_batch_init(&b, buf, sizeof(buf));
	/* Not a dump: the one answer is followed by the acknowledgement, which ends nl_dump as DONE would. */
	nl_message(&b, RTM_GETLINK, 0, sizeof(struct ifinfomsg));
	nl_put_str(&b, IFLA_IFNAME, name);
	return nl_dump(nl, &b, one_link, out, err);
}

static int count_bridge(const struct nlmsghdr *h, void *arg)
{
	struct link_facts facts = { 0 };

	link_read(h, &facts);
	*(unsigned *)arg += facts.is_bridge;
	return 0;
}

int bridge_count(struct nl *nl, unsigned *out, struct error *err)
{
	_Alignas(struct nlmsghdr) char buf[128];
	struct nl_batch b;

	*out = 0;
	nl_batch_init(&b, buf, sizeof(buf));
	nl_message(&b, RTM_GETLINK, NLM_F_DUMP, sizeof(struct ifinfomsg));
	return nl_dump(nl, &b, count_bridge, out, err);
}

struct walk {
	int (*each)(int index, const struct cidr *, void *);
	void *arg;
};

static int one_address(const struct nlmsghdr *h, void *arg)
{
	struct walk *walk = arg;
	const struct ifaddrmsg *m = NLMSG_DATA(h);
	const char *attrs = (const char *)m + NLMSG_ALIGN(sizeof(*m));
	size_t len = h->nlmsg_len - NLMSG_HDRLEN - NLMSG_ALIGN(sizeof(*m));
	const struct nlattr *a = nl_find(attrs, len, IFA_LOCAL);
	struct cidr out = { .family = m->ifa_family, .prefix = m->ifa_prefixlen };

	if (!a)
		a = nl_find(attrs, len, IFA_ADDRESS);
	if (!a || nl_size(a) != address_bytes(out.family))
		return 0;
	memcpy(out.bytes, nl_data(a), nl_size(a));
	return walk->each((int)m->ifa_index, &out, walk->arg);
}

static int one_route(const struct nlmsghdr *h, void *arg)
{
	struct walk *walk = arg;
	const struct rtmsg *m = NLMSG_DATA(h);
	const char *attrs = (const char *)m + NLMSG_ALIGN(sizeof(*m));
	size_t len = h->nlmsg_len - NLMSG_HDRLEN - NLMSG_ALIGN(sizeof(*m));
	const struct nlattr *a = nl_find(attrs, len, RTA_DST);
	const struct nlattr *oif = nl_find(attrs, len, RTA_OIF);
	struct cidr out = { .family = m->rtm_family, .prefix = m->rtm_dst_len };
	int index = 0;

	if (m->rtm_table != RT_TABLE_MAIN || m->rtm_type != RTN_UNICAST)
		return 0;
	if (a && nl_size(a) == address_bytes(out.family))
		memcpy(out.bytes, nl_data(a), nl_size(a));
	if (oif && nl_size(oif) == sizeof(index))
		memcpy(&index, nl_data(oif), sizeof(index));
	return walk->each(index, &out, walk->arg);
}

static int walk(struct nl *nl, uint16_t type, size_t fixed, int (*one)(const struct nlmsghdr *, void *),
		struct walk *w, struct error *err)
{
	_Alignas(struct nlmsghdr) char buf[128];
	struct nl_batch b;

	nl_batch_init(&b, buf, sizeof(buf));
	nl_message(&b, type, NLM_F_DUMP, fixed);
	return nl_dump(nl, &b, one, w, err);
}

int address_walk(struct nl *nl, int (*each)(int index, const struct cidr *, void *), void *arg, struct error *err)
{
	return walk(nl, RTM_GETADDR, sizeof(struct ifaddrmsg), one_address, &(struct walk){ each, arg }, err);
}

int route_walk(struct nl *nl, int (*each)(int index, const struct cidr *, void *), void *arg, struct error *err)
{
	return walk(nl, RTM_GETROUTE, sizeof(struct rtmsg), one_route, &(struct walk){ each, arg }, err);
}
