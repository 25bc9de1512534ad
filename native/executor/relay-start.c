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

static int run(const char *program, const char *place, const struct sandbox_spec *spec, const int life[2],
	       struct keeping *keeping, pid_t *pid, struct error *err)
{
	char *argv[KEEP_FDS_MOST + 3] = { (char *)"berth-relay", (char *)place };
	struct spawn_fd fds[KEEP_FDS_MOST + 1] = { { life[0], FIRST_FD } };
	int sockets[KEEP_FDS_MOST];
	unsigned count = 0;
	int result = -1;

	for (size_t i = 0; i < spec->port_count; i++) {
		if (spec->ports[i].host.fd6 < 0)
			continue;
		if (count == KEEP_FDS_MOST) {
			error_text(err, E2BIG, "too many ports on IPv6 addresses");
			goto out;
		}
		argv[count + 2] = target_of(&spec->ports[i]);
		if (!argv[count + 2]) {
			error_text(err, ENOMEM, "no memory");
			goto out;
		}
		sockets[count] = spec->ports[i].host.fd6;
		fds[count + 1] = (struct spawn_fd){ sockets[count], FIRST_FD + 1 + (int)count };
		count++;
	}
	result = spawn_program(program, argv, fds, count + 1, true, pid, err);
	if (result == 0)
		result = keep_add(keeping, "relay", program, argv, life[1], sockets, count, err);
out:
	while (count-- > 0)
		free(argv[count + 2]);
	return result;
}

static bool is_needed(const struct sandbox_spec *spec)
{
	for (size_t i = 0; i < spec->port_count; i++)
		if (spec->ports[i].host.fd6 >= 0)
			return true;
	return false;
}

int relay_start(const char *program, const char *place, const struct sandbox_spec *spec, struct keeping *keeping, pid_t *pid,
		struct error *err)
{
	int life[2], result;

	if (!is_needed(spec))
		return 0;
	if (pipe2(life, O_CLOEXEC)) {
		error_set(err, errno, "make a pipe");
		return error_stage(err, "relay");
	}
	result = run(program, place, spec, life, keeping, pid, err);
	close(life[0]);
	close(life[1]);
	return result ? error_stage(err, "relay") : 0;
}

void relay_finish(pid_t *pid)
{
	/* The relay itself goes on as a child of init: the executor may die before it. */
	if (*pid > 0)
		(void)spawn_collect(*pid);
	*pid = 0;
}
