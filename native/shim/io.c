#include "io.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "client.h"
#include "probe.h"

/* Reads of one stream before others get their turn. */
enum { READS_PER_TURN = 8 };

enum { OUTPUT_PIPE_BYTES = 512 * 1024 };

static source_ready stream_ready;
static void stream_close(struct io_stream *stream);

/* Less than this a turn, again within that time, and no dialogue: a stream of small writes. */
enum { TRICKLE_BYTES = 128 * 1024, TRICKLE_NS = 2000000 };

static void check_closed(struct io *io)
{
	if (!io->finishing || io->clients || io->closed)
		return;
	io->closed = true;
	io->events->closed(io);
}

static void stdin_shut(struct io *io)
{
	if (!io->in_open)
		return;
	io->in_open = false;
	loop_remove(io->loop, &io->in);
	close(io->in.fd);
}

static void streams_over(struct io *io)
{
	io->ended = true;
	io->held = false;
	timer_unset(io->loop, &io->drain);
	timer_unset(io->loop, &io->hold);
	stdin_shut(io);
	io->events->ended(io);
}

/* How often clients that are waited for are looked at: soon for the first, which are let go soon. */
static const uint64_t hold_check_ns = CLIENT_HOLD_NS + 1000000;

static bool somebody_holds(struct io *io)
{
	bool holds = io->log && log_waits(io->log);
	for (struct client *c = io->clients, *next; c; c = next) {
		next = c->next;
		holds |= client_holds(c);
	}
	return holds;
}

static void hold_check(struct timer *timer)
{
	struct io *io = (struct io *)((char *)timer - offsetof(struct io, hold));
	io_release(io);
	if (io->held && !io->is_exec)
		timer_set(io->loop, timer, CLIENT_STALL_NS / 10, hold_check);
}

void io_hold(struct io *io)
{
	if (io->held || io->ended)
		return;
	io->held = true;
	for (int i = 0; i < 2; i++)
		loop_remove(io->loop, &io->out[i].source);
	if (!io->is_exec)
		timer_set(io->loop, &io->hold, hold_check_ns, hold_check);
}

void io_release(struct io *io)
{
	if (!io->held || somebody_holds(io) || !io->held)
		return;
	io->held = false;
	timer_unset(io->loop, &io->hold);
	for (int i = 0; i < 2; i++)
		if (io->out[i].source.fd >= 0 &&
		    loop_add(io->loop, &io->out[i].source, io->out[i].source.fd, EPOLLIN, stream_ready))
			stream_close(&io->out[i]);
}

static void stream_close(struct io_stream *stream)
{
	struct io *io = stream->io;
	if (stream->source.fd < 0)
		return;
	loop_remove(io->loop, &stream->source);
	close(stream->source.fd);
	stream->source.fd = -1;
	if (io->log)
		log_end(io->log, stream->index);
	if (--io->open_streams == 0)
		streams_over(io);
}

void io_finish(struct io *io)
{
	io->finishing = true;
	for (struct client *c = io->clients, *next; c; c = next) {
		next = c->next;
		client_finish(c);
	}
	check_closed(io);
}

static void output_deliver(struct io *io, int stream, const char *bytes, size_t n)
{
	if (io->log) {
		log_write(io->log, stream, bytes, n);
		if (log_waits(io->log))
			io_hold(io);
	}
	if (io->probe)
		probe_output(io->probe, bytes, n);
	for (struct client *c = io->clients, *next; c; c = next) {
		next = c->next;
		client_output(c, stream, bytes, n);
	}
}

static void trickle_check(struct io_stream *stream, size_t taken)
{
	uint64_t now = monotonic_ns();
	if (taken < TRICKLE_BYTES && now - stream->read_at < TRICKLE_NS && !stream->io->answered)
		stream->io->loop->nap = true;
	stream->io->answered = false;
	stream->read_at = now;
}

static void stream_ready(struct source *source, uint32_t events)
{
	struct io_stream *stream = (struct io_stream *)source;
	struct io *io = stream->io;
	size_t taken = 0;
	(void)events;
	scratch_touch(io->scratch);
	for (int i = 0; i < READS_PER_TURN; i++) {
		ssize_t n = read(source->fd, io->scratch->read, SCRATCH_READ);
		if (n > 0) {
			output_deliver(io, stream->index, io->scratch->read, (size_t)n);
			taken += (size_t)n;
			if (io->held)
				return;
			continue;
		}
		if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
			trickle_check(stream, taken);
			return;
		}
		/* The end; of a terminal it is EIO. */
		stream_close(stream);
		return;
	}
}

static bool input_waits(const struct io *io)
{
	for (const struct client *c = io->clients; c; c = c->next)
		if (c->typed.len > 0)
			return true;
	return false;
}

static void input_resume(struct io *io)
{
	for (struct client *c = io->clients, *next; c; c = next) {
		next = c->next;
		client_input_more(c);
	}
	if (io->in_closing && !input_waits(io))
		stdin_shut(io);
}

static void stdin_ready(struct source *source, uint32_t events)
{
	struct io *io = (struct io *)((char *)source - offsetof(struct io, in));
	/* EPOLLERR: nobody reads the pipe any more, what clients send is thrown away from here on. */
	if (events & EPOLLERR)
		stdin_shut(io);
	else
		loop_want(io->loop, source, 0);
	input_resume(io);
}

