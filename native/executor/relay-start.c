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

static int run(const char *program, const char *place, const struct sandbox_spec *spec, struct relay *relay,
	       struct error *err)
{
	char *argv[SPAWN_FDS_MOST + 3] = { (char *)"berth-relay", (char *)place };
	struct spawn_fd fds[SPAWN_FDS_MOST] = { { relay->life, FIRST_FD } };
	unsigned count = 1;
	int result = -1;

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
	result = spawn_program(program, argv, fds, count, true, &relay->pid, err);
out:
	while (--count > 0)
		free(argv[count + 1]);
	return result;
}

static bool is_needed(const struct sandbox_spec *spec)
{
	for (size_t i = 0; i < spec->port_count; i++)
		if (spec->ports[i].host.fd6 >= 0)
			return true;
	return false;
}

int relay_prepare(const struct sandbox_spec *spec, bool always, struct relay *out, struct error *err)
{
	int ends[2];

	*out = (struct relay){ .hold = -1, .life = -1 };
	if (!always && !is_needed(spec))
		return 0;
	if (pipe2(ends, O_CLOEXEC))
		return error_set(err, errno, "make a pipe");
	out->life = ends[0];
	out->hold = ends[1];
	return 0;
}

int relay_start(const char *program, const char *place, const struct sandbox_spec *spec, struct relay *relay,
		struct error *err)
{
	if (relay->hold < 0 || !is_needed(spec))
		return 0;
	return run(program, place, spec, relay, err) ? error_stage(err, "relay") : 0;
}

void relay_finish(struct relay *relay)
{
	fd_close(&relay->life);
	fd_close(&relay->hold);
	/* The relay itself goes on as a child of init: the executor may die before it. */
	if (relay->pid > 0)
		(void)spawn_collect(relay->pid);
	relay->pid = 0;
}
