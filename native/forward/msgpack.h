/* The few forms of MessagePack that fluentd is spoken to in. Source: the MessagePack specification. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "../shim/buf.h"

void msgpack_array(struct buf *out, uint32_t count);
void msgpack_map(struct buf *out, uint32_t count);
void msgpack_string(struct buf *out, const char *text, size_t n);
void msgpack_integer(struct buf *out, uint64_t value);

/* fluentd's time with nanoseconds: extension 0. */
void msgpack_event_time(struct buf *out, uint64_t ns);

/* Reads `{"ack": "<text>"}`. Returns the length of the text, found at *text; 0 when more bytes are needed, -1 for anything else. */
long msgpack_read_ack(const unsigned char *bytes, size_t n, const char **text);
