#include "message.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#define HEADER 12
#define LABEL_MOST 63
#define WIRE_NAME_MOST 255
#define CLASS_IN 1
#define TYPE_OPT 41
#define UDP_LEAST 512
#define TTL 600
/* High byte of the flags: QR, opcode, AA, TC, RD; low byte: RA, rcode. */
#define QR 0x80
#define OPCODE 0x78
#define TC 0x02
#define RD 0x01
#define RA 0x80
/* A pointer to the question's name, which begins where the header ends. */
#define QUESTION_NAME 0xc00c

static uint16_t read16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

static void write16(uint8_t *at, uint16_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static uint8_t lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c;
}

/* Reads labels at *at, which moves behind them. The text is empty when they cannot be written as such. Returns -1 for none. */
static int read_name(const uint8_t *bytes, size_t len, size_t *at, char out[DNS_NAME_MOST])
{
	size_t pos = *at, used = 0;
	bool plain = true;

	for (;;) {
		uint8_t label;

		if (pos >= len)
			return -1;
		label = bytes[pos++];
		if (label == 0)
			break;
		if (label > LABEL_MOST || len - pos < label || pos + label - *at >= WIRE_NAME_MOST)
			return -1;
		if (used > 0)
			out[used++] = '.';
		for (unsigned i = 0; i < label; i++) {
			uint8_t c = bytes[pos++];

			plain &= c != '.' && c != '\\' && c > ' ' && c != 127;
			out[used++] = (char)lower(c);
		}
	}
	out[plain ? used : 0] = '\0';
	*at = pos;
	return 0;
}

/* The one record beyond the question that says something about the client: EDNS, with its root name. */
static uint16_t udp_size_of(const uint8_t *bytes, size_t len, size_t at)
{
	uint16_t size;

	if (read16(bytes + 6) != 0 || read16(bytes + 8) != 0 || read16(bytes + 10) != 1 || len - at < 11 || bytes[at] != 0 ||
	    read16(bytes + at + 1) != TYPE_OPT)
		return UDP_LEAST;
	size = read16(bytes + at + 3);
	return size < UDP_LEAST ? UDP_LEAST : size;
}

int dns_query_parse(const uint8_t *bytes, size_t len, struct dns_query *out, uint8_t *rcode)
{
	size_t at = HEADER;

	if (len < HEADER || len > DNS_MESSAGE_MOST || (bytes[2] & QR))
		return -2;
	*rcode = DNS_NOT_IMPLEMENTED;
	if (bytes[2] & OPCODE)
		return -1;
	*rcode = DNS_FORMAT_ERROR;
	if (read16(bytes + 4) != 1 || read_name(bytes, len, &at, out->name) || len - at < 4)
		return -1;
	out->type = read16(bytes + at);
	out->class = read16(bytes + at + 2);
	out->bytes = bytes;
	out->len = len;
	out->question_end = at + 4;
	out->udp_size = udp_size_of(bytes, len, out->question_end);
	return 0;
}

static void begin(uint8_t *out, const uint8_t *query, uint8_t rcode)
{
	memcpy(out, query, HEADER);
	out[2] = (uint8_t)(QR | (query[2] & (OPCODE | RD)));
	out[3] = (uint8_t)(RA | rcode);
	memset(out + 6, 0, 6);
}

size_t dns_failure(const uint8_t *bytes, size_t len, uint8_t rcode, uint8_t *out)
{
	struct dns_query query;
	size_t end = HEADER;
	uint8_t ignored;

	begin(out, bytes, rcode);
	if (dns_query_parse(bytes, len, &query, &ignored) == 0)
		end = query.question_end;
	else
		write16(out + 4, 0);
	memcpy(out + HEADER, bytes + HEADER, end - HEADER);
	return end;
}

/* The head of a record that answers the question; its data follow. */
static size_t put_record(uint8_t *out, uint16_t type, uint16_t len)
{
	write16(out, QUESTION_NAME);
	write16(out + 2, type);
	write16(out + 4, CLASS_IN);
	write16(out + 6, 0);
	write16(out + 8, TTL);
	write16(out + 10, len);
	return 12;
}

