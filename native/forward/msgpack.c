#include "msgpack.h"

#include <string.h>

static void put(struct buf *out, unsigned char head, uint64_t value, unsigned bytes)
{
	unsigned char text[9] = { head };

	for (unsigned i = 0; i < bytes; i++)
		text[1 + i] = (unsigned char)(value >> 8 * (bytes - 1 - i));
	buf_add(out, text, 1 + bytes);
}

void msgpack_array(struct buf *out, uint32_t count)
{
	if (count < 16)
		put(out, (unsigned char)(0x90 | count), 0, 0);
	else
		put(out, 0xdd, count, 4);
}

void msgpack_map(struct buf *out, uint32_t count)
{
	if (count < 16)
		put(out, (unsigned char)(0x80 | count), 0, 0);
	else if (count <= UINT16_MAX)
		put(out, 0xde, count, 2);
	else
		put(out, 0xdf, count, 4);
}

void msgpack_string(struct buf *out, const char *text, size_t n)
{
	if (n < 32)
		put(out, (unsigned char)(0xa0 | n), 0, 0);
	else if (n <= UINT8_MAX)
		put(out, 0xd9, n, 1);
	else if (n <= UINT16_MAX)
		put(out, 0xda, n, 2);
	else
		put(out, 0xdb, n, 4);
	buf_add(out, text, n);
}

void msgpack_integer(struct buf *out, uint64_t value)
{
	if (value < 128)
		put(out, (unsigned char)value, 0, 0);
	else if (value <= INT32_MAX)
		put(out, 0xd2, value, 4);
	else
		put(out, 0xd3, value, 8);
}

void msgpack_event_time(struct buf *out, uint64_t ns)
{
	buf_add(out, "\xd7", 1);
	put(out, 0, ns / 1000000000 << 32 | ns % 1000000000, 8);
}

long msgpack_read_ack(const unsigned char *bytes, size_t n, const char **text)
{
	static const unsigned char head[] = { 0x81, 0xa3, 'a', 'c', 'k' };
	size_t known = n < sizeof(head) ? n : sizeof(head), length, skip = sizeof(head) + 1;

	if (memcmp(bytes, head, known) != 0)
		return -1;
	if (n <= sizeof(head))
		return 0;
	if ((bytes[5] & 0xe0) == 0xa0) {
		length = bytes[5] & 31;
	} else if (bytes[5] == 0xd9) {
		if (n < 7)
			return 0;
		length = bytes[6];
		skip++;
	} else {
		return -1;
	}
	if (length == 0)
		return -1;
	*text = (const char *)bytes + skip;
	return n < skip + length ? 0 : (long)length;
}
