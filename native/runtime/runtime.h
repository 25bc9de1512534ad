/* The command line berth-runtime: what its commands share. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

#include "cgroup.h"
#include "error.h"
#include "plan.h"

#define RUNTIME_VERSION "0.1.0"
#define OCI_VERSION "1.2.0"

struct json_object;

/* Global options. */
struct globals {
	const char *root; /* directory of the states */
	const char *log;  /* file of the log; NULL: stderr only */
	bool log_json;
	const char *program;
};

/* A command: parses its own arguments (argv[0] is its name). Returns the exit status, or -1 with err set. */
typedef int command_run(const struct globals *g, int argc, char **argv, struct error *err);

command_run command_create, command_start, command_state, command_kill, command_delete, command_exec,
	command_ps, command_pause, command_resume, command_update, command_features, command_spec,
	command_run_container, command_list, command_checkpoint, command_restore;

/* Writes one line to the log (stderr when there is none); errors to stderr in any case. */
void log_error(const struct globals *g, const char *message);
void log_warning(const struct globals *g, const char *message);
