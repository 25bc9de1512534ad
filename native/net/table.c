#include "table.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../lib/error.h"

static void put_cidr(FILE *f, const struct cidr *c)
{
	char text[INET6_ADDRSTRLEN];

	fprintf(f, "%s/%u", inet_ntop(c->family, c->bytes, text, sizeof(text)), c->prefix);
}

static void put_bridge_sets(FILE *f)
{
	fputs("set bridges { type ifname; }\n"
	      "set icc { type ifname . ifname; }\n"
	      "set internal { type ifname; }\n"
	      "set subnets { type ipv4_addr; flags interval; }\n"
	      "set masqueraded { type ipv4_addr; flags interval; }\n"
	      "set subnets6 { type ipv6_addr; flags interval; }\n"
	      "set masqueraded6 { type ipv6_addr; flags interval; }\n"
	      "map " TABLE_MAP_ADDRESS " { type ipv4_addr . inet_proto . inet_service : ipv4_addr . inet_service; }\n"
	      "map " TABLE_MAP_ANY " { type inet_proto . inet_service : ipv4_addr . inet_service; }\n",
	      f);
}

static void put_subnet_element(FILE *f, const char *verb, const char *table, const char *set, const struct cidr *subnet)
{
	fprintf(f, "%s element inet %s %s { ", verb, table, set);
	put_cidr(f, subnet);
	fputs(" }\n", f);
}

/* `verb` is add or delete. */
static void put_bridge(FILE *f, const char *verb, const char *table, const struct table_bridge *b)
{
	fprintf(f, "%s element inet %s bridges { \"%s\" }\n", verb, table, b->name);
	if (b->icc)
		fprintf(f, "%s element inet %s icc { \"%s\" . \"%s\" }\n", verb, table, b->name, b->name);
	if (b->internal)
		fprintf(f, "%s element inet %s internal { \"%s\" }\n", verb, table, b->name);
	put_subnet_element(f, verb, table, "subnets", &b->subnet);
	if (b->masquerade && !b->internal)
		put_subnet_element(f, verb, table, "masqueraded", &b->subnet);
	if (b->subnet6.family != AF_INET6)
		return;
	put_subnet_element(f, verb, table, "subnets6", &b->subnet6);
	if (b->masquerade && !b->internal)
		put_subnet_element(f, verb, table, "masqueraded6", &b->subnet6);
}

static void put_ports(FILE *f, const struct table *t)
{
	char host[INET_ADDRSTRLEN], container[INET_ADDRSTRLEN];

	for (size_t i = 0; i < t->port_count; i++) {
		const struct port_map *p = &t->ports[i];
		bool any = p->host.s_addr == INADDR_ANY;

		fprintf(f, "add element inet %s %s { ", t->name, any ? TABLE_MAP_ANY : TABLE_MAP_ADDRESS);
		if (!any)
			fprintf(f, "%s . ", inet_ntop(AF_INET, &p->host, host, sizeof(host)));
		fprintf(f, "%u . %u : %s . %u }\n", p->proto, ntohs(p->host_port),
			inet_ntop(AF_INET, &p->container, container, sizeof(container)), ntohs(p->container_port));
	}
}

