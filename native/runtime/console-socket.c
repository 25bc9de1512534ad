#include "console-socket.h"

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "error.h"
#include "fd.h"

int console_send(const char *socket_path, int master, struct error *err)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	scoped_fd int sock = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if ((size_t)snprintf(address.sun_path, sizeof(address.sun_path), "%s", socket_path) >=
	    sizeof(address.sun_path))
		return error_set(err, ENAMETOOLONG, "console socket");
	if (sock < 0 || connect(sock, (struct sockaddr *)&address, sizeof(address)))
		return error_set(err, errno, "connect to console socket %s", socket_path);
	if (fd_send(sock, "/dev/ptmx", 9, &master, 1))
		return error_set(err, errno, "send the terminal to %s", socket_path);
	return 0;
}
