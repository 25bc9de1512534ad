#include "socket-end.h"

#include <sys/socket.h>
#include <unistd.h>

void socket_end(int socket)
{
	char rest[4096];
	shutdown(socket, SHUT_RDWR);
	while (recv(socket, rest, sizeof(rest), MSG_DONTWAIT) > 0)
		;
	close(socket);
}
