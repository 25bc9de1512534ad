/*
 * Fuzz target of what the shim parses from others: the line protocol, launch fields, hex, base64, detach
 * keys, log text and a runtime's log. With libFuzzer (clang), or alone: each argument is a file, without any
 * a fixed pseudo-random run.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "detach.h"
#include "json-line.h"
#include "line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void line_fuzz(const uint8_t *data, size_t size)
{
	struct line line;
	struct buf out = { 0 };
	uint64_t number;
	char *text = malloc(size + 1);
	if (!text)
		abort();
	memcpy(text, data, size);
	text[size] = '\0';
	if (!line_parse(text, &line)) {
		for (unsigned i = 0; i < line.count; i++) {
			unsigned char hex[DETACH_KEYS_MAX];
			line_number(&line, line.fields[i].key, 0, UINT16_MAX, &number);
			hex_decode(line.fields[i].value, hex, sizeof(hex));
			base64_decode(line.fields[i].value, &out);
			line_encode(&out, line.fields[i].value);
			buf_free(&out);
		}
	}
	memcpy(text, data, size);
	text[size] = '\0';
	line_parse_fields(text, &line);
	free(text);
}

/* What passes on is the input without at most one sequence; the keys are the first bytes of the input. */
static void detach_fuzz(const uint8_t *data, size_t size)
{
	struct detach d = { .length = size ? data[0] % DETACH_KEYS_MAX : 0 };
	if (size < 2 || d.length > size - 1)
		return;
	memcpy(d.keys, data + 1, d.length);
	unsigned char *out = malloc(size + DETACH_KEYS_MAX);
	size_t passed, half = size / 2;
	if (!out)
		abort();
	if (!detach_scan(&d, data, half, out, &passed)) {
		if (passed > half)
			abort();
		detach_scan(&d, data + half, size - half, out, &passed);
		if (passed > size - half + DETACH_KEYS_MAX)
			abort();
	}
	free(out);
}

static void json_fuzz(const uint8_t *data, size_t size)
{
	char *out = malloc(json_line_max(size, 0));
	if (!out)
		abort();
	size_t n = json_line(out, (const char *)data, size, 1, "stdout", "", 1);
	if (n > json_line_max(size, 0) || memchr(out, '\n', n) != out + n - 1)
		abort();
	n = json_line_raw(out, (const char *)data, size, 1, "stdout", 1);
	if (n > json_line_max(size, 0) || memchr(out, '\n', n) != out + n - 1)
		abort();
	free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	line_fuzz(data, size);
	detach_fuzz(data, size);
	json_fuzz(data, size);
	return 0;
}

#ifndef WITH_LIBFUZZER
/* Requests with a few bytes changed: most stay near the grammar. */
static void run_fixed(void)
{
	static const char seed[] =
		"12 attach exec=a%20b stdin=1 detachkeys=1011 preread=aGVsbG8= h=31 msg=%ff%41 x=";
	uint64_t state = 88172645463325252ULL;
	for (unsigned run = 0; run < 200000; run++) {
		uint8_t data[sizeof(seed)];
		memcpy(data, seed, sizeof(seed));
		for (unsigned i = 0; i < 1 + run % 8; i++) {
			state ^= state << 13;
			state ^= state >> 7;
			state ^= state << 17;
			data[state % sizeof(seed)] = (uint8_t)(state >> 32);
		}
		LLVMFuzzerTestOneInput(data, state % sizeof(seed));
	}
}

int main(int argc, char **argv)
{
	if (argc == 1)
		run_fixed();
	for (int i = 1; i < argc; i++) {
		static uint8_t data[1 << 16];
		FILE *file = fopen(argv[i], "rb");
		size_t n = file ? fread(data, 1, sizeof(data), file) : 0;
		if (file)
			fclose(file);
		LLVMFuzzerTestOneInput(data, n);
	}
	puts("ok 1 - no input is misread\n1..1");
	return 0;
}
#endif
