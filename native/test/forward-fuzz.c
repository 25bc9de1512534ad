/*
 * Fuzz target of what the forwarder reads from others: a container's output taken for JSON, records, a server's
 * acknowledgement. With libFuzzer (clang), or alone over a fixed pseudo-random run.
 */
#include <json-c/json_tokener.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../forward/msgpack.h"
#include "../forward/records.h"
#include "../forward/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What passes for JSON stays the same when it is compacted again, and another parser takes it. */
static void compact_fuzz(const uint8_t *data, size_t size)
{
	struct buf once = { 0 }, twice = { 0 };

	if (text_compact(&once, (const char *)data, size) == 0) {
		if (text_compact(&twice, buf_bytes(&once), once.len) || twice.len != once.len ||
		    memcmp(buf_bytes(&once), buf_bytes(&twice), once.len) != 0)
			abort();
	} else if (once.len > 0) {
		abort();
	}
	buf_free(&once);
	buf_free(&twice);
}

static void take(void *owner, const struct log_record *head, const char *text)
{
	size_t *total = owner;

	for (uint32_t i = 0; i < head->length; i++)
		*total += (unsigned char)text[i];
}

static void records_fuzz(const uint8_t *data, size_t size)
{
	struct records *r = calloc(1, sizeof(*r));
	size_t total = 0;

	if (!r)
		abort();
	while (size > 0) {
		size_t room, n;
		char *to = records_room(r, &room);

		if (room == 0)
			abort();
		n = size < room ? size : room;
		memcpy(to, data, n);
		if (records_added(r, n, take, &total))
			break;
		data += n;
		size -= n;
	}
	free(r);
}

static void ack_fuzz(const uint8_t *data, size_t size)
{
	unsigned char *copy = malloc(size + 1);
	const char *text;
	long n;

	if (!copy)
		abort();
	memcpy(copy, data, size);
	n = msgpack_read_ack(copy, size, &text);
	if (n > 0 && ((const unsigned char *)text < copy || (const unsigned char *)text + n > copy + size))
		abort();
	free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	compact_fuzz(data, size);
	records_fuzz(data, size);
	ack_fuzz(data, size);
	return 0;
}

#ifndef WITH_LIBFUZZER
#define ROUNDS 200000

/* Mostly what JSON is made of. */
static const char letters[] = "{}[]\":,\\ 019.-+eEtruefalsnu\xff<&\x81\xa3" "ack\xa4";

int main(void)
{
	uint8_t data[64];
	unsigned seed = 1;

	for (int round = 0; round < ROUNDS; round++) {
		size_t size = (size_t)rand_r(&seed) % sizeof(data);

		for (size_t i = 0; i < size; i++)
			data[i] = (uint8_t)letters[(size_t)rand_r(&seed) % sizeof(letters)];
		LLVMFuzzerTestOneInput(data, size);
	}
	puts("ok 1 - no input harms\n1..1");
	return 0;
}
#endif