/* README.md says what each chain is for. */
static const char chains[] =
	"chain guard {\n"
	" type filter hook prerouting priority raw; policy accept;\n"
	" iifname @bridges ip daddr 127.0.0.0/8 drop\n"
	" iifname @bridges ip saddr 127.0.0.0/8 drop\n"
	" iifname != @bridges iifname != \"lo\" ip daddr @subnets fib daddr type != local drop\n"
	" iifname != @bridges iifname != \"lo\" ip6 daddr @subnets6 fib daddr type != local drop\n"
	"}\n"
	"chain publish {\n"
	" dnat ip to ip daddr . meta l4proto . th dport map @" TABLE_MAP_ADDRESS "\n"
	" dnat ip to meta l4proto . th dport map @" TABLE_MAP_ANY "\n"
	"}\n"
	"chain incoming {\n"
	" type nat hook prerouting priority dstnat; policy accept;\n"
	" iifname != \"lo\" ip daddr 127.0.0.0/8 return\n"
	" meta nfproto ipv4 fib daddr type local jump publish\n"
	"}\n"
	"chain from_host {\n"
	" type nat hook output priority -100; policy accept;\n"
	" meta nfproto ipv4 fib daddr type local jump publish\n"
	"}\n"
	"chain leaving {\n"
	" type nat hook postrouting priority srcnat; policy accept;\n"
	" ip saddr @masqueraded oifname != @bridges masquerade\n"
	" ip saddr @subnets oifname @bridges ct status dnat masquerade\n"
	" ip saddr 127.0.0.0/8 oifname @bridges masquerade\n"
	" ip6 saddr @masqueraded6 oifname != @bridges masquerade\n"
	" ip6 saddr @subnets6 oifname @bridges ct status dnat masquerade\n"
	"}\n"
	"chain forward {\n"
	" type filter hook forward priority filter; policy accept;\n"
	" oifname @bridges ct state established,related accept\n"
	" iifname . oifname @icc accept\n"
	" iifname @internal drop\n"
	" oifname @internal drop\n"
	" oifname @bridges ct status dnat accept\n"
	" oifname @bridges drop\n"
	" iifname @bridges accept\n"
	"}\n";

const char *table_guard_text(void)
{
	return "table inet " TABLE_GUARD "\ndelete table inet " TABLE_GUARD "\ntable inet " TABLE_GUARD " {\n"
	       "chain forward {\n"
	       " type filter hook forward priority filter; policy accept;\n"
	       " meta iifkind != \"bridge\" meta oifkind != \"bridge\" drop\n"
	       "}\n}\n";
}

const char *table_guard6_text(void)
{
	return "table inet " TABLE_GUARD6 "\ndelete table inet " TABLE_GUARD6 "\ntable inet " TABLE_GUARD6 " {\n"
	       "chain forward {\n"
	       " type filter hook forward priority filter; policy accept;\n"
	       " meta nfproto ipv6 meta iifkind != \"bridge\" meta oifkind != \"bridge\" drop\n"
	       "}\n}\n";
}

char *table_text(const struct table *t)
{
	char *text = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&text, &len);

	if (!f)
		return NULL;
	/* Naming the table first makes the deletion valid whether or not it is there. */
	fprintf(f, "table inet %s\ndelete table inet %s\ntable inet %s {\n", t->name, t->name, t->name);
	put_bridge_sets(f);
	fputs(chains, f);
	fputs("}\n", f);
	for (size_t i = 0; i < t->bridge_count; i++)
		put_bridge(f, "add", t->name, &t->bridges[i]);
	put_ports(f, t);
	if (fclose(f) != 0) {
		free(text);
		return NULL;
	}
	return text;
}

char *table_bridge_text(const char *table, const struct table_bridge *add, size_t add_count,
			const struct table_bridge *remove, size_t remove_count)
{
	char *text = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&text, &len);

	if (!f)
		return NULL;
	for (size_t i = 0; i < add_count; i++)
		put_bridge(f, "add", table, &add[i]);
	for (size_t i = 0; i < remove_count; i++)
		put_bridge(f, "delete", table, &remove[i]);
	if (fclose(f) != 0) {
		free(text);
		return NULL;
	}
	return text;
}

static int write_all(int fd, const char *text)
{
	size_t left = strlen(text);

	while (left > 0) {
		ssize_t n = write(fd, text, left);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		text += n;
		left -= (size_t)n;
	}
	return 0;
}

