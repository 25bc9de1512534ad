/*
 * One run of an OCI runtime's command line, with its error text from its log. Source: runc's command line,
 * which crun and runsc follow.
 */
#pragma once

#include <limits.h>

#include "children.h"
#include "command.h"
#include "shim.h"

enum { OCI_WORDS = PARAMS_RUNTIME_ARGS + 24 };

struct oci_command;
typedef void oci_done(struct oci_command *command, struct error *err);

struct oci_command {
	struct child child;
	struct shim *shim;
	struct process *process; /* NULL for commands about the container */
	struct reply reply;
	bool frozen;     /* what a pause or resume leads to */
	int resources;   /* what an update reads, or -1 */
	const char *criu; /* for checkpoint and restore, which look for it in PATH; NULL */
	unsigned number; /* names the files of this run in the state directory */
	oci_done *done;  /* err: the command failed */
	struct io_fds ours;
	int console;           /* listening socket a terminal comes by, or -1 */
	int console_directory; /* the path the runtime is given leads through it; -1 without */
	const char *words[OCI_WORDS];
	unsigned word_count;
	char log[PATH_MAX], pid_file[PATH_MAX], console_path[64], plan_path[64];
};

/*
 * A command with the global options and the name given; words are added next. It is freed after `done`. NULL
 * without memory.
 */
struct oci_command *oci_command_make(struct shim *shim, const char *name, oci_done *done);

/* Adds a word, which must stay valid. */
void oci_word(struct oci_command *c, const char *word);

/* The name of a file of this run: `<state directory>/oci-<number>.<what>`. */
void oci_file(const struct oci_command *c, char path[PATH_MAX], const char *what);

/* Runs it; `done` is called when it has ended, or now when it cannot be started. */
void oci_run(struct oci_command *c, const struct command_fds *fds);

/* Runs it with the container's id as the last word and nothing on its streams. */
void oci_run_on_container(struct oci_command *c);

/* Gives up: `done` with this errno at this step. */
void oci_failed(struct oci_command *c, int code, const char *stage);
