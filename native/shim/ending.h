/* What follows: the answer to the executor, exit records and events, clean-up, and the shim's own end. */
#pragma once

#include "shim.h"

/* Answers the executor: init waits for start (err NULL), or could not be made. Only the first call counts. */
void ending_report(struct shim *shim, const struct error *err);

/* Init is over: exit file, `exit` event (unless it was abandoned), then the clean-up. */
void ending_init(struct shim *shim);

/* An exec is over: recorded, and announced. */
void ending_exec(const struct process *p);

/* Sends what has ended before to a new subscriber. */
void ending_replay(struct shim *shim, struct connection *connection);

/* If the container is to be forgotten and has been cleaned up: removes its state directory and the socket,
 * and answers. */
void ending_forget(struct shim *shim);

/* The launcher has removed the container. */
void shim_cleaned(struct shim *shim);

/* Ends the shim when nobody needs it any more, or sees to it later. To be called whenever that may have
 * become true. */
void ending_check(struct shim *shim);
