#include "control.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "socket-end.h"
#include "socket-path.h"

struct connection {
	struct source source;
	struct control *control;
	struct connection *next;
	uint64_t number;
	struct buf in, out;
	int fds[CONTROL_FDS]; /* came with the first byte held in `in` */
	bool subscribed;
	bool ending; /* close when `out` has been sent */
};

static void fds_close(int fds[CONTROL_FDS])
{
	for (int i = 0; i < CONTROL_FDS; i++) {
		if (fds[i] >= 0)
			close(fds[i]);
		fds[i] = -1;
	}
}

static void connection_forget(struct connection *connection)
{
	struct control *control = connection->control;
	struct connection **at = &control->connections;
	while (*at && *at != connection)
		at = &(*at)->next;
	if (!*at)
		return;
	*at = connection->next;
	control->count--;
	loop_remove(control->loop, &connection->source);
	fds_close(connection->fds);
	buf_free(&connection->in);
	buf_free(&connection->out);
	connection->source.fd = -1;
	loop_free(control->loop, connection);
	control->idle(control->owner);
}

static void connection_drop(struct connection *connection)
{
	int fd = connection->source.fd;
	if (fd < 0)
		return;
	connection_forget(connection);
	socket_end(fd);
}

static void connection_flush(struct connection *connection)
{
	while (connection->out.len > 0) {
		ssize_t sent = send(connection->source.fd, buf_bytes(&connection->out), connection->out.len,
				    MSG_DONTWAIT | MSG_NOSIGNAL);
		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0 && errno != EAGAIN) {
			connection_drop(connection);
			return;
		}
		if (sent < 0)
			break;
		buf_consume(&connection->out, (size_t)sent);
	}
	if (connection->ending && connection->out.len == 0) {
		connection_drop(connection);
		return;
	}
	uint32_t reading = connection->ending ? 0 : EPOLLIN;
	loop_want(connection->control->loop, &connection->source,
		  reading | (connection->out.len ? EPOLLOUT : 0));
}

/* A line was added to `out`. A peer that does not read its answers is dropped. */
static void connection_send(struct connection *connection)
{
	if (connection->out.len > CONTROL_OUT_MAX)
		connection_drop(connection);
	else
		connection_flush(connection);
}

static struct connection *connection_find(const struct reply *reply)
{
	struct connection *c = reply->control->connections;
	while (c && c->number != reply->connection)
		c = c->next;
	return c;
}

static int add_text(struct buf *out, const char *format, va_list args)
{
	char *text = NULL;
	if (vasprintf(&text, format, args) < 0)
		return -1;
	int added = buf_add(out, text, strlen(text));
	free(text);
	return added;
}

void reply_done(const struct reply *reply)
{
	struct connection *connection = connection_find(reply);
	if (!connection)
		return;
	if (buf_printf(&connection->out, "%llu ok\n", (unsigned long long)reply->seq))
		connection_drop(connection);
	else
		connection_send(connection);
}

void reply_ok(const struct reply *reply, const char *format, ...)
{
	struct connection *connection = connection_find(reply);
	if (!connection)
		return;
	va_list args;
	va_start(args, format);
	int failed = buf_printf(&connection->out, "%llu ok ", (unsigned long long)reply->seq) ||
		     add_text(&connection->out, format, args) || buf_add(&connection->out, "\n", 1);
	va_end(args);
	if (failed)
		connection_drop(connection);
	else
		connection_send(connection);
}

void reply_error(const struct reply *reply, int code, const char *stage, const char *text)
{
	struct connection *connection = connection_find(reply);
	if (!connection)
		return;
	if (buf_printf(&connection->out, "%llu err errno=%d stage=%s msg=", (unsigned long long)reply->seq,
		       code, stage) ||
	    line_encode(&connection->out, text) || buf_add(&connection->out, "\n", 1))
		connection_drop(connection);
	else
		connection_send(connection);
}

void control_subscribe(struct connection *connection)
{
	connection->subscribed = true;
}

static void event_send(struct connection *connection, const char *format, va_list args)
{
	if (buf_add(&connection->out, "event ", 6) || add_text(&connection->out, format, args) ||
	    buf_add(&connection->out, "\n", 1))
		connection_drop(connection);
	else
		connection_send(connection);
}

bool control_is_watched(const struct control *control)
{
	for (const struct connection *c = control->connections; c; c = c->next)
		if (c->subscribed)
			return true;
	return false;
}

void control_event(struct control *control, const char *format, ...)
{
	for (struct connection *c = control->connections, *next; c; c = next) {
		next = c->next;
		if (!c->subscribed)
			continue;
		va_list args;
		va_start(args, format);
		event_send(c, format, args);
		va_end(args);
	}
}

void control_event_to(struct connection *connection, const char *format, ...)
{
	if (connection->source.fd < 0)
		return;
	va_list args;
	va_start(args, format);
	event_send(connection, format, args);
	va_end(args);
}

int control_take_socket(struct request *request, struct buf *rest)
{
	struct connection *connection = request->connection;
	reply_done(&request->reply);
	if (connection->source.fd < 0)
		return -1;
	/* The answer is a few bytes into an empty socket buffer; a peer that pipelined without reading gets
	 * dropped. */
	if (connection->out.len > 0) {
		connection_drop(connection);
		return -1;
	}
	int fd = connection->source.fd;
	*rest = connection->in;
	connection->in = (struct buf){ 0 };
	connection_forget(connection);
	return fd;
}

