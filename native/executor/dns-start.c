#include "dns-start.h"

#include <errno.h>
#include <string.h>
#include <sys/wait.h>

#include "../lib/fd.h"
#include "../net/dns-sockets.h"
#include "program.h"
#include "request.h"

enum { LIFE_FD = 3, UDP_FD, TCP_FD, NETNS_FD };

int dns_start(const char *program, const char *place, struct json_object *dns, int netns_fd, int life, pid_t *pid,
	      struct error *err)
{
	const char *directory = field_string(dns, "directory"), *name = field_string(dns, "name");
	char *argv[] = { (char *)"berth-dns", (char *)place, (char *)directory, (char *)name, NULL };
	scoped_fd int udp = -1, tcp = -1;
	unsigned count = field_bool(dns, "inside") ? 4 : 3;

	if (!directory || !name || strchr(name, '/') || name[0] == '.')
		return error_text(err, EINVAL, "invalid settings of a name server");
	if (dns_sockets_open(netns_fd, &udp, &tcp, err))
		return -1;
	return spawn_program(program, argv,
			     (struct spawn_fd[]){
				     { life, LIFE_FD }, { udp, UDP_FD }, { tcp, TCP_FD }, { netns_fd, NETNS_FD } },
			     count, true, pid, err);
}

int dns_finish(pid_t *pid, struct error *err)
{
	int status = *pid > 0 ? spawn_collect(*pid) : 0;

	*pid = 0;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 :
							       error_text(err, EIO, "the name server does not start");
}
