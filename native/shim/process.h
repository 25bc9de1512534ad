/* The life of init and of the execs. */
#pragma once

#include "shim.h"

/* How long streams that others hold open may delay a process's exit event. Source: native/PROTOCOL.md
 * section 2. */
#define PROCESS_DRAIN_NS 10000000000ULL

/* Prepares init from shim->params. */
void process_init(struct shim *shim);

/* Adds an exec that is to be made; its options are set next, then process_streams_prepare. NULL without
 * memory. */
struct process *process_add(struct shim *shim, const char *id);

/* Takes back process_add, of a process that was never made. */
void process_discard(struct process *p);

/* p's options are set: clients may attach, even before it is made. */
void process_streams_prepare(struct process *p);

/* The process with this exec id, init for NULL; NULL when there is none. */
struct process *process_find(struct shim *shim, const char *id);

/* The launcher has p's streams: reading begins. Returns 0, or -1 with err set (the descriptors are closed).
 */
int process_streams(struct process *p, struct io_fds *fds, struct error *err);

/* The launcher knows the process: it is watched from here on. Returns 0, or -1 with err set. */
int process_watch(struct process *p, pid_t pid, struct error *err);

/* p waits for start (err NULL), or could not be made; err is put in the words clients know. */
void process_made(struct process *p, struct error *err);

/* p runs (err NULL), or its program could not be started; err as above. */
void process_started(struct process *p, struct error *err);

/* Gives up a process that has not run: it is killed, its clients are ended, nothing of it is announced. */
void process_abandon(struct process *p);

/* Ends p's life here if what that waited for is over. */
void process_check(struct process *p);

/* Whether an exec is on its way into the container: frozen there, whoever waits for it would wait for ever. */
bool process_any_enters(const struct shim *shim);

/* Sends a signal. Returns 0, or -1 with errno (ESRCH: not there, or no more). */
int process_signal(struct process *p, int signal);

/* Remembers or sets the size of p's terminal. Returns 0, or -1 with errno. */
int process_resize(struct process *p, uint16_t height, uint16_t width);
