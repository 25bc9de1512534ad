/*
 * console-receiver SOCKET: what an engine does with --console-socket. Listens, prints "listening", takes one
 * terminal by SCM_RIGHTS, prints what comes out of it until its other end is closed.
 */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int receive(int connection)
{
	char name[256], control[CMSG_SPACE(sizeof(int))];
	struct iovec text = { name, sizeof(name) };
	struct msghdr message = {
		.msg_iov = &text, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control)
	};
	struct cmsghdr *header;
	int fd;

	if (recvmsg(connection, &message, MSG_CMSG_CLOEXEC) <= 0)
		return -1;
	header = CMSG_FIRSTHDR(&message);
	if (!header || header->cmsg_type != SCM_RIGHTS)
		return -1;
	memcpy(&fd, CMSG_DATA(header), sizeof(fd));
	return fd;
}

int main(int argc, char **argv)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int sock = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), master;
	char bytes[4096];
	ssize_t n;

	if (argc != 2 || strlen(argv[1]) >= sizeof(address.sun_path))
		return 2;
	strcpy(address.sun_path, argv[1]);
	if (sock < 0 || bind(sock, (struct sockaddr *)&address, sizeof(address)) || listen(sock, 1))
		return 3;
	if (write(1, "listening\n", 10) != 10)
		return 3;
	master = receive(accept4(sock, NULL, NULL, SOCK_CLOEXEC));
	if (master < 0 || !isatty(master))
		return 4;
	while ((n = read(master, bytes, sizeof(bytes))) > 0)
		if (write(1, bytes, (size_t)n) != n)
			return 3;
	return 0;
}
