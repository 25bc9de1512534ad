#include "listener.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "error.h"
#include "fd.h"
#include "plan.h"

int listener_send(const struct plan *plan, pid_t container, pid_t pid, const char *status, int listener,
		  struct error *err)
{
	const char *path = plan_text(plan, plan->seccomp.listener_path);
	const char *metadata = plan_text(plan, plan->seccomp.listener_metadata);
	const char *head = plan_text(plan, plan->state_head);
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int size;
	scoped_memory char *text = NULL;
	scoped_fd int sock = -1;

	if (!path || !*path)
		return 0;
	size = asprintf(&text,
			"{\"ociVersion\":\"1.2.0\",\"fds\":[\"seccompFd\"],\"pid\":%d,\"metadata\":%s,\"state\":%s,"
			"\"status\":\"%s\",\"pid\":%d}}",
			(int)pid, metadata ? metadata : "\"\"", head ? head : "{", status, (int)container);
	if (size < 0) {
		text = NULL;
		return error_set(err, ENOMEM, "seccomp listener");
	}
	if ((size_t)snprintf(address.sun_path, sizeof(address.sun_path), "%s", path) >= sizeof(address.sun_path))
		return error_set(err, ENAMETOOLONG, "seccomp listener %s", path);
	sock = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (sock < 0 || connect(sock, (struct sockaddr *)&address, sizeof(address)))
		return error_set(err, errno, "connect to seccomp listener %s", path);
	return fd_send(sock, text, (size_t)size, &listener, 1) ? error_set(err, errno, "send to seccomp listener %s", path) :
								 0;
}
