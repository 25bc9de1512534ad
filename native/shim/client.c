#include "client.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "socket-end.h"

enum { INPUT_CHUNK = 64 * 1024, FRAME_HEAD = 8, SEND_BUFFER = 512 * 1024 };

/* What an exec's terminal client is told by Docker when it detaches. */
static const char exec_detached[] = "exec attach failed: error on attach stdin: read escape sequence\r\n";

void client_drop(struct client *client)
{
	struct io *io = client->io;
	loop_remove(io->loop, &client->source);
	if (client->source.fd < 0)
		return;
	socket_end(client->source.fd);
	client->source.fd = -1;
	backlog_free(&client->backlog);
	buf_free(&client->typed);
	loop_free(io->loop, client);
	io_client_gone(io, client);
}

static bool wants_input(const struct client *client)
{
	return client->options.input && !client->input_ended && !client->finishing && client->typed.len == 0;
}

static void watch(struct client *client)
{
	uint32_t events = 0;
	if (wants_input(client))
		events |= EPOLLIN;
	if (!backlog_is_empty(&client->backlog))
		events |= EPOLLOUT;
	loop_want(client->io->loop, &client->source, events);
}

void client_finish(struct client *client)
{
	client->finishing = true;
	if (backlog_is_empty(&client->backlog))
		client_drop(client);
	else
		watch(client);
}

static void client_detach(struct client *client, bool by_keys)
{
	struct io *io = client->io;
	io->events->detached(io, by_keys);
	if (by_keys && io->is_exec)
		client_output(client, 0, exec_detached, sizeof(exec_detached) - 1);
	if (client->source.fd >= 0)
		client_finish(client);
}

static void frame_head(unsigned char head[FRAME_HEAD], int stream, size_t n)
{
	unsigned char made[FRAME_HEAD] = { (unsigned char)(stream + 1),
					   0,
					   0,
					   0,
					   (unsigned char)(n >> 24),
					   (unsigned char)(n >> 16),
					   (unsigned char)(n >> 8),
					   (unsigned char)n };
	memcpy(head, made, FRAME_HEAD);
}

/* Sends what the socket takes now; the parts are cut down to what is left. Returns 0, or -1 when the client
 * is gone. */
static int send_now(int socket, struct iovec *parts, int count)
{
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = (size_t)count };
	ssize_t sent;
	do {
		sent = sendmsg(socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
	} while (sent < 0 && errno == EINTR);
	if (sent < 0)
		return errno == EAGAIN ? 0 : -1;
	for (int i = 0; i < count; i++) {
		size_t taken = (size_t)sent < parts[i].iov_len ? (size_t)sent : parts[i].iov_len;
		parts[i].iov_base = (char *)parts[i].iov_base + taken;
		parts[i].iov_len -= taken;
		sent -= (ssize_t)taken;
	}
	return 0;
}

/* The backlog at which output begins to wait. One more read fits into the memory then. */
static size_t hold_limit(const struct client *client)
{
	bool patient = client->io->is_exec || !client->spilling;
	return patient ? BACKLOG_MEMORY - SCRATCH_READ - FRAME_HEAD : BACKLOG_FULL;
}

bool client_holds(struct client *client)
{
	if (!client->held_at)
		return false;
	uint64_t now = monotonic_ns();
	if (backlog_size(&client->backlog) <= hold_limit(client) / 2) {
		client->held_at = 0;
	} else if (client->io->is_exec) {
		return true;
	} else if (!client->spilling && now - client->held_at >= CLIENT_HOLD_NS) {
		client->spilling = true;
		client->held_at = 0;
	} else if (client->spilling && now - client->progress_at >= CLIENT_STALL_NS) {
		client_drop(client);
		return false;
	}
	return client->held_at != 0;
}

void client_output(struct client *client, int stream, const char *bytes, size_t n)
{
	unsigned char head[FRAME_HEAD];
	if (client->finishing || !client->options.output[stream] || n == 0)
		return;
	frame_head(head, stream, n);
	struct iovec parts[2] = { { .iov_base = head, .iov_len = client->options.framed ? FRAME_HEAD : 0 },
				  { .iov_base = (char *)bytes, .iov_len = n } };
	if (backlog_is_empty(&client->backlog))
		client->progress_at = monotonic_ns();
	if (backlog_is_empty(&client->backlog) && send_now(client->source.fd, parts, 2)) {
		client_drop(client);
		return;
	}
	if (parts[0].iov_len + parts[1].iov_len == 0)
		return;
	if (backlog_add(&client->backlog, parts, 2, client->io->spill_directory)) {
		client_drop(client);
		return;
	}
	watch(client);
	if (!client->held_at && backlog_size(&client->backlog) > hold_limit(client)) {
		client->held_at = monotonic_ns();
		io_hold(client->io);
	}
}

