/* What the shim sends the forwarder for each line of output: this head, then the text without its newline. */
#pragma once

#include <stdint.h>

enum { LOG_RECORD_TEXT_MAX = 16 * 1024 };

struct log_record {
	uint32_t length; /* of the text, at most LOG_RECORD_TEXT_MAX */
	uint32_t ordinal; /* 0: a whole line; else the number of the piece of a long line, from 1 */
	uint64_t ns; /* since the epoch; all pieces of a line carry the first one's */
	uint8_t stream; /* 1 stdout, 2 stderr */
	uint8_t last; /* the line ends with this piece */
	uint8_t zero[6];
};

_Static_assert(sizeof(struct log_record) == 24, "the same for both sides");
