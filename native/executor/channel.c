#include "channel.h"

#include <errno.h>
#include <json-c/json_tokener.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#define READ_BYTES 16384
/* An OCI spec nests about eight deep. */
#define JSON_DEPTH 32

static const char ack[] = "{\"cmd\":\"NODE_HANDLE_ACK\"}\n";

int channel_init(struct channel *c, int fd)
{
	memset(c, 0, sizeof(*c));
	c->fd = fd;
	pthread_mutex_init(&c->sending, NULL);
	c->tokener = json_tokener_new_ex(JSON_DEPTH);
	return c->tokener ? 0 : -1;
}

void channel_free(struct channel *c)
{
	while (c->fd_count > 0)
		close(c->fds[--c->fd_count]);
	frame_free(&c->frame);
	json_tokener_free(c->tokener);
	pthread_mutex_destroy(&c->sending);
}

static int send_bytes(struct channel *c, struct iovec *iov, int count)
{
	struct msghdr msg = { .msg_iov = iov, .msg_iovlen = (size_t)count };
	int result = 0;

	pthread_mutex_lock(&c->sending);
	while (msg.msg_iovlen > 0) {
		ssize_t n = sendmsg(c->fd, &msg, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			result = -1;
			break;
		}
		while (msg.msg_iovlen > 0 && (size_t)n >= msg.msg_iov->iov_len) {
			n -= (ssize_t)msg.msg_iov->iov_len;
			msg.msg_iov++;
			msg.msg_iovlen--;
		}
		if (msg.msg_iovlen > 0) {
			msg.msg_iov->iov_base = (char *)msg.msg_iov->iov_base + n;
			msg.msg_iov->iov_len -= (size_t)n;
		}
	}
	pthread_mutex_unlock(&c->sending);
	return result;
}

int channel_send(struct channel *c, struct json_object *message)
{
	size_t len;
	const char *text = json_object_to_json_string_length(
		message, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &len);
	struct iovec iov[] = { { (void *)text, len }, { (void *)"\n", 1 } };

	return text ? send_bytes(c, iov, 2) : -1;
}

static int keep_descriptors(struct channel *c, struct msghdr *msg)
{
	int result = msg->msg_flags & MSG_CTRUNC ? -1 : 0;

	for (struct cmsghdr *h = CMSG_FIRSTHDR(msg); h; h = CMSG_NXTHDR(msg, h)) {
		size_t count = (h->cmsg_len - CMSG_LEN(0)) / sizeof(int);

		if (h->cmsg_level != SOL_SOCKET || h->cmsg_type != SCM_RIGHTS)
			continue;
		for (size_t i = 0; i < count; i++) {
			int fd;

			memcpy(&fd, CMSG_DATA(h) + i * sizeof(int), sizeof(int));
			if (c->fd_count < CHANNEL_WAITING_FDS) {
				c->fds[c->fd_count++] = fd;
			} else {
				close(fd);
				result = -1;
			}
		}
	}
	return result;
}

static int first_descriptor(struct channel *c)
{
	int fd;

	if (c->fd_count == 0)
		return -1;
	fd = c->fds[0];
	memmove(c->fds, c->fds + 1, --c->fd_count * sizeof(int));
	return fd;
}

/* Returns -1 for what cannot be JSON, so that the channel ends. */
static int one_line(struct channel *c, char *line, size_t len, channel_handler *handle, void *arg)
{
	struct json_object *message, *cmd, *inner;
	struct iovec iov = { (void *)ack, sizeof(ack) - 1 };
	const char *text;
	int fd;

	json_tokener_reset(c->tokener);
	message = json_tokener_parse_ex(c->tokener, line, (int)len + 1);
	if (!message || !json_object_is_type(message, json_type_object)) {
		json_object_put(message);
		return -1;
	}
	if (!json_object_object_get_ex(message, "cmd", &cmd)) {
		handle(message, -1, arg);
		return 0;
	}
	text = json_object_get_string(cmd);
	/* Node's other internal messages (socket counts of servers) need no answer from us. */
	if (!text || strcmp(text, "NODE_HANDLE") != 0) {
		json_object_put(message);
		return 0;
	}
	fd = first_descriptor(c);
	(void)send_bytes(c, &iov, 1);
	if (!json_object_object_get_ex(message, "msg", &inner) || !json_object_is_type(inner, json_type_object)) {
		if (fd >= 0)
			close(fd);
		json_object_put(message);
		return -1;
	}
	handle(json_object_get(inner), fd, arg);
	json_object_put(message);
	return 0;
}

int channel_read(struct channel *c, channel_handler *handle, void *arg)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int) * CHANNEL_WAITING_FDS)];
	char *room = frame_room(&c->frame, READ_BYTES), *line;
	struct iovec iov = { room, READ_BYTES };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control) };
	size_t len;
	ssize_t n;

	if (!room)
		return -1;
	n = recvmsg(c->fd, &msg, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 1 : 0;
	if (n == 0)
		return 0;
	if (keep_descriptors(c, &msg))
		return -1;
	frame_added(&c->frame, (size_t)n);
	while ((line = frame_line(&c->frame, &len)) != NULL)
		if (one_line(c, line, len, handle, arg))
			return -1;
	frame_rest(&c->frame);
	return 1;
}
