/*
 * DNS messages as far as the resolver of a container has to understand them. What comes in is untrusted: nothing is read
 * beyond its length, no compression is followed. No memory is taken.
 */
#ifndef BERTH_DNS_MESSAGE_H
#define BERTH_DNS_MESSAGE_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DNS_MESSAGE_MOST 65535
#define DNS_NAME_MOST 256 /* as text, with its end */

enum { DNS_A = 1, DNS_PTR = 12, DNS_MX = 15, DNS_AAAA = 28 };
enum { DNS_NO_ERROR = 0, DNS_FORMAT_ERROR = 1, DNS_SERVER_FAILURE = 2, DNS_NOT_IMPLEMENTED = 4, DNS_REFUSED = 5 };

/* An address: 4 bytes, or 16 of IPv6. */
struct dns_address {
	uint8_t size;
	uint8_t bytes[16];
};

/* Reads an address as text. Returns 0, or -1 when it is none. */
int dns_address_parse(const char *text, struct dns_address *out);

/* A query with exactly one question. */
struct dns_query {
	const uint8_t *bytes;
	size_t len;
	size_t question_end; /* header and question */
	uint16_t type, class;
	uint16_t udp_size; /* the largest answer over UDP that the client takes */
	char name[DNS_NAME_MOST]; /* lower case, without the last dot; "" when a label holds a dot, a NUL or the like */
};

/*
 * Reads a query. Returns 0; -1 for what is to be answered with *rcode (dns_failure); -2 for what gets no answer: a response, or
 * less than a header.
 */
int dns_query_parse(const uint8_t *bytes, size_t len, struct dns_query *out, uint8_t *rcode);

/* Writes an answer without records. `out` has room for len bytes. Returns its length. */
size_t dns_failure(const uint8_t *bytes, size_t len, uint8_t rcode, uint8_t *out);

/*
 * Writes an answer to `query` with these addresses, each as the record of its kind, starting with number `first` of them; none is an answer, too. What does
 * not fit into `size` bytes is left out, and the answer says so. Returns its length.
 */
size_t dns_answer_addresses(const struct dns_query *query, const struct dns_address *addresses, size_t count, size_t first,
			    uint8_t *out, size_t size);

/* Writes an answer that names a host. Returns its length; one without records where the name is none that DNS can carry. */
size_t dns_answer_name(const struct dns_query *query, const char *name, uint8_t *out, size_t size);

/* The address in "4.3.2.1.in-addr.arpa", or in the 32 digits before "ip6.arpa". Returns 0, or -1 for another name. */
int dns_reverse_parse(const char *name, struct dns_address *out);

/* Whether `answer` belongs to the query: a response with this id and the same question. */
bool dns_is_answer(const struct dns_query *query, uint16_t id, const uint8_t *answer, size_t len);

uint16_t dns_id(const uint8_t *bytes);
void dns_set_id(uint8_t *bytes, uint16_t id);
uint8_t dns_rcode(const uint8_t *bytes);

#endif
