/*
 * What passes between the one who launches and the process being set up, on a pair of SOCK_SEQPACKET sockets.
 *
 *   parent -> child   PROCEED     namespaces are mapped; with the mounts that only the parent could make
 *   child  -> parent  CONSOLE     with the pty master
 *   child  -> parent  HOOKS       everything is mounted: run prestart and createRuntime hooks, then
 *   parent -> child   PROCEED
 *   child  -> parent  LISTENER    with the number of the seccomp notification descriptor, which the parent takes itself: the filter may
 *                                 ask about every call but write(2). Blocks; before READY
 *   parent -> child   PROCEED
 *   child  -> parent  READY       set up; blocks
 *   parent -> child   RELEASE
 *   child  -> parent  ERROR       at any time, then the child exits
 *
 * From a checkpoint it is a helper that speaks in place of the child, and ends when init goes on:
 *   helper -> parent  CONSOLE, RESTORED with the pid of init, READY; parent -> helper RELEASE; ERROR
 *
 * The child's end is close-on-exec: after RELEASE, end of file means that execve has happened. When the parent dies
 * the child reads the end and exits. When the child dies the parent reads the end before READY.
 */
#pragma once

#include <stdint.h>
#include <sys/types.h>

#include "error.h"

enum sync_kind { SYNC_PROCEED = 1, SYNC_CONSOLE, SYNC_HOOKS, SYNC_LISTENER, SYNC_READY, SYNC_RELEASE, SYNC_ERROR, SYNC_RESTORED };

#define SYNC_FDS_MAX 240

struct sync_message {
	uint32_t kind;
	pid_t pid; /* RESTORED: init, as the helper sees it */
	struct error err; /* ERROR; of LISTENER the code is the descriptor's number */
};

/* Both ends close-on-exec. Returns 0, or -1 with errno. */
int sync_pair(int ends[2]);

/* Returns 0, or -1 with errno. err may be NULL. */
int sync_send(int sock, enum sync_kind kind, const struct error *err, const int *fds, unsigned count);

/* Returns 1 for a message, 0 at the end, -1 with errno (EAGAIN with MSG_DONTWAIT). */
int sync_receive(int sock, struct sync_message *message, int *fds, unsigned room, unsigned *count, int flags);

/* Waits for one kind of message by read(2) alone, which every seccomp profile allows. 0, or -1 with errno. */
int sync_expect(int sock, enum sync_kind kind);
