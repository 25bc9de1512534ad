/*
 * Fuzz target of what the executor reads from others: the channel's framing and messages (in pieces as the input says),
 * a shim's words, addresses, sandboxes. With libFuzzer (clang), or alone: each argument is a file, without any a fixed
 * pseudo-random run.
 */
#include <json-c/json_tokener.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../executor/channel.h"
#include "../executor/sandbox-json.h"
#include "../executor/shim-call.h"
#include "../lib/error.h"
#include "../net/link.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void ignore(struct json_object *message, int fd, void *arg)
{
	struct sandbox_spec spec;
	struct error err;

	(void)arg;
	if (fd >= 0)
		close(fd);
	if (sandbox_from_json(message, &spec, &err) == 0)
		sandbox_json_free(&spec);
	json_object_put(message);
}

static void channel_fuzz(const uint8_t *data, size_t size)
{
	struct channel c;
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		abort();
	if (channel_init(&c, pair[0]))
		abort();
	while (size > 0) {
		size_t piece = data[0] % 64u + 1;

		if (piece > size)
			piece = size;
		if (send(pair[1], data, piece, MSG_NOSIGNAL) < 0 || channel_read(&c, ignore, NULL) <= 0)
			break;
		data += piece;
		size -= piece;
	}
	channel_free(&c);
	close(pair[0]);
	close(pair[1]);
}

static void text_fuzz(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1), out[32];
	struct error err;
	struct cidr cidr;
	struct mac mac;

	if (!text)
		abort();
	memcpy(text, data, size);
	text[size] = '\0';
	(void)shim_value(text, "msg", out, sizeof(out));
	(void)cidr_parse(text, &cidr, &err);
	(void)mac_parse(text, &mac, &err);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	channel_fuzz(data, size);
	text_fuzz(data, size);
	return 0;
}

#ifndef WITH_LIBFUZZER
/* Pieces of honest messages, shuffled: nearer to the parsers' edges than plain noise. */
static size_t compose(uint32_t *state, uint8_t *out, size_t room)
{
	static const char *const words[] = { "{\"id\":1,\"op\":\"x\"}\n", "{\"cmd\":\"NODE_HANDLE\",\"msg\":{}}\n", "\"ports\":[{", "\n", "{", "}", "\"",
					     "msg=%4", "%41", " ", "10.0.0.1/8", "02:42:", "{\"endpoints\":[{\"mac\":\"", "\\u0000", "[[[[[[[[" };
	size_t len = 0;

	for (;;) {
		const char *word;
		size_t n;

		*state = *state * 1664525u + 1013904223u;
		word = words[(*state >> 16) % (sizeof(words) / sizeof(*words))];
		n = strlen(word);
		if (len + n + 1 > room || (*state >> 8) % 40 == 0)
			return len;
		memcpy(out + len, word, n);
		len += n;
		if ((*state >> 4) % 5 == 0)
			out[len++] = (uint8_t)(*state >> 24);
	}
}

int main(int argc, char **argv)
{
	static uint8_t data[1 << 16];
	uint32_t state = 1;

	for (int i = 1; i < argc; i++) {
		FILE *f = fopen(argv[i], "re");

		if (!f)
			return 1;
		LLVMFuzzerTestOneInput(data, fread(data, 1, sizeof(data), f));
		fclose(f);
	}
	for (int i = 0; argc == 1 && i < 20000; i++)
		LLVMFuzzerTestOneInput(data, compose(&state, data, 4096));
	puts("1..1\nok 1 - nothing it was given broke it");
	return 0;
}
#endif
