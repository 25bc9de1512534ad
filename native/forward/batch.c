#include "batch.h"

#include <stdlib.h>

/* One record of TLS. More gains little, and is more that is lost with a forwarder that is killed. */
enum { ENOUGH_BYTES = 16 * 1024 };

bool batch_end(struct batch *b)
{
	if (b->count == b->room) {
		size_t room = b->room ? 2 * b->room : 64;
		size_t *ends = realloc(b->ends, room * sizeof(*ends));

		/* Without memory two messages share their fate. */
		if (!ends)
			return true;
		b->ends = ends;
		b->room = room;
	}
	b->ends[b->count++] = b->bytes.len;
	return b->bytes.len >= ENOUGH_BYTES;
}

static void take_out(struct batch *b, size_t messages)
{
	size_t bytes = messages > 0 ? b->ends[messages - 1] : 0;

	buf_consume(&b->bytes, bytes);
	b->count -= messages;
	for (size_t i = 0; i < b->count; i++)
		b->ends[i] = b->ends[i + messages] - bytes;
}

/* What has gone as a whole is taken out. Whether everything has. */
static bool write_out(struct batch *b, struct wire *w)
{
	size_t sent = wire_stream(w, buf_bytes(&b->bytes), b->bytes.len), gone = 0;

	while (gone < b->count && b->ends[gone] <= sent)
		gone++;
	take_out(b, gone);
	return b->count == 0;
}

void batch_flush(struct batch *b, struct wire *w, const struct batch_patience *patience)
{
	int64_t tried = 0;

	while (b->count > 0) {
		size_t before = b->count;

		if (w->fd >= 0 && !wire_is_over(w) && write_out(b, w))
			break;
		wire_close(w);
		if (b->count < before)
			tried = 0;
		if (tried == patience->tries) {
			take_out(b, 1);
			tried = 0;
			continue;
		}
		if (tried > 0 && patience->pause)
			patience->pause(patience->owner, tried);
		tried++;
		(void)patience->dial(patience->owner);
	}
	buf_free(&b->bytes);
}
