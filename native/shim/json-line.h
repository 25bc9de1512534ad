/* Lines of the json-file log as Docker writes them. Pure. */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum {
	JSON_EXPANSION = 6, /* bytes one byte of text can grow to, as \u00XX or \ufffd */
	JSON_TIME_MAX = 40,
};

/*
 * Writes n bytes of text as the inside of a JSON string to out, which has room for JSON_EXPANSION * n bytes,
 * escaped as Go's encoder with HTML escaping does it. Returns the bytes written. Source: Docker
 * Engine 28.5.2's files, byte for byte.
 */
size_t json_escape(const char *text, size_t n, char *out);

/*
 * The same, but only for what would end the text: quotes, backslashes and control bytes. Everything else stays as it is,
 * also bytes that are not UTF-8, so that nothing of the text is lost.
 */
size_t json_escape_raw(const char *text, size_t n, char *out);

/*
 * Writes a time (nanoseconds since the epoch, UTC) as RFC 3339 with the fraction's trailing zeros left out,
 * as Go's RFC3339Nano does. Returns the length; out has room for JSON_TIME_MAX bytes and is not terminated.
 */
size_t json_time(uint64_t ns, char *out);

/*
 * Writes one log line `{"log":"<text>[\n]","stream":"<stream>"[,"attrs":<attrs>],"time":"<time>"}\n`. Returns
 * its length. out has room for json_line_max(n, strlen(attrs)). attrs: JSON text of an object, or "".
 * newline: the line is complete.
 */
size_t json_line(char *out, const char *text, size_t n, int newline, const char *stream, const char *attrs,
		 uint64_t ns);

/* The same line with the text's bytes as they came (json_escape_raw), and no attributes. */
size_t json_line_raw(char *out, const char *text, size_t n, int newline, const char *stream, uint64_t ns);

/* The room one line can take. */
static inline size_t json_line_max(size_t n, size_t attrs)
{
	return JSON_EXPANSION * n + attrs + JSON_TIME_MAX + 64;
}
