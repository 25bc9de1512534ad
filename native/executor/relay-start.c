#include "relay-start.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../lib/error.h"
#include "../lib/fd.h"
#include "program.h"

#define FIRST_FD 3

/* "tcp:172.17.0.2:80" */
static char *target_of(const struct sandbox_port *port)
{
	char address[INET_ADDRSTRLEN], *text = NULL;

	inet_ntop(AF_INET, &port->container, address, sizeof(address));
	if (asprintf(&text, "%s:%s:%u", port->host.proto == IPPROTO_UDP ? "udp" : "tcp", address, port->container_port) < 0)
		return NULL;
	return text;
}

static int run(const char *program, const char *place, const struct sandbox_spec *spec, int life, struct error *err)
{
	char *argv[SPAWN_FDS_MOST + 3] = { (char *)"berth-relay", (char *)place };
	struct spawn_fd fds[SPAWN_FDS_MOST] = { { life, FIRST_FD } };
	unsigned count = 1;
	int result = -1;
	pid_t pid;

	for (size_t i = 0; i < spec->port_count && count < SPAWN_FDS_MOST; i++) {
		if (spec->ports[i].host.fd6 < 0)
			continue;
		argv[count + 1] = target_of(&spec->ports[i]);
		if (!argv[count + 1]) {
			error_text(err, ENOMEM, "no memory");
			goto out;
		}
		fds[count] = (struct spawn_fd){ spec->ports[i].host.fd6, FIRST_FD + (int)count };
		count++;
	}
	result = spawn_program(program, argv, fds, count, true, &pid, err);
	/* It goes on as a child of init: the executor may die before it. */
	if (result == 0)
		(void)spawn_collect(pid);
out:
	while (--count > 0)
		free(argv[count + 1]);
	return result;
}

int relay_start(const char *program, const char *place, const struct sandbox_spec *spec, int *hold, struct error *err)
{
	size_t i = 0;
	int life[2];

	while (i < spec->port_count && spec->ports[i].host.fd6 < 0)
		i++;
	if (i == spec->port_count)
		return 0;
	if (pipe2(life, O_CLOEXEC))
		return error_set(err, errno, "make a pipe");
	if (run(program, place, spec, life[0], err)) {
		close(life[0]);
		close(life[1]);
		return error_stage(err, "relay");
	}
	close(life[0]);
	*hold = life[1];
	return 0;
}
