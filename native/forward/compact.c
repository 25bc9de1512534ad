/* Checking JSON and taking its spaces out: a container's output, byte by byte, without recursion. */
#include <stdbool.h>
#include <string.h>

#include "../shim/json-line.h"
#include "text.h"

enum { LEVELS_MAX = 10000 };

struct scan {
	const char *at, *end;
	struct buf *out;
	size_t depth;
	unsigned char levels[(LEVELS_MAX + 7) / 8]; /* a bit each: set for an object */
};

static bool is_object(const struct scan *s)
{
	return s->depth > 0 && (s->levels[(s->depth - 1) / 8] >> ((s->depth - 1) % 8) & 1);
}

static int push(struct scan *s, bool object)
{
	unsigned char bit = (unsigned char)(1u << (s->depth % 8));

	if (s->depth == LEVELS_MAX)
		return -1;
	if (object)
		s->levels[s->depth / 8] |= bit;
	else
		s->levels[s->depth / 8] &= (unsigned char)~bit;
	s->depth++;
	return 0;
}

static void skip_spaces(struct scan *s)
{
	while (s->at < s->end && (*s->at == ' ' || *s->at == '\t' || *s->at == '\n' || *s->at == '\r'))
		s->at++;
}

static bool take(struct scan *s, char c)
{
	if (s->at == s->end || *s->at != c)
		return false;
	s->at++;
	buf_add(s->out, &c, 1);
	return true;
}

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* The length of the escape at s->at, 0 for none that JSON knows. */
static size_t escape_length(const struct scan *s)
{
	size_t left = (size_t)(s->end - s->at);

	if (left < 2)
		return 0;
	if (s->at[1] != 'u')
		return s->at[1] && strchr("\"\\/bfnrt", s->at[1]) ? 2 : 0;
	if (left < 6)
		return 0;
	for (int i = 2; i < 6; i++)
		if (!is_hex(s->at[i]))
			return 0;
	return 6;
}

/* Text between escapes is written with Go's HTML escaping and nothing else changed. */
static void put_plain(struct scan *s, char c)
{
	static const char digits[] = "0123456789abcdef";
	char escaped[6] = { '\\', 'u', '0', '0', digits[(unsigned char)c >> 4], digits[c & 15] };

	if (c == '<' || c == '>' || c == '&')
		buf_add(s->out, escaped, 6);
	else
		buf_add(s->out, &c, 1);
}

static int string(struct scan *s)
{
	if (!take(s, '"'))
		return -1;
	while (s->at < s->end && *s->at != '"') {
		if ((unsigned char)*s->at < 0x20)
			return -1;
		if (*s->at != '\\') {
			put_plain(s, *s->at++);
			continue;
		}
		size_t length = escape_length(s);

		if (length == 0)
			return -1;
		buf_add(s->out, s->at, length);
		s->at += length;
	}
	return take(s, '"') ? 0 : -1;
}

static int digits(struct scan *s)
{
	const char *from = s->at;

	while (s->at < s->end && *s->at >= '0' && *s->at <= '9')
		s->at++;
	buf_add(s->out, from, (size_t)(s->at - from));
	return s->at > from ? 0 : -1;
}

static int number(struct scan *s)
{
	(void)take(s, '-');
	if (!take(s, '0') && digits(s))
		return -1;
	if (take(s, '.') && digits(s))
		return -1;
	if (take(s, 'e') || take(s, 'E')) {
		if (!take(s, '+'))
			(void)take(s, '-');
		return digits(s);
	}
	return 0;
}

static int word(struct scan *s, const char *text)
{
	size_t n = strlen(text);

	if ((size_t)(s->end - s->at) < n || memcmp(s->at, text, n) != 0)
		return -1;
	buf_add(s->out, text, n);
	s->at += n;
	return 0;
}

static int scalar(struct scan *s)
{
	switch (s->at < s->end ? *s->at : '\0') {
	case '"':
		return string(s);
	case 't':
		return word(s, "true");
	case 'f':
		return word(s, "false");
	case 'n':
		return word(s, "null");
	default:
		return number(s);
	}
}

static int key(struct scan *s)
{
	skip_spaces(s);
	if (string(s))
		return -1;
	skip_spaces(s);
	return take(s, ':') ? 0 : -1;
}

/* Begins a value: 1 when another one is to begin inside of it, 0 when it is complete, -1 for none. */
static int begin(struct scan *s)
{
	bool object;

	skip_spaces(s);
	object = s->at < s->end && *s->at == '{';
	if (!object && (s->at == s->end || *s->at != '['))
		return scalar(s);
	if (push(s, object))
		return -1;
	take(s, object ? '{' : '[');
	skip_spaces(s);
	if (take(s, object ? '}' : ']')) {
		s->depth--;
		return 0;
	}
	return object && key(s) ? -1 : 1;
}

/* After a complete value: 1 when another one follows, 0 at the end of all, -1 for neither. */
static int next(struct scan *s)
{
	while (s->depth > 0) {
		bool object = is_object(s);

		skip_spaces(s);
		if (take(s, ','))
			return object && key(s) ? -1 : 1;
		if (!take(s, object ? '}' : ']'))
			return -1;
		s->depth--;
	}
	skip_spaces(s);
	return s->at == s->end ? 0 : -1;
}

int text_compact(struct buf *out, const char *text, size_t n)
{
	struct scan s = { .at = text, .end = text + n, .out = out };
	size_t before = out->len;
	int state;

	do {
		while ((state = begin(&s)) > 0)
			;
		if (state == 0)
			state = next(&s);
	} while (state > 0);
	if (state < 0)
		out->len = before;
	return state;
}