static int stream_open(struct io *io, int index, int fd)
{
	struct io_stream *stream = &io->out[index];
	stream->io = io;
	stream->index = index;
	stream->source.fd = -1;
	if (fd < 0)
		return 0;
	if (fcntl(fd, F_SETFL, O_NONBLOCK) || loop_add(io->loop, &stream->source, fd, EPOLLIN, stream_ready))
		return -1;
	io->open_streams++;
	return 0;
}

void io_fds_close(struct io_fds *fds)
{
	int *all[] = { &fds->in, &fds->out, &fds->err };
	for (unsigned i = 0; i < 3; i++) {
		if (*all[i] >= 0)
			close(*all[i]);
		*all[i] = -1;
	}
}

int io_open(struct io *io, struct io_fds *fds)
{
	if (fds->in >= 0 &&
	    (fcntl(fds->in, F_SETFL, O_NONBLOCK) || loop_add(io->loop, &io->in, fds->in, 0, stdin_ready)))
		goto failed;
	io->in_open = fds->in >= 0;
	if (stream_open(io, 0, fds->out) || stream_open(io, 1, fds->err))
		goto failed;
	io->opened = true;
	input_resume(io);
	return 0;
failed:
	loop_remove(io->loop, &io->in);
	loop_remove(io->loop, &io->out[0].source);
	io->in_open = false;
	io->open_streams = 0;
	io->out[0].source.fd = -1;
	io_fds_close(fds);
	return -1;
}

int io_output_pipe(int pair[2])
{
	if (pipe2(pair, O_CLOEXEC))
		return -1;
	/* Refused beyond the user's quota: then it is a pipe as any. */
	fcntl(pair[0], F_SETPIPE_SZ, OUTPUT_PIPE_BYTES);
	return 0;
}

void io_own_pipes(const int ends[3], uid_t owner, gid_t group)
{
	for (int i = 0; i < 3; i++)
		/* One that stays as it is can still be used by its descriptor. */
		if (ends[i] >= 0 && (owner || group) && fchown(ends[i], owner, group))
			continue;
}

int io_resize(struct io *io, uint16_t height, uint16_t width)
{
	struct winsize size = { .ws_row = height, .ws_col = width };
	if (!io->tty || !io->opened || io->out[0].source.fd < 0) {
		errno = ENOTTY;
		return -1;
	}
	return ioctl(io->out[0].source.fd, TIOCSWINSZ, &size);
}

size_t io_input(struct io *io, const char *bytes, size_t n)
{
	size_t done = 0;
	io->answered = true;
	if (!io->opened && !io->ended)
		return 0;
	while (io->in_open && done < n) {
		ssize_t written = write(io->in.fd, bytes + done, n - done);
		if (written >= 0) {
			done += (size_t)written;
		} else if (errno == EAGAIN) {
			loop_want(io->loop, &io->in, EPOLLOUT);
			return done;
		} else if (errno != EINTR) {
			stdin_shut(io);
		}
	}
	return n;
}

void io_close_stdin(struct io *io)
{
	io->in_closing = true;
	if (!input_waits(io))
		stdin_shut(io);
}

static const uint64_t held_drain_ns = 1000000000;

/* How long a forwarder that gets nowhere may hold up the end of a container; who kills one waits 10 s for its end. */
static const uint64_t log_drain_ns = 2000000000;

static timer_fire drain_check;

static void drain_wait(struct io *io)
{
	uint64_t now = monotonic_ns();
	uint64_t left = io->drain_until > now ? io->drain_until - now : held_drain_ns;
	timer_set(io->loop, &io->drain, io->log && left > log_drain_ns ? log_drain_ns : left, drain_check);
}

static void drain_check(struct timer *timer)
{
	struct io *io = (struct io *)((char *)timer - offsetof(struct io, drain));
	/* A server that takes nothing holds up the container, but not its end: what is left goes to the file only. */
	if (io->log && log_waits(io->log)) {
		if (io->log->forward.sent == io->drain_sent)
			forward_give_up(&io->log->forward);
		io->drain_sent = io->log->forward.sent;
		io_release(io);
	} else if (!io->held && monotonic_ns() >= io->drain_until) {
		io_kill(io);
		return;
	}
	/* What is still in the pipe is a slow client's, too. */
	drain_wait(io);
}

void io_process_ended(struct io *io, uint64_t drain_ns)
{
	if (io->ended)
		return;
	io->drain_until = monotonic_ns() + drain_ns;
	io->drain_sent = UINT64_MAX;
	drain_wait(io);
}

void io_kill(struct io *io)
{
	if (io->ended)
		return;
	if (!io->opened) {
		streams_over(io);
		return;
	}
	timer_unset(io->loop, &io->drain);
	stdin_shut(io);
	/* The second one calls back, and the owner may free io then. */
	struct io_stream *last = io->out[1].source.fd >= 0 ? &io->out[1] : &io->out[0];
	if (last == &io->out[1])
		stream_close(&io->out[0]);
	stream_close(last);
}

void io_tell(struct io *io, const char *text)
{
	for (struct client *c = io->clients, *next; c; c = next) {
		next = c->next;
		client_output(c, 0, text, strlen(text));
	}
}

bool io_has_clients(const struct io *io)
{
	return io->clients != NULL;
}

void io_client_gone(struct io *io, struct client *client)
{
	struct client **at = &io->clients;
	while (*at && *at != client)
		at = &(*at)->next;
	if (*at)
		*at = client->next;
	if (io->in_closing && !input_waits(io))
		stdin_shut(io);
	io_release(io);
	check_closed(io);
}
