/*
 * Starting a shim and hearing from it, by native/PROTOCOL.md section 3: the shim's descriptor 3 is a SOCK_SEQPACKET
 * socket on which it gets one message of key=value lines with descriptors, and gives one answer.
 */
#ifndef BERTH_EXECUTOR_LAUNCHER_H
#define BERTH_EXECUTOR_LAUNCHER_H

#include <stdint.h>
#include <sys/types.h>

#include "../lib/error.h"

#define LAUNCH_FDS_MOST 250

struct launch_message {
	const char *text;
	int fds[LAUNCH_FDS_MOST];
	unsigned fd_count;
};

struct launch_answer {
	pid_t shim, init;
	char at[24]; /* nanoseconds since the epoch; "" when the shim gave none */
};

/* A shim that has been started and has not answered yet. */
struct launching {
	int socket;
	pid_t pid; /* of the process that forks the shim and ends */
};

/*
 * Starts `program` as the shim of container `id` and sends the message. Returns 0, or -1 with err set: nothing was
 * started then. After success launcher_finish must be called.
 */
int launcher_begin(const char *program, const char *id, const struct launch_message *message, struct launching *out,
		   struct error *err);

/*
 * Waits until init is set up. `cancel` becoming readable gives up: the shim sees its socket closed and undoes all.
 * Returns 0, or -1 with err set from the shim's own words.
 */
int launcher_finish(struct launching *launching, int cancel, struct launch_answer *answer, struct error *err);

#endif