/* All the client sent has been taken by the process. */
static void input_over(struct client *client)
{
	struct io *io = client->io;
	if (io->stdin_once && !io->tty)
		io_close_stdin(io);
	else
		client_detach(client, false);
}

/* Passes input on; what the process does not take now is kept, and no more is read meanwhile. */
static void input_pass(struct client *client, const char *bytes, size_t n)
{
	size_t taken = io_input(client->io, bytes, n);
	/* Without memory for the rest, input is lost; the client is better told by being dropped. */
	if (taken < n && buf_add(&client->typed, bytes + taken, n - taken))
		client_drop(client);
}

/* Returns false when the client is gone. */
static bool input_take(struct client *client, const char *bytes, size_t n)
{
	struct io *io = client->io;
	if (!io->tty || client->options.detach.length == 0) {
		input_pass(client, bytes, n);
		return client->source.fd >= 0;
	}
	size_t passed;
	bool detach = detach_scan(&client->options.detach, (const unsigned char *)bytes, n,
				  (unsigned char *)io->scratch->format, &passed);
	input_pass(client, io->scratch->format, passed);
	if (client->source.fd >= 0 && detach)
		client_detach(client, true);
	return client->source.fd >= 0 && !detach;
}

static void input_read(struct client *client)
{
	struct io *io = client->io;
	while (wants_input(client)) {
		scratch_touch(io->scratch);
		ssize_t n = recv(client->source.fd, io->scratch->read, INPUT_CHUNK, MSG_DONTWAIT);
		if (n > 0) {
			if (!input_take(client, io->scratch->read, (size_t)n))
				return;
			continue;
		}
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		client->input_ended = true;
		input_over(client);
		return;
	}
}

void client_input_more(struct client *client)
{
	if (client->typed.len == 0)
		return;
	size_t taken = io_input(client->io, buf_bytes(&client->typed), client->typed.len);
	buf_consume(&client->typed, taken);
	if (client->typed.len > 0)
		return;
	input_read(client);
	if (client->source.fd >= 0)
		watch(client);
}

static void client_ready(struct source *source, uint32_t events)
{
	struct client *client = (struct client *)source;
	if (events & EPOLLOUT) {
		int sent = backlog_send(&client->backlog, source->fd);
		client->progress_at = monotonic_ns();
		if (sent > 0)
			client->spilling = false;
		io_release(client->io);
		if (sent < 0 || (sent > 0 && client->finishing)) {
			client_drop(client);
			return;
		}
	}
	if (events & (EPOLLIN | EPOLLHUP | EPOLLERR))
		input_read(client);
	if (source->fd < 0)
		return;
	if (!(events & (EPOLLHUP | EPOLLERR))) {
		watch(client);
		return;
	}
	/* The peer has gone. What it typed is still the process's; no event can be awaited on the socket
	 * itself. */
	if (client->typed.len == 0 || client->finishing) {
		client_drop(client);
		return;
	}
	loop_remove(client->io->loop, source);
	backlog_free(&client->backlog);
	client->options.output[0] = client->options.output[1] = false;
}

int client_open(struct io *io, int socket, const struct client_options *options, struct buf *preread)
{
	int type;
	socklen_t size = sizeof(type);
	struct client *client = NULL;
	/* Bigger pieces for both sides; where it is refused they are smaller. */
	int buffer = SEND_BUFFER;
	setsockopt(socket, SOL_SOCKET, SO_SNDBUFFORCE, &buffer, sizeof(buffer));
	if (getsockopt(socket, SOL_SOCKET, SO_TYPE, &type, &size) || fcntl(socket, F_SETFL, O_NONBLOCK) ||
	    !(client = calloc(1, sizeof(*client))) ||
	    loop_add(io->loop, &client->source, socket, 0, client_ready)) {
		int saved = errno;
		free(client);
		close(socket);
		errno = saved;
		return -1;
	}
	client->io = io;
	client->options = *options;
	client->options.input = options->input && io->has_stdin;
	client->backlog = BACKLOG_EMPTY;
	client->next = io->clients;
	io->clients = client;
	if (preread->len > 0 && client->options.input &&
	    !input_take(client, buf_bytes(preread), preread->len))
		return 0;
	watch(client);
	return 0;
}
