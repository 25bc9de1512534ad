/* What the executor hands over to a new shim: one message with descriptors. Source: native/PROTOCOL.md
 * section 3. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "error.h"
#include "launch.h"
#include "line.h"
#include "log-file.h"

enum { PARAMS_FDS = 250, PARAMS_SOCKET = 3, PARAMS_RUNTIME_ARGS = 16 };

struct params {
	char *text; /* what the strings below point into */
	const char *id, *socket, *state_directory, *bundle, *spill_directory, *cgroups;
	bool tty, open_stdin, stdin_once;
	uint16_t height, width; /* console size, 0: not given */
	bool logged, log_drops;
	struct log_options log;
	const char *runtime, *runtime_root; /* NULL: the built-in one */
	const char *restore, *criu; /* directory of the checkpoint init is made from, and how; NULL: from its program */
	const char *runtime_args[PARAMS_RUNTIME_ARGS];
	unsigned runtime_arg_count;
	int plan, rootfs, netns, userns, forwarder; /* -1: none; forwarder: the socket to it */
	uid_t owner; /* of the container's streams, and their group */
	gid_t group;
	int held[PARAMS_FDS];    /* to be kept open until the container has been cleaned up */
	unsigned held_count;
	struct launch_source sources[PARAMS_FDS]; /* opened sources of bind mounts */
	unsigned source_count;
};

/*
 * Receives the launch message from socket. Everything stays valid for the process's life. Returns 0, or -1
 * with err set; descriptors that came are then left open, for the process is about to end.
 */
int params_receive(struct params *params, int socket, struct error *err);
