/*
 * The state of a container on disk, <root>/<id>/:
 *   state.json     what the commands need; replaced by rename
 *   config.json    the specification as it was at create: later changes of the bundle do not matter
 *   plan           what was made of it
 *   start report   fifos between init, which waits, and the command `start`; `start` is there until then
 *   lock           held by whoever changes the container (state_lock)
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "cgroup.h"
#include "plan.h"

struct error;
struct globals;
struct json_object;

enum container_status { STATUS_CREATED, STATUS_RUNNING, STATUS_PAUSED, STATUS_STOPPED };

struct container {
	char directory[4096];
	char id[256];
	char bundle[4096];
	char rootfs[4096];
	char created[40]; /* RFC 3339, UTC */
	pid_t pid;
	uint64_t pid_start; /* field 22 of /proc/<pid>/stat: tells a reused number */
	struct cgroup cgroup;
	struct json_object *json; /* the whole document; put by state_close */
	const struct plan *plan;  /* the container's; loaded by state_load_plan */
	int lock;                 /* -1: not held */
};

/* Checks the form of an id: letters, digits, "_+-." and not "." or "..". Returns 0, or -1 with err set. */
int id_check(const char *id, struct error *err);

/* Makes the directory of a new container. EEXIST: "container with given ID already exists". */
int state_make(const struct globals *g, const char *id, struct container *c, struct error *err);

/* Writes state.json so that a reader, and a crash, meets the old one or the new one. */
int state_save(struct container *c, struct error *err);

/* Keeps the specification. */
int state_save_spec(const struct container *c, struct json_object *spec, struct error *err);

/*
 * Waits to be the only one who changes the container. The lock is the process's, not its children's (fcntl):
 * init and hooks do not hold it. ENOENT: "container does not exist", also when it was removed while waiting.
 */
int state_lock(struct container *c, struct error *err);
void state_unlock(struct container *c);

/* Loads a container. ENOENT: "container does not exist". */
int state_load(const struct globals *g, const char *id, struct container *c, struct error *err);

/* The same under state_lock, which state_close gives back. */
int state_load_locked(const struct globals *g, const char *id, struct container *c, struct error *err);

/* Keeps the plan's memory as a file; loads it back, checked, into c->plan. */
int state_save_plan(const struct container *c, int plan_fd, struct error *err);
int state_load_plan(struct container *c, struct error *err);

void state_close(struct container *c);

/* Removes the directory with what is in it. */
int state_remove(const struct container *c, struct error *err);

/* Whether it is alive, and in which of its states. */
enum container_status state_status(const struct container *c);
const char *status_name(enum container_status status);

/* A pidfd of init, certain to be it (ESRCH when it has ended). */
int state_pidfd(const struct container *c, struct error *err);

/* Start time of a process in clock ticks since boot; 0 when it is gone or a zombie. */
uint64_t process_start(pid_t pid);

/* The OCI state document as the command `state` prints it; the caller puts it. */
struct json_object *state_document(const struct container *c);

/* The path of a file in the state directory. */
const char *state_path(const struct container *c, const char *file, char *buf, size_t size);
