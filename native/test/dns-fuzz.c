/*
 * Fuzz target of what a container's resolver parses: messages of clients and servers, and the daemon's records. With
 * libFuzzer (clang), or alone: each argument is a file, without any a fixed pseudo-random run.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../dns/message.h"
#include "../dns/records.h"
#include "tap.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *text_of(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	if (!text)
		abort();
	memcpy(text, data, size);
	text[size] = '\0';
	return text;
}

static void records_fuzz(const uint8_t *data, size_t size)
{
	struct dns_address addresses[RECORDS_ANSWERS], address = { 0 };
	struct records r = { 0 };
	char name[512];

	records_parse_sandbox(&r, text_of(data, size));
	for (size_t i = 0; i < r.network_count; i++)
		records_parse_network(&r.networks[i], text_of(data, size));
	for (size_t i = 0; i < r.network_count; i++)
		for (size_t j = 0; j < r.networks[i].count && j < 8; j++) {
			address = r.networks[i].by_name[j].address;
			(void)records_addresses(&r, r.networks[i].by_name[j].name, addresses);
			(void)records_name(&r, &address, name, sizeof(name));
		}
	(void)records_addresses(&r, "a.b.c", addresses);
	records_free(&r);
}

static void message_fuzz(const uint8_t *data, size_t size)
{
	struct dns_address addresses[40] = { 0 }, address;
	uint8_t *copy = malloc(size + 1), *out = malloc(DNS_MESSAGE_MOST);
	struct dns_query query;
	uint8_t rcode = 0;
	int bad;

	if (!copy || !out)
		abort();
	/* Exactly as long as it is, so that a read beyond it is seen. */
	memcpy(copy, data, size);
	copy = realloc(copy, size ? size : 1);
	bad = size <= DNS_MESSAGE_MOST ? dns_query_parse(copy, size, &query, &rcode) : -2;
	if (bad == -1 && dns_failure(copy, size, rcode, out) > size)
		abort();
	if (bad == 0) {
		if (dns_failure(copy, size, DNS_SERVER_FAILURE, out) > size || strlen(query.name) >= sizeof(query.name) ||
		    dns_answer_addresses(&query, addresses, 40, 3, out, query.udp_size) > DNS_MESSAGE_MOST ||
		    dns_answer_name(&query, query.name, out, 512) > 512)
			abort();
		(void)dns_reverse_parse(query.name, &address);
		(void)dns_is_answer(&query, dns_id(copy), copy, size);
	}
	free(copy);
	free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	message_fuzz(data, size);
	records_fuzz(data, size);
	return 0;
}

#ifndef WITH_LIBFUZZER
static uint8_t byte_of(uint64_t *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return (uint8_t)(*state >> 56);
}

/* Mostly what a client sends, spoilt here and there. */
static size_t spoilt_query(uint8_t *out, uint64_t *state)
{
	static const uint8_t query[] = "\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x01"
				       "\x03web\x07network\x00\x00\x01\x00\x01\x00\x00\x29\x10\x00\x00\x00\x00\x00\x00\x00";
	size_t len = sizeof(query) - 1;

	memcpy(out, query, len);
	for (unsigned i = byte_of(state) % 4; i > 0; i--)
		out[byte_of(state) % len] = byte_of(state);
	return len - byte_of(state) % 8;
}

int main(int argc, char **argv)
{
	static const char lines[] = "forward\nserver host 10.0.0.1\nnetwork n %6eet\nalias n a b\n10.0.0.2 web b%zz\n";
	static uint8_t buffer[4096];
	uint64_t state = 7;

	for (int i = 1; i < argc; i++) {
		FILE *f = fopen(argv[i], "re");
		size_t n = f ? fread(buffer, 1, sizeof(buffer), f) : 0;

		LLVMFuzzerTestOneInput(buffer, n);
		if (f)
			fclose(f);
	}
	for (unsigned i = 0; argc == 1 && i < 200000; i++)
		message_fuzz(buffer, spoilt_query(buffer, &state));
	for (unsigned i = 0; argc == 1 && i < 20000; i++) {
		size_t n = sizeof(lines) - 1 - byte_of(&state) % 8;

		memcpy(buffer, lines, n);
		for (unsigned j = byte_of(&state) % 6; j > 0; j--)
			buffer[byte_of(&state) % n] = byte_of(&state);
		records_fuzz(buffer, n);
	}
	ok(true, "what a resolver parses does no harm");
	return tap_done();
}
#endif
