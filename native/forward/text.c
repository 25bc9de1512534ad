#include "text.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "../shim/json-line.h"

void text_json(struct buf *out, const char *text, size_t n)
{
	char *to = buf_reserve(out, JSON_EXPANSION * n + 2);

	if (!to)
		return;
	to[0] = '"';
	n = json_escape(text, n, to + 1);
	to[n + 1] = '"';
	out->len += n + 2;
}

static void local(uint64_t ns, struct tm *tm)
{
	time_t seconds = (time_t)(ns / 1000000000);

	localtime_r(&seconds, tm);
}

void text_time(struct buf *out, const char *format, uint64_t ns)
{
	char text[64];
	struct tm tm;

	local(ns, &tm);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	buf_add(out, text, strftime(text, sizeof(text), format, &tm));
#pragma GCC diagnostic pop
}

void text_zone(struct buf *out, uint64_t ns)
{
	struct tm tm;
	long minutes;

	local(ns, &tm);
	minutes = labs(tm.tm_gmtoff) / 60;
	if (minutes == 0)
		buf_add(out, "Z", 1);
	else
		buf_printf(out, "%c%02ld:%02ld", tm.tm_gmtoff < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

void text_random(void *bytes, size_t n)
{
	char *at = bytes;

	while (n > 0) {
		ssize_t got = getrandom(at, n, 0);

		if (got <= 0)
			continue;
		at += got;
		n -= (size_t)got;
	}
}

void text_hex(struct buf *out, const void *bytes, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *from = bytes;
	char *to = buf_reserve(out, 2 * n);

	for (size_t i = 0; to && i < n; i++) {
		to[2 * i] = digits[from[i] >> 4];
		to[2 * i + 1] = digits[from[i] & 15];
	}
	if (to)
		out->len += 2 * n;
}
