/*
 * Probes: execs that check the health of the container. Their plan is given once (`probe-plan`); a run is one request, answered
 * when the program and its output have ended, with exit code and output, so that nobody follows it in between.
 * Source: native/PROTOCOL.md section 2.
 */
#pragma once

#include "shim.h"

/* Keeps the descriptors of a request as what probes are made from. Takes them over. */
void probe_plan(struct shim *shim, struct request *request);

/* Runs one: id, timeout (ms), limit (bytes of output that are kept). Answered at its end. */
void probe_run(struct shim *shim, struct request *request);

/* It has been made: started. */
void probe_made(struct process *p);

/* It could not be made or its program not be started: answered, with err in the words clients know. */
void probe_failed(struct process *p, const struct error *err);

/* Output of it. */
void probe_output(struct probe *probe, const char *bytes, size_t n);

/* It is over: answered. */
void probe_ended(struct process *p);

/* Frees what belongs to it; p is about to be freed. */
void probe_free(struct process *p);
