#include "line.h"

#include <errno.h>
#include <string.h>

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static bool is_plain(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	       (c != '\0' && strchr("_.:/,-", c));
}

/* Decodes in place. Lenient to printable characters that should have been encoded, strict to control bytes
 * and NUL. */
static int percent_decode(char *text)
{
	char *to = text;
	for (const char *from = text; *from; from++) {
		if (*from == '%') {
			int high = hex_digit(from[1]);
			int low = high < 0 ? -1 : hex_digit(from[2]);
			if (low < 0 || (high == 0 && low == 0))
				return -1;
			*to++ = (char)(high << 4 | low);
			from += 2;
		} else if (*from > ' ' && *from < 0x7f) {
			*to++ = *from;
		} else {
			return -1;
		}
	}
	*to = '\0';
	return 0;
}

static bool is_word(const char *text)
{
	if (!*text)
		return false;
	for (; *text; text++)
		if (!((*text >= 'a' && *text <= 'z') || (*text >= '0' && *text <= '9') || *text == '-'))
			return false;
	return true;
}

static int field_add(struct line *line, char *text)
{
	char *equals = strchr(text, '=');
	if (!equals || line->count == LINE_MAX_FIELDS)
		return -1;
	*equals = '\0';
	if (!is_word(text) || percent_decode(equals + 1))
		return -1;
	line->fields[line->count++] = (struct field){ .key = text, .value = equals + 1 };
	return 0;
}

static int fields_add(struct line *line, char *text, const char *separator)
{
	char *rest = text;
	for (char *word; (word = strsep(&rest, separator));)
		if (*word && field_add(line, word))
			return -1;
	return 0;
}

static int parse_number(const char *text, uint64_t max, uint64_t *value)
{
	uint64_t number = 0;
	if (!*text)
		return -1;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return -1;
		uint64_t digit = (uint64_t)(*text - '0');
		if (number > (max - digit) / 10)
			return -1;
		number = number * 10 + digit;
	}
	*value = number;
	return 0;
}

int line_parse(char *text, struct line *line)
{
	line->count = 0;
	line->seq = 0;
	char *rest = text;
	const char *seq = strsep(&rest, " ");
	if (parse_number(seq, UINT64_MAX, &line->seq) || !rest)
		return -1;
	line->verb = strsep(&rest, " ");
	if (!is_word(line->verb))
		return -1;
	return rest ? fields_add(line, rest, " ") : 0;
}

int line_parse_fields(char *text, struct line *line)
{
	line->count = 0;
	line->seq = 0;
	line->verb = "";
	return fields_add(line, text, "\n");
}

const char *line_get(const struct line *line, const char *key)
{
	for (unsigned i = 0; i < line->count; i++)
		if (!strcmp(line->fields[i].key, key))
			return line->fields[i].value;
	return NULL;
}

bool line_flag(const struct line *line, const char *key)
{
	const char *value = line_get(line, key);
	return value && !strcmp(value, "1");
}

int line_number(const struct line *line, const char *key, uint64_t fallback, uint64_t max, uint64_t *value)
{
	const char *text = line_get(line, key);
	*value = fallback;
	return text ? parse_number(text, max, value) : 0;
}

int line_encode(struct buf *out, const char *value)
{
	return line_encode_bytes(out, value, strlen(value));
}

int line_encode_bytes(struct buf *out, const char *bytes, size_t n)
{
	static const char digits[] = "0123456789ABCDEF";
	for (const char *end = bytes + n; bytes < end; bytes++) {
		unsigned char c = (unsigned char)*bytes;
		char escaped[3] = { '%', digits[c >> 4], digits[c & 15] };
		if (is_plain(*bytes) ? buf_add(out, bytes, 1) : buf_add(out, escaped, sizeof(escaped)))
			return -1;
	}
	return 0;
}

int hex_decode(const char *text, unsigned char *out, size_t max)
{
	size_t n = 0;
	for (; *text; text += 2) {
		int high = hex_digit(text[0]);
		int low = high < 0 ? -1 : hex_digit(text[1]);
		if (low < 0 || n == max)
			return -1;
		out[n++] = (unsigned char)(high << 4 | low);
	}
	return (int)n;
}

static int base64_value(char c)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = c ? strchr(alphabet, c) : NULL;
	return at ? (int)(at - alphabet) : -1;
}

int base64_decode(const char *text, struct buf *out)
{
	unsigned held = 0, bits = 0;
	for (; *text && *text != '='; text++) {
		int value = base64_value(*text);
		if (value < 0)
			return -1;
		held = held << 6 | (unsigned)value;
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			char byte = (char)(held >> bits);
			held &= (1U << bits) - 1;
			if (buf_add(out, &byte, 1))
				return -1;
		}
	}
	return text[strspn(text, "=")] == '\0' ? 0 : -1;
}
