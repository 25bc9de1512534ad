#include "sync.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "fd.h"

int sync_pair(int ends[2])
{
	return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends);
}

int sync_send(int sock, enum sync_kind kind, const struct error *err, const int *fds, unsigned count)
{
	struct sync_message message = { .kind = kind };
	ssize_t n;

	if (err)
		message.err = *err;
	if (count)
		return fd_send(sock, &message, sizeof(message), fds, count);
	/* write(2), not sendmsg(2): a seccomp filter may be in place already. */
	do
		n = write(sock, &message, sizeof(message));
	while (n < 0 && errno == EINTR);
	return n == (ssize_t)sizeof(message) ? 0 : -1;
}

int sync_receive(int sock, struct sync_message *message, int *fds, unsigned room, unsigned *count, int flags)
{
	ssize_t n = fd_receive(sock, message, sizeof(*message), fds, room, count, flags);

	if (n < 0)
		return errno == ECONNRESET ? 0 : -1;
	if (n != 0 && n != (ssize_t)sizeof(*message)) {
		errno = EPROTO;
		return -1;
	}
	message->err.stage[sizeof(message->err.stage) - 1] = '\0';
	message->err.message[sizeof(message->err.message) - 1] = '\0';
	return n != 0;
}

int sync_expect(int sock, enum sync_kind kind)
{
	struct sync_message message;
	ssize_t n;

	do
		n = read(sock, &message, sizeof(message));
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -1;
	if (n != (ssize_t)sizeof(message) || message.kind != (uint32_t)kind) {
		errno = n ? EPROTO : ECONNRESET;
		return -1;
	}
	return 0;
}