static int run(const char *helper, int in, int out, pid_t *pid)
{
	char *argv[] = { (char *)"berth-nft", NULL };
	char *env[] = { NULL };
	posix_spawn_file_actions_t actions;
	int result;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, in, 0);
	posix_spawn_file_actions_adddup2(&actions, out, 1);
	result = posix_spawn(pid, helper, &actions, NULL, argv, env);
	posix_spawn_file_actions_destroy(&actions);
	return result;
}

int table_apply(const char *helper, const char *text, struct error *err)
{
	int in = memfd_create("ruleset", MFD_CLOEXEC), out = memfd_create("complaint", MFD_CLOEXEC);
	int status = 0, result = -1, code;
	char complaint[256] = "";
	pid_t pid;

	if (in < 0 || out < 0 || write_all(in, text) || lseek(in, 0, SEEK_SET) < 0) {
		error_set(err, errno, "write the ruleset");
	} else if ((code = run(helper, in, out, &pid)) != 0) {
		error_set(err, code, "run %s", helper);
	} else {
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
		result = WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;
	}
	if (result && status) {
		ssize_t n = pread(out, complaint, sizeof(complaint) - 1, 0);

		complaint[n > 0 ? n : 0] = '\0';
		complaint[strcspn(complaint, "\n")] = '\0';
		error_text(err, EINVAL, "nftables: %s", complaint[0] ? complaint : "the helper failed");
	}
	if (in >= 0)
		close(in);
	if (out >= 0)
		close(out);
	return result;
}

struct counting {
	const char *name;
	unsigned count;
};

static bool names(const void *attrs, size_t len, uint16_t type, const char *text)
{
	const struct nlattr *a = nl_find(attrs, len, type);

	return a && nl_size(a) == strlen(text) + 1 && memcmp(nl_data(a), text, nl_size(a)) == 0;
}

/* NFTA_CHAIN_TABLE, NFTA_RULE_TABLE and NFTA_SET_TABLE are all attribute 1. */
static int count_one(const struct nlmsghdr *h, void *arg)
{
	struct counting *c = arg;
	const char *attrs = (const char *)NLMSG_DATA(h) + NLMSG_ALIGN(sizeof(struct nfgenmsg));
	size_t len = h->nlmsg_len - NLMSG_HDRLEN - NLMSG_ALIGN(sizeof(struct nfgenmsg));

	if (!names(attrs, len, NFTA_CHAIN_TABLE, c->name))
		return 0;
	c->count++;
	return 0;
}

static int count(struct nl *nl, uint16_t type, struct counting *c, struct error *err)
{
	_Alignas(struct nlmsghdr) char buf[128];
	struct nl_batch b;
	struct nfgenmsg *h;

	nl_batch_init(&b, buf, sizeof(buf));
	h = nl_message(&b, (uint16_t)(NFNL_SUBSYS_NFTABLES << 8) | type, NLM_F_DUMP, sizeof(*h));
	h->nfgen_family = NFPROTO_INET;
	/* Rules and sets may be asked for by table; chains of other tables are skipped by count_one. */
	nl_put_str(&b, NFTA_CHAIN_TABLE, c->name);
	if (nl_dump(nl, &b, count_one, c, err) == 0)
		return 0;
	/* Asking for the sets of a table that is not there is ENOENT, for its rules an empty answer. */
	return err->code == ENOENT ? 0 : -1;
}

int table_count(const char *name, struct table_count *out, struct error *err)
{
	struct counting chain = { .name = name };
	struct counting rule = { .name = name }, set = { .name = name };
	struct nl nl;
	int result;

	memset(out, 0, sizeof(*out));
	if (nl_open(&nl, NETLINK_NETFILTER, err))
		return -1;
	result = count(&nl, NFT_MSG_GETCHAIN, &chain, err) || count(&nl, NFT_MSG_GETRULE, &rule, err) ||
				 count(&nl, NFT_MSG_GETSET, &set, err) ?
			 -1 :
			 0;
	nl_close(&nl);
	out->chains = chain.count;
	out->rules = rule.count;
	out->maps = set.count;
	return result;
}