static void connection_refuse(struct connection *connection, const char *why)
{
	connection->ending = true;
	if (buf_printf(&connection->out, "0 err errno=%d stage=protocol msg=", EPROTO) ||
	    line_encode(&connection->out, why) || buf_add(&connection->out, "\n", 1))
		connection_drop(connection);
	else
		connection_flush(connection);
}

static bool line_serve(struct connection *connection, size_t length)
{
	struct control *control = connection->control;
	struct request request = { .connection = connection, .fds = { -1, -1, -1, -1 } };
	char *text = malloc(length + 1);
	if (!text) {
		connection_drop(connection);
		return false;
	}
	memcpy(text, buf_bytes(&connection->in), length);
	text[length] = '\0';
	bool bad = strlen(text) != length || line_parse(text, &request.line);
	buf_consume(&connection->in, length + 1);
	memcpy(request.fds, connection->fds, sizeof(request.fds));
	memset(connection->fds, 0xff, sizeof(connection->fds));
	request.reply = (struct reply){ control, connection->number, request.line.seq };
	if (bad)
		connection_refuse(connection, "not a request");
	else
		control->handle(control->owner, &request);
	fds_close(request.fds);
	free(text);
	return !bad;
}

static void lines_serve(struct connection *connection)
{
	while (connection->source.fd >= 0 && !connection->ending) {
		const char *start = connection->in.len ? buf_bytes(&connection->in) : NULL;
		const char *end = start ? memchr(start, '\n', connection->in.len) : NULL;
		if (end) {
			if (!line_serve(connection, (size_t)(end - start)))
				return;
		} else {
			if (connection->in.len >= LINE_MAX_BYTES)
				connection_refuse(connection, "line too long");
			return;
		}
	}
}

/* Descriptors belong to the request whose first byte they came with. */
static void fds_take(struct connection *connection, struct msghdr *message)
{
	int n = 0;
	bool refuse = connection->in.len > 0 || connection->fds[0] >= 0;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c; c = CMSG_NXTHDR(message, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		size_t count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (size_t i = 0; i < count; i++) {
			int fd;
			memcpy(&fd, CMSG_DATA(c) + i * sizeof(int), sizeof(fd));
			if (refuse || n == CONTROL_FDS)
				close(fd);
			else
				connection->fds[n++] = fd;
		}
	}
}

static ssize_t receive(struct connection *connection)
{
	union {
		char space[CMSG_SPACE(sizeof(int) * CONTROL_FDS)];
		struct cmsghdr align;
	} control;
	enum { CHUNK = 4096 };
	char *to = buf_reserve(&connection->in, CHUNK);
	if (!to) {
		errno = ENOMEM;
		return -1;
	}
	struct iovec part = { .iov_base = to, .iov_len = CHUNK };
	struct msghdr message = {
		.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof(control)
	};
	ssize_t n = recvmsg(connection->source.fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	if (n >= 0)
		fds_take(connection, &message);
	if (n > 0)
		connection->in.len += (size_t)n;
	return n;
}

static void connection_ready(struct source *source, uint32_t events)
{
	struct connection *connection = (struct connection *)source;
	if (events & EPOLLOUT)
		connection_flush(connection);
	while (source->fd >= 0 && !connection->ending && (events & (EPOLLIN | EPOLLHUP | EPOLLERR))) {
		ssize_t n = receive(connection);
		if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
			if (connection->in.len == 0)
				buf_free(&connection->in);
			return;
		}
		if (n <= 0) {
			connection_drop(connection);
			return;
		}
		lines_serve(connection);
	}
	if (source->fd >= 0 && connection->ending && (events & (EPOLLHUP | EPOLLERR)))
		connection_drop(connection);
}

static bool peer_is_root(int fd)
{
	struct ucred peer;
	socklen_t size = sizeof(peer);
	return !getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) && peer.uid == 0;
}

static void listener_ready(struct source *source, uint32_t events)
{
	struct control *control = (struct control *)((char *)source - offsetof(struct control, listener));
	(void)events;
	int fd = accept4(source->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd < 0)
		return;
	struct connection *connection = NULL;
	if (!peer_is_root(fd) || control->count == CONTROL_CONNECTIONS ||
	    !(connection = calloc(1, sizeof(*connection))) ||
	    loop_add(control->loop, &connection->source, fd, EPOLLIN, connection_ready)) {
		free(connection);
		close(fd);
		return;
	}
	connection->control = control;
	connection->number = ++control->numbers;
	memset(connection->fds, 0xff, sizeof(connection->fds));
	connection->next = control->connections;
	control->connections = connection;
	control->count++;
}

int control_open(struct control *control, const char *path)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -1;
	control->path = strdup(path);
	if (!control->path || socket_bind(fd, path) || listen(fd, 64) ||
	    loop_add(control->loop, &control->listener, fd, EPOLLIN, listener_ready)) {
		int saved = errno;
		free(control->path);
		control->path = NULL;
		close(fd);
		errno = saved;
		return -1;
	}
	struct stat st;
	control->inode = lstat(path, &st) ? 0 : st.st_ino;
	return 0;
}

void control_unlisten(struct control *control)
{
	struct stat st;
	if (!control->path)
		return;
	if (!lstat(control->path, &st) && st.st_ino == control->inode)
		unlink(control->path);
	loop_remove(control->loop, &control->listener);
	close(control->listener.fd);
	free(control->path);
	control->path = NULL;
}

void control_close(struct control *control)
{
	control_unlisten(control);
	while (control->connections)
		connection_drop(control->connections);
}
