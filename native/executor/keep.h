/*
 * Handing over to a shim what the processes beside a container are made of, so that it can start them again: native/PROTOCOL.md
 * section 5.
 */
#ifndef BERTH_EXECUTOR_KEEP_H
#define BERTH_EXECUTOR_KEEP_H

#include "../lib/error.h"

#define KEEP_MOST 3
#define KEEP_FDS_MOST 248

/* All zero: nothing yet. */
struct keeping {
	int parcels[KEEP_MOST];
	unsigned count;
};

/*
 * Adds a process: `life` is the write end of the pipe it has the read end of, and `fds` are what it gets from descriptor 4 on. All stay the
 * caller's. Until keep_hand_over or keep_drop copies are held. Returns 0, or -1 with err set.
 */
int keep_add(struct keeping *k, const char *kind, const char *program, char *const argv[], int life, const int *fds,
	     unsigned count, struct error *err);

/* Gives all of them to the shim that listens on `socket`. Returns 0, or -1 with err set. Nothing is held any more. */
int keep_hand_over(struct keeping *k, const char *socket, struct error *err);

/* Lets go of them: who lives by its pipe ends. */
void keep_drop(struct keeping *k);

#endif