size_t dns_answer_addresses(const struct dns_query *query, const struct dns_address *addresses, size_t count, size_t first,
			    uint8_t *out, size_t size)
{
	size_t at = query->question_end, put = 0;

	memcpy(out, query->bytes, at);
	begin(out, query->bytes, DNS_NO_ERROR);
	for (; put < count; put++) {
		const struct dns_address *a = &addresses[(first + put) % count];

		if (at + 12 + a->size > size)
			break;
		at += put_record(out + at, a->size == 4 ? DNS_A : DNS_AAAA, a->size);
		memcpy(out + at, a->bytes, a->size);
		at += a->size;
	}
	write16(out + 6, (uint16_t)put);
	if (put < count)
		out[2] |= TC;
	return at;
}

/* Writes a name as labels. Returns its length, 0 for one that does not fit. */
static size_t write_name(const char *name, uint8_t *out, size_t size)
{
	size_t at = 0;

	while (*name) {
		size_t label = strcspn(name, ".");

		if (label == 0 || label > LABEL_MOST || at + label + 2 > size || at + label + 2 > WIRE_NAME_MOST)
			return 0;
		out[at++] = (uint8_t)label;
		memcpy(out + at, name, label);
		at += label;
		name += label + (name[label] == '.');
	}
	if (at == 0)
		return 0;
	out[at++] = 0;
	return at;
}

size_t dns_answer_name(const struct dns_query *query, const char *name, uint8_t *out, size_t size)
{
	size_t at = dns_answer_addresses(query, NULL, 0, 0, out, size), len;

	if (at + 12 >= size)
		return at;
	len = write_name(name, out + at + 12, size - at - 12);
	if (len == 0)
		return at;
	put_record(out + at, DNS_PTR, (uint16_t)len);
	write16(out + 6, 1);
	return at + 12 + len;
}

int dns_address_parse(const char *text, struct dns_address *out)
{
	memset(out, 0, sizeof(*out));
	out->size = strchr(text, ':') ? 16 : 4;
	return inet_pton(out->size == 4 ? AF_INET : AF_INET6, text, out->bytes) == 1 ? 0 : -1;
}

static int digit_of(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static int reverse6_parse(const char *name, struct dns_address *out)
{
	if (strlen(name) != 64 + strlen("ip6.arpa") || strcmp(name + 64, "ip6.arpa") != 0)
		return -1;
	out->size = 16;
	for (int i = 0; i < 32; i++) {
		int digit = digit_of(name[2 * i]);

		if (digit < 0 || name[2 * i + 1] != '.')
			return -1;
		out->bytes[15 - i / 2] |= (uint8_t)(i % 2 ? digit << 4 : digit);
	}
	return 0;
}

int dns_reverse_parse(const char *name, struct dns_address *out)
{
	unsigned byte[4];
	int used = 0;

	memset(out, 0, sizeof(*out));
	if (reverse6_parse(name, out) == 0)
		return 0;
	memset(out, 0, sizeof(*out));
	out->size = 4;
	if (sscanf(name, "%3u.%3u.%3u.%3u.in-addr.arpa%n", &byte[0], &byte[1], &byte[2], &byte[3], &used) != 4 || used == 0 ||
	    name[used] != '\0')
		return -1;
	for (int i = 0; i < 4; i++) {
		if (byte[i] > 255)
			return -1;
		out->bytes[3 - i] = (uint8_t)byte[i];
	}
	return 0;
}

bool dns_is_answer(const struct dns_query *query, uint16_t id, const uint8_t *answer, size_t len)
{
	if (len < HEADER || read16(answer) != id || !(answer[2] & QR))
		return false;
	/* A server that cannot read the question may leave it out of its refusal. */
	if (read16(answer + 4) == 0)
		return dns_rcode(answer) != DNS_NO_ERROR;
	if (read16(answer + 4) != 1 || len < query->question_end)
		return false;
	for (size_t i = HEADER; i < query->question_end; i++)
		if (lower(answer[i]) != lower(query->bytes[i]))
			return false;
	return true;
}

uint16_t dns_id(const uint8_t *bytes)
{
	return read16(bytes);
}

void dns_set_id(uint8_t *bytes, uint16_t id)
{
	write16(bytes, id);
}

uint8_t dns_rcode(const uint8_t *bytes)
{
	return bytes[3] & 0x0f;
}
