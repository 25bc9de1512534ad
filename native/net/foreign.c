#include "foreign.h"

#include <endian.h>
#include <errno.h>
#include <netinet/in.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/error.h"
#include "nl.h"
#include "table.h"

#define TABLE "filter"
#define CHAIN "FORWARD"

struct search {
	const char *mark;
	FILE *deletions; /* NULL: only count */
	unsigned count;
	bool hooked;
};

static const void *attributes(const struct nlmsghdr *h, size_t *len)
{
	size_t head = NLMSG_ALIGN(sizeof(struct nfgenmsg));

	*len = h->nlmsg_len - NLMSG_HDRLEN - head;
	return (const char *)NLMSG_DATA(h) + head;
}

static bool text_is(const struct nlattr *a, const char *text)
{
	return a && nl_size(a) == strlen(text) + 1 && memcmp(nl_data(a), text, nl_size(a)) == 0;
}

static int one_rule(const struct nlmsghdr *h, void *arg)
{
	struct search *s = arg;
	size_t len;
	const void *attrs = attributes(h, &len);
	const struct nlattr *data = nl_find(attrs, len, NFTA_RULE_USERDATA);
	const struct nlattr *handle = nl_find(attrs, len, NFTA_RULE_HANDLE);
	uint64_t number;

	/* The comment lies in the user data, ended by a NUL. */
	if (!text_is(nl_find(attrs, len, NFTA_RULE_CHAIN), CHAIN) || !data || !handle || nl_size(handle) != sizeof(number) ||
	    !memmem(nl_data(data), nl_size(data), s->mark, strlen(s->mark) + 1))
		return 0;
	s->count++;
	memcpy(&number, nl_data(handle), sizeof(number));
	if (s->deletions)
		fprintf(s->deletions, "delete rule ip " TABLE " " CHAIN " handle %llu\n", (unsigned long long)be64toh(number));
	return 0;
}

static int one_chain(const struct nlmsghdr *h, void *arg)
{
	struct search *s = arg;
	size_t len;
	const void *attrs = attributes(h, &len);

	if (text_is(nl_find(attrs, len, NFTA_CHAIN_TABLE), TABLE) && text_is(nl_find(attrs, len, NFTA_CHAIN_NAME), CHAIN) &&
	    nl_find(attrs, len, NFTA_CHAIN_HOOK))
		s->hooked = true;
	return 0;
}

static int dump(struct nl *nl, uint16_t type, bool of_table, int (*each)(const struct nlmsghdr *, void *),
		struct search *s, struct error *err)
{
	_Alignas(struct nlmsghdr) char buf[128];
	struct nfgenmsg *h;
	struct nl_batch b;

	nl_batch_init(&b, buf, sizeof(buf));
	h = nl_message(&b, (uint16_t)(NFNL_SUBSYS_NFTABLES << 8) | type, NLM_F_DUMP, sizeof(*h));
	h->nfgen_family = NFPROTO_IPV4;
	if (of_table)
		nl_put_str(&b, NFTA_RULE_TABLE, TABLE);
	if (nl_dump(nl, &b, each, s, err) == 0)
		return 0;
	return err->code == ENOENT ? 0 : -1;
}

static int search(struct search *s, struct error *err)
{
	struct nl nl;
	int result;

	if (nl_open(&nl, NETLINK_NETFILTER, err))
		return -1;
	result = dump(&nl, NFT_MSG_GETCHAIN, false, one_chain, s, err);
	if (result == 0 && s->hooked)
		result = dump(&nl, NFT_MSG_GETRULE, true, one_rule, s, err);
	nl_close(&nl);
	return result;
}

int foreign_count(const char *mark, unsigned *out, struct error *err)
{
	struct search s = { .mark = mark };
	int result = search(&s, err);

	*out = s.count;
	return result;
}

int foreign_set(const char *helper, const char *mark, const char *const *bridges, size_t count, struct error *err)
{
	struct search s = { .mark = mark };
	char *text = NULL;
	size_t len = 0;
	int result;

	s.deletions = open_memstream(&text, &len);
	if (!s.deletions)
		return error_text(err, ENOMEM, "no memory for rules");
	result = search(&s, err);
	for (size_t i = 0; s.hooked && i < count; i++)
		fprintf(s.deletions,
			"insert rule ip " TABLE " " CHAIN " iifname \"%s\" counter accept comment \"%s\"\n"
			"insert rule ip " TABLE " " CHAIN " oifname \"%s\" counter accept comment \"%s\"\n",
			bridges[i], mark, bridges[i], mark);
	if (fclose(s.deletions) != 0)
		result = error_text(err, ENOMEM, "no memory for rules");
	if (result == 0 && len > 0)
		result = table_apply(helper, text, err);
	free(text);
	return result;
}
