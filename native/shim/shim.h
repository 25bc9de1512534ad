/*
 * One shim, the parent of one container: the pieces and how they hang together.
 *
 *   launcher  makes and starts processes (built-in, or an OCI runtime's command line)
 *   process   the life of init and of each exec: made, started, ended, announced
 *   io/client streams; log-file the log; control the socket; verbs what can be asked of it
 *   ending    what happens after init has ended: exit file, event, clean-up, the shim's own end
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "children.h"
#include "control.h"
#include "error.h"
#include "exit-file.h"
#include "helper.h"
#include "io.h"
#include "log-file.h"
#include "loop.h"
#include "oom.h"
#include "params.h"
#include "scratch.h"

struct probe;
struct shim;

enum process_state {
	PROCESS_MAKING, /* the launcher is at it */
	PROCESS_MADE,   /* waits for start */
	PROCESS_STARTING,
	PROCESS_RUNNING,
	PROCESS_ENDED, /* reaped, and its streams have ended */
};

/* Init, or an exec. */
struct process {
	struct shim *shim;
	struct process *next; /* of the execs */
	const char *id;       /* exec id; NULL for init */
	enum process_state state;
	pid_t pid; /* 0 until known */
	int pidfd; /* -1 until known */
	struct child child;
	struct io io;
	bool streams_ended;
	bool tty;
	uint16_t height, width; /* asked for before there was a terminal; 0: not */
	struct reply reply;     /* to the request that is being carried out */
	bool replying;
	int plan;   /* what the launcher makes it from, or -1 */
	int object; /* of an exec: the OCI process object as JSON, for other runtimes, or -1 */
	bool has_stdin;
	bool reaped;
	bool abandoned; /* its end interests nobody: it never ran */
	struct exit_status status;
	void *launch; /* the launcher's own */
	struct probe *probe; /* of an exec that checks the container's health */
};

/* Makes, starts and ends processes. Every call returns at once and reports through the process_ and shim_
 * functions. */
struct launcher {
	/* Makes p wait before its program: process_made. */
	void (*make)(struct process *p);
	/* Lets p run: process_started. */
	void (*start)(struct process *p);
	/* p is given up before it has run, and has been sent SIGKILL: what still holds on to it lets go. */
	void (*abandon)(struct process *p);
	/* Forgets what was kept in p->launch; p is about to be freed or has ended. */
	void (*release)(struct process *p);
	/* Sends a signal to every process of the container. Answers reply. */
	void (*kill_all)(struct shim *shim, int signal, const struct reply *reply);
	/* Freezes or thaws, answered when it is so. */
	void (*freeze)(struct shim *shim, bool frozen, const struct reply *reply);
	/* Init has been sent SIGKILL: lets go on whoever is frozen and could not die. NULL: not needed. */
	void (*doom)(struct shim *shim);
	/* Sets limits: OCI linux.resources as JSON, from fd, which is taken over. Answers reply. */
	void (*update)(struct shim *shim, int fd, const struct reply *reply);
	/* Writes the container down as shim->checkpoint says: checkpoint_ended. */
	void (*checkpoint)(struct shim *shim);
	/* Removes what is left of the ended container: shim_cleaned. */
	void (*clean)(struct shim *shim);
};

extern const struct launcher launcher_builtin;
extern const struct launcher launcher_oci;

/* How an exec ended, kept for subscribers to come. */
struct exec_record {
	struct exec_record *next;
	struct exit_status status;
	char id[];
};

/* A request `checkpoint` that is being carried out. */
struct checkpointing {
	bool active;
	bool exit; /* the container ends with it */
	char *directory, *into, *criu;
	uint64_t began; /* monotonic ns */
	pid_t worker; /* leads the process group that is at work, which SIGKILL to init ends, too; 0 */
	struct reply reply;
	struct timer timer;
};

enum shim_state { SHIM_CREATED, SHIM_RUNNING, SHIM_PAUSED, SHIM_STOPPED };

struct shim {
	struct loop loop;
	struct scratch scratch;
	struct params params;
	struct control control;
	struct children children;
	struct log log;
	struct helpers helpers;
	struct oom oom;
	const struct launcher *launcher;
	void *launch;         /* the launcher's own */
	int report;           /* socket to the executor, -1 once it has been answered */
	struct error failure; /* why init does not run; told when everything has been undone */
	enum shim_state state;
	bool freezing;           /* a pause or resume is under way */
	bool doomed;             /* init has been sent SIGKILL: frozen now, it would never end */
	unsigned command_number; /* of the last command of another runtime */
	struct checkpointing checkpoint;
	struct process init;
	struct process *execs;
	int probe_plan, probe_object; /* what probes are made from, or -1 */
	struct exec_record *records; /* newest first */
	unsigned record_count;
	bool cleaned, announced;
	bool forgotten;      /* nobody will ask about it any more: its state directory goes, too */
	struct reply forget; /* answered when it has gone */
	uint64_t ended_at;   /* monotonic ns of the end of the clean-up */
	struct timer end, settle;
};
