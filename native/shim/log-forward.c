#include "log-forward.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "log-record.h"

/* Sent on the way when this much has been gathered. */
enum { FLUSH_BYTES = 64 * 1024 };

static source_ready writable;

int forward_open(struct forward *f, struct loop *loop, int socket)
{
	f->loop = loop;
	if (fcntl(socket, F_SETFL, O_NONBLOCK))
		return -1;
	return loop_add(loop, &f->source, socket, 0, writable);
}

static void forward_close(struct forward *f)
{
	if (f->source.fd < 0)
		return;
	loop_remove(f->loop, &f->source);
	close(f->source.fd);
	f->source.fd = -1;
	timer_unset(f->loop, &f->patience);
	buf_free(&f->waiting);
}

/* The length of the next message: as many whole records as there are, up to FLUSH_BYTES. */
static size_t message_length(struct forward *f)
{
	const char *bytes = buf_bytes(&f->waiting);
	size_t length = 0;
	while (length < f->waiting.len) {
		struct log_record head;
		memcpy(&head, bytes + length, sizeof(head));
		size_t next = length + sizeof(head) + head.length;
		if (next > FLUSH_BYTES)
			break;
		length = next;
	}
	return length;
}

static void try_send(struct forward *f)
{
	while (f->waiting.len > 0) {
		ssize_t n = send(f->source.fd, buf_bytes(&f->waiting), message_length(f), MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n >= 0) {
			buf_consume(&f->waiting, (size_t)n);
			f->sent += (uint64_t)n;
		} else if (errno == EAGAIN) {
			f->full = true;
			return;
		} else if (errno != EINTR) {
			forward_close(f);
			return;
		}
	}
}

void forward_line(struct forward *f, int stream, const char *text, size_t n, uint32_t ordinal, bool last, uint64_t ns)
{
	struct log_record head = {
		.length = (uint32_t)n, .ordinal = ordinal, .ns = ns, .stream = (uint8_t)(stream + 1), .last = last,
	};
	if (f->source.fd < 0 || (f->drops && f->down && f->full))
		return;
	/* Both or none: without memory a line is lost, not the order of things. */
	if (!buf_reserve(&f->waiting, sizeof(head) + n))
		return;
	buf_add(&f->waiting, &head, sizeof(head));
	buf_add(&f->waiting, text, n);
	if (f->waiting.len >= FLUSH_BYTES && !f->full)
		try_send(f);
}

void forward_flush(struct forward *f)
{
	if (f->source.fd < 0)
		return;
	f->full = false;
	try_send(f);
	if (f->source.fd >= 0)
		loop_want(f->loop, &f->source, f->waiting.len > 0 ? EPOLLOUT : 0);
}

bool forward_waits(const struct forward *f)
{
	return f->source.fd >= 0 && f->waiting.len > 0 && !(f->drops && f->down);
}

void forward_changed(struct forward *f, bool up)
{
	f->down = !up;
	/* Who waited for it need not, or no longer has to. */
	if (!forward_waits(f) && f->source.fd >= 0)
		f->drained(f);
}

void forward_give_up(struct forward *f)
{
	forward_close(f);
}

static void writable(struct source *source, uint32_t events)
{
	struct forward *f = (struct forward *)((char *)source - offsetof(struct forward, source));
	if (events & (EPOLLHUP | EPOLLERR))
		forward_close(f);
	else
		forward_flush(f);
	if (forward_waits(f))
		return;
	if (f->finishing)
		forward_close(f);
	f->drained(f);
}

static void patience_over(struct timer *timer)
{
	struct forward *f = (struct forward *)((char *)timer - offsetof(struct forward, patience));
	forward_close(f);
	f->drained(f);
}

void forward_finish(struct forward *f)
{
	if (f->source.fd < 0 || f->finishing)
		return;
	f->finishing = true;
	forward_flush(f);
	if (forward_waits(f))
		timer_set(f->loop, &f->patience, FORWARD_PATIENCE_NS, patience_over);
	else
		forward_close(f);
}
