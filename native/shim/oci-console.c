#include "oci-console.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fd.h"
#include "socket-path.h"

int oci_console_open(struct oci_command *c)
{
	char path[PATH_MAX];
	oci_file(c, path, "tty");
	c->console_directory = open(c->shim->params.state_directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	c->console = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (c->console_directory < 0 || c->console < 0 || socket_bind(c->console, path) ||
	    listen(c->console, 1))
		return -1;
	snprintf(c->console_path, sizeof(c->console_path), "/proc/%d/fd/%d/oci-%u.tty", getpid(),
		 c->console_directory, c->number);
	oci_word(c, "--console-socket");
	oci_word(c, c->console_path);
	return 0;
}

int oci_console_receive(const struct oci_command *c)
{
	char text[256];
	union {
		char space[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control;
	struct iovec part = { .iov_base = text, .iov_len = sizeof(text) };
	struct msghdr message = {
		.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof(control)
	};
	int fd = -1, connection = accept4(c->console, NULL, NULL, SOCK_CLOEXEC);
	if (connection < 0)
		return -1;
	ssize_t n = recvmsg(connection, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
	struct cmsghdr *header = n > 0 ? CMSG_FIRSTHDR(&message) : NULL;
	if (header && header->cmsg_type == SCM_RIGHTS && header->cmsg_len == CMSG_LEN(sizeof(int)))
		memcpy(&fd, CMSG_DATA(header), sizeof(fd));
	close(connection);
	return fd;
}
