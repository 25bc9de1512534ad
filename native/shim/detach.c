#include "detach.h"

#include <string.h>

bool detach_scan(struct detach *d, const unsigned char *bytes, size_t n, unsigned char *out, size_t *passed)
{
	size_t to = 0;
	for (size_t i = 0; i < n; i++) {
		if (d->length > 0 && bytes[i] == d->keys[d->matched]) {
			if (++d->matched == d->length) {
				d->matched = 0;
				*passed = to;
				return true;
			}
			continue;
		}
		memcpy(out + to, d->keys, d->matched);
		to += d->matched;
		d->matched = 0;
		out[to++] = bytes[i];
	}
	*passed = to;
	return false;
}
