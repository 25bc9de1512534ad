#include "records.h"

#include <string.h>

/* A whole record always has room once what is before it has been taken. */
_Static_assert(RECORDS_BYTES > 2 * (LOG_RECORD_TEXT_MAX + sizeof(struct log_record)), "room for a record");

char *records_room(struct records *r, size_t *room)
{
	if (r->start > 0) {
		memmove(r->bytes, r->bytes + r->start, r->length);
		r->start = 0;
	}
	*room = sizeof(r->bytes) - r->length;
	return r->bytes + r->length;
}

int records_added(struct records *r, size_t n, record_taken *take, void *owner)
{
	struct log_record head;

	r->length += n;
	while (r->length >= sizeof(head)) {
		memcpy(&head, r->bytes + r->start, sizeof(head));
		if (head.length > LOG_RECORD_TEXT_MAX || head.stream < 1 || head.stream > 2 || head.last > 1)
			return -1;
		if (r->length < sizeof(head) + head.length)
			return 0;
		take(owner, &head, r->bytes + r->start + sizeof(head));
		r->start += sizeof(head) + head.length;
		r->length -= sizeof(head) + head.length;
	}
	return 0;
}
