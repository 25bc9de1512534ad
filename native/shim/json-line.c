#include "json-line.h"

#include <string.h>
#include <time.h>

/* Length of the valid UTF-8 sequence at text, or 0. Surrogates, overlong forms and values above U+10FFFF are
 * not valid. */
static size_t utf8_length(const unsigned char *s, size_t n)
{
	unsigned char low = 0x80, high = 0xBF;
	size_t length;
	if (s[0] >= 0xC2 && s[0] <= 0xDF) {
		length = 2;
	} else if (s[0] >= 0xE0 && s[0] <= 0xEF) {
		length = 3;
		low = s[0] == 0xE0 ? 0xA0 : 0x80;
		high = s[0] == 0xED ? 0x9F : 0xBF;
	} else if (s[0] >= 0xF0 && s[0] <= 0xF4) {
		length = 4;
		low = s[0] == 0xF0 ? 0x90 : 0x80;
		high = s[0] == 0xF4 ? 0x8F : 0xBF;
	} else {
		return 0;
	}
	if (n < length || s[1] < low || s[1] > high)
		return 0;
	for (size_t i = 2; i < length; i++)
		if (s[i] < 0x80 || s[i] > 0xBF)
			return 0;
	return length;
}

static char *put(char *out, const char *text, size_t n)
{
	memcpy(out, text, n);
	return out + n;
}

static char *escape_ascii(char *out, unsigned char c)
{
	static const char digits[] = "0123456789abcdef";
	*out++ = '\\';
	if (c == '\\' || c == '"') {
		*out++ = (char)c;
	} else if (c == '\n' || c == '\r') {
		*out++ = c == '\n' ? 'n' : 'r';
	} else {
		out = put(out, "u00", 3);
		*out++ = digits[c >> 4];
		*out++ = digits[c & 15];
	}
	return out;
}

static char *escape_wide(char *out, const unsigned char *s, size_t n, size_t *taken)
{
	size_t length = utf8_length(s, n);
	*taken = length ? length : 1;
	if (length == 0)
		return put(out, "\\ufffd", 6);
	/* U+2028 and U+2029 end a line in JavaScript. */
	if (length == 3 && s[0] == 0xE2 && s[1] == 0x80 && (s[2] & 0xFE) == 0xA8)
		return put(out, s[2] == 0xA8 ? "\\u2028" : "\\u2029", 6);
	return put(out, (const char *)s, length);
}

/* Bytes that pass as they are: printable ASCII but " \ < > &. */
static const unsigned char plain[256] = {
	[0x20 ... 0x21] = 1, [0x23 ... 0x25] = 1, [0x27 ... 0x3B] = 1,
	[0x3D] = 1,          [0x3F ... 0x5B] = 1, [0x5D ... 0x7F] = 1,
};

size_t json_escape(const char *text, size_t n, char *out)
{
	const unsigned char *s = (const unsigned char *)text;
	char *start = out;
	for (size_t i = 0; i < n;) {
		size_t run = i;
		while (run < n && plain[s[run]])
			run++;
		out = put(out, text + i, run - i);
		i = run;
		if (i == n)
			break;
		size_t taken = 1;
		out = s[i] < 0x80 ? escape_ascii(out, s[i]) : escape_wide(out, s + i, n - i, &taken);
		i += taken;
	}
	return (size_t)(out - start);
}

size_t json_escape_raw(const char *text, size_t n, char *out)
{
	const unsigned char *s = (const unsigned char *)text;
	char *start = out;
	for (size_t i = 0; i < n;) {
		size_t run = i;
		while (run < n && s[run] >= 0x20 && s[run] != '"' && s[run] != '\\')
			run++;
		out = put(out, text + i, run - i);
		i = run;
		if (i < n)
			out = escape_ascii(out, s[i++]);
	}
	return (size_t)(out - start);
}

static char *put_number(char *out, uint64_t value, int digits)
{
	for (int i = digits - 1; i >= 0; i--, value /= 10)
		out[i] = (char)('0' + value % 10);
	return out + digits;
}

size_t json_time(uint64_t ns, char *out)
{
	char *start = out;
	time_t seconds = (time_t)(ns / 1000000000);
	uint64_t fraction = ns % 1000000000;
	struct tm tm;
	gmtime_r(&seconds, &tm);
	out = put_number(out, (uint64_t)(tm.tm_year + 1900), 4);
	*out++ = '-';
	out = put_number(out, (uint64_t)(tm.tm_mon + 1), 2);
	*out++ = '-';
	out = put_number(out, (uint64_t)tm.tm_mday, 2);
	*out++ = 'T';
	out = put_number(out, (uint64_t)tm.tm_hour, 2);
	*out++ = ':';
	out = put_number(out, (uint64_t)tm.tm_min, 2);
	*out++ = ':';
	out = put_number(out, (uint64_t)tm.tm_sec, 2);
	if (fraction) {
		*out++ = '.';
		out = put_number(out, fraction, 9);
		while (out[-1] == '0')
			out--;
	}
	*out++ = 'Z';
	return (size_t)(out - start);
}

static char *put_end(char *out, int newline, const char *stream)
{
	if (newline)
		out = put(out, "\\n", 2);
	out = put(out, "\",\"stream\":\"", 12);
	out = put(out, stream, strlen(stream));
	*out++ = '"';
	return out;
}

static char *put_time(char *out, uint64_t ns)
{
	out = put(out, ",\"time\":\"", 9);
	out += json_time(ns, out);
	return put(out, "\"}\n", 3);
}

size_t json_line(char *out, const char *text, size_t n, int newline, const char *stream, const char *attrs,
		 uint64_t ns)
{
	char *start = out;
	out = put(out, "{\"log\":\"", 8);
	out += json_escape(text, n, out);
	out = put_end(out, newline, stream);
	if (*attrs) {
		out = put(out, ",\"attrs\":", 9);
		out = put(out, attrs, strlen(attrs));
	}
	return (size_t)(put_time(out, ns) - start);
}

size_t json_line_raw(char *out, const char *text, size_t n, int newline, const char *stream, uint64_t ns)
{
	char *start = out;
	out = put(out, "{\"log\":\"", 8);
	out += json_escape_raw(text, n, out);
	return (size_t)(put_time(put_end(out, newline, stream), ns) - start);
}
