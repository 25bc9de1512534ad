#include "dns-start.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>

#include "../lib/fd.h"
#include "../net/dns-sockets.h"
#include "program.h"
#include "request.h"

enum { LIFE_FD = 3, UDP_FD, TCP_FD, NETNS_FD };

int dns_start(const char *program, const char *place, struct json_object *dns, int netns_fd, struct keeping *keeping, pid_t *pid,
	      struct error *err)
{
	const char *directory = field_string(dns, "directory"), *name = field_string(dns, "name");
	char *argv[] = { (char *)"berth-dns", (char *)place, (char *)directory, (char *)name, NULL };
	scoped_fd int udp = -1, tcp = -1;
	unsigned count = field_bool(dns, "inside") ? 3 : 2;
	int life[2];

	if (!directory || !name || strchr(name, '/') || name[0] == '.')
		return error_text(err, EINVAL, "invalid settings of a name server");
	if (dns_sockets_open(netns_fd, &udp, &tcp, err))
		return -1;
	if (pipe2(life, O_CLOEXEC))
		return error_set(err, errno, "make a pipe");
	scoped_fd int theirs = life[0];
	scoped_fd int ours = life[1];
	if (spawn_program(program, argv,
			  (struct spawn_fd[]){
				  { theirs, LIFE_FD }, { udp, UDP_FD }, { tcp, TCP_FD }, { netns_fd, NETNS_FD } },
			  count + 1, true, pid, err))
		return -1;
	return keep_add(keeping, "dns", program, argv, ours, (int[]){ udp, tcp, netns_fd }, count, err);
}

int dns_finish(pid_t *pid, struct error *err)
{
	int status = *pid > 0 ? spawn_collect(*pid) : 0;

	*pid = 0;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 :
							       error_text(err, EIO, "the name server does not start");
}
