#include "elements.h"

#include <errno.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/error.h"
#include "nl.h"
#include "table.h"

/* A message with one element is about 140 bytes. */
#define MESSAGE_BYTES 192

enum change { ADD, REPLACE, REMOVE };

static void put_header(struct nfgenmsg *h, uint8_t family, uint16_t res_id)
{
	h->nfgen_family = family;
	h->version = NFNETLINK_V0;
	h->res_id = htons(res_id);
}

static void put_value(struct nl_batch *b, uint16_t type, const void *value, size_t len)
{
	size_t nest = nl_nest(b, type);

	nl_put(b, NFTA_DATA_VALUE, value, len);
	nl_nest_end(b, nest);
}

/* Concatenated keys: every field starts on four bytes (`inet_proto` and `inet_service` are padded). */
static size_t key_of(const struct port_map *port, uint8_t key[12])
{
	size_t at = 0;

	memset(key, 0, 12);
	if (port->host.s_addr != INADDR_ANY) {
		memcpy(key, &port->host, 4);
		at = 4;
	}
	key[at] = port->proto;
	memcpy(key + at + 4, &port->host_port, 2);
	return at + 8;
}

static void put_element(struct nl_batch *b, const char *table, uint16_t type, const struct port_map *port)
{
	uint16_t message = (uint16_t)(NFNL_SUBSYS_NFTABLES << 8) | type;
	uint8_t key[12], value[8] = { 0 };
	size_t key_len = key_of(port, key), list, element;

	put_header(nl_message(b, message, type == NFT_MSG_NEWSETELEM ? NLM_F_CREATE | NLM_F_EXCL : 0,
			      sizeof(struct nfgenmsg)),
		   NFPROTO_INET, 0);
	nl_put_str(b, NFTA_SET_ELEM_LIST_TABLE, table);
	nl_put_str(b, NFTA_SET_ELEM_LIST_SET, key_len == 12 ? TABLE_MAP_ADDRESS : TABLE_MAP_ANY);
	list = nl_nest(b, NFTA_SET_ELEM_LIST_ELEMENTS);
	element = nl_nest(b, NFTA_LIST_ELEM);
	put_value(b, NFTA_SET_ELEM_KEY, key, key_len);
	memcpy(value, &port->container, 4);
	memcpy(value + 4, &port->container_port, 2);
	put_value(b, NFTA_SET_ELEM_DATA, value, sizeof(value));
	nl_nest_end(b, element);
	nl_nest_end(b, list);
}

static int change(struct nl *nl, const char *table, enum change what, const struct port_map *ports, size_t count,
		  struct error *err)
{
	size_t cap = (2 * count + 2) * MESSAGE_BYTES;
	char *buf = malloc(cap);
	struct nl_batch b;
	int result;

	if (!buf)
		return error_text(err, ENOMEM, "no memory for netlink messages");
	nl_batch_init(&b, buf, cap);
	put_header(nl_mark(&b, NFNL_MSG_BATCH_BEGIN, sizeof(struct nfgenmsg)), AF_UNSPEC, NFNL_SUBSYS_NFTABLES);
	for (size_t i = 0; i < count; i++) {
		if (what != ADD)
			put_element(&b, table, NFT_MSG_DELSETELEM, &ports[i]);
		if (what != REMOVE)
			put_element(&b, table, NFT_MSG_NEWSETELEM, &ports[i]);
	}
	put_header(nl_mark(&b, NFNL_MSG_BATCH_END, sizeof(struct nfgenmsg)), AF_UNSPEC, NFNL_SUBSYS_NFTABLES);
	result = nl_commit(nl, &b, NULL, err);
	free(buf);
	return result;
}

static int add_one_by_one(struct nl *nl, const char *table, const struct port_map *ports, size_t count,
			  struct error *err)
{
	struct error ignored;
	size_t i;

	for (i = 0; i < count; i++) {
		if (change(nl, table, ADD, &ports[i], 1, err) == 0)
			continue;
		if (err->code != EEXIST || change(nl, table, REPLACE, &ports[i], 1, err))
			break;
	}
	if (i == count)
		return 0;
	while (i-- > 0)
		(void)change(nl, table, REMOVE, &ports[i], 1, &ignored);
	return -1;
}

int elements_add(const char *table, const struct port_map *ports, size_t count, struct error *err)
{
	struct nl nl;
	int result;

	if (count == 0)
		return 0;
	if (nl_open(&nl, NETLINK_NETFILTER, err))
		return -1;
	result = change(&nl, table, ADD, ports, count, err);
	/* A batch is refused as a whole; only a container that died without its release gets us here. */
	if (result && err->code == EEXIST)
		result = add_one_by_one(&nl, table, ports, count, err);
	nl_close(&nl);
	return result;
}

int elements_remove(const char *table, const struct port_map *ports, size_t count, struct error *err)
{
	struct nl nl;
	int result;

	if (count == 0)
		return 0;
	if (nl_open(&nl, NETLINK_NETFILTER, err))
		return -1;
	result = change(&nl, table, REMOVE, ports, count, err);
	if (result && err->code == ENOENT) {
		result = 0;
		for (size_t i = 0; i < count; i++)
			if (change(&nl, table, REMOVE, &ports[i], 1, err) && err->code != ENOENT)
				result = -1;
	}
	nl_close(&nl);
	return result;
}
