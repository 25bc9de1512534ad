#include "resolver.h"

#include <string.h>

/* Answers from the records. Returns the answer's length, 0 when they do not know. */
static size_t answer(struct resolver *r, const struct dns_query *q, size_t size)
{
	static struct dns_address addresses[RECORDS_ANSWERS];
	char name[2 * DNS_NAME_MOST];
	struct dns_address address;
	size_t count, wanted = 0;

	if (q->class != 1)
		return 0;
	if (q->type == DNS_PTR)
		return dns_reverse_parse(q->name, &address) || records_name(&r->records, &address, name, sizeof(name)) ?
			       0 :
			       dns_answer_name(q, name, r->answer, size);
	if (q->type != DNS_A && q->type != DNS_AAAA && q->type != DNS_MX)
		return 0;
	count = records_addresses(&r->records, q->name, addresses);
	if (count == 0)
		return 0;
	/* A name that is somebody's here is not asked for outside, whatever is asked about it. */
	for (size_t i = 0; i < count; i++)
		if (q->type == (addresses[i].size == 4 ? DNS_A : DNS_AAAA))
			addresses[wanted++] = addresses[i];
	return dns_answer_addresses(q, addresses, wanted, wanted > 1 ? r->turn++ % wanted : 0, r->answer, size);
}

void question(struct resolver *r, const uint8_t *bytes, size_t len, struct client *client,
		     const struct sockaddr_in *from)
{
	struct dns_query query;
	uint8_t rcode = 0;
	int bad = dns_query_parse(bytes, len, &query, &rcode);

	if (bad == -2) {
		if (client)
			client_end(r, client);
		return;
	}
	if (bad) {
		reply(r, client, from, r->answer, dns_failure(bytes, len, rcode, r->answer));
		return;
	}
	records_refresh(&r->records, r->directory, r->name);
	len = answer(r, &query, client ? DNS_MESSAGE_MOST : query.udp_size);
	if (len > 0)
		reply(r, client, from, r->answer, len);
	else if ((query.type == DNS_A || query.type == DNS_AAAA) && r->records.ndots && !strchr(query.name, '.'))
		reply(r, client, from, r->answer, dns_failure(bytes, query.len, DNS_NO_ERROR, r->answer));
	else if (!r->records.forward)
		reply(r, client, from, r->answer, dns_failure(bytes, query.len, DNS_SERVER_FAILURE, r->answer));
	else
		forward(r, &query, client, from);
}
