/* One request to a shim's control socket (native/PROTOCOL.md section 2), with descriptors. */
#ifndef BERTH_EXECUTOR_SHIM_CALL_H
#define BERTH_EXECUTOR_SHIM_CALL_H

#include <stddef.h>

#include "../lib/error.h"

/*
 * Connects to `socket`, sends "1 <line>" with `count` descriptors on its first byte, reads the answer. `answer` gets what
 * follows "ok" (at most `size` bytes). Returns 0; -1 with err set from the shim's own errno, stage and msg, or ENOENT
 * / ECONNREFUSED when nobody listens, ETIMEDOUT after `timeout_ms`.
 */
int shim_call(const char *socket, const char *line, const int *fds, size_t count, int timeout_ms, char *answer,
	      size_t size, struct error *err);

/*
 * The value of `key` in a list of key=value, separated by spaces or newlines, decoded into `out`; -1 when it is not there
 * or does not fit.
 */
int shim_value(const char *words, const char *key, char *out, size_t size);

/* A list of key=value under construction, percent-encoded, each followed by `separator`. */
struct shim_words {
	char *text; /* NUL-ended */
	size_t size, len;
	char separator;
	int overflow; /* something did not fit */
};

/* Starts a list in memory of its own (64 KiB, the most a shim takes). Returns 0, or -1 without memory. Free text. */
int shim_words_init(struct shim_words *w, char separator);
void shim_word(struct shim_words *w, const char *key, const char *value);
void shim_number(struct shim_words *w, const char *key, long long value);

#endif
