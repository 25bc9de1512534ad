/*
 * What sends lines to a server. One driver a process; all of its functions are called from one thread, and may block: that is
 * what holds up a container whose log is not to lose anything.
 */
#pragma once

#include <json-c/json_object.h>
#include <json-c/json_object_iterator.h>
#include <json-c/linkhash.h>

#include "error.h"
#include "log-record.h"

struct line {
	struct log_record head;
	const char *text; /* head.length bytes */
};

struct driver {
	const char *name;
	/*
	 * Connects where the driver connects at the start. Returns its state, or NULL with err in Docker's words. With `again` in the
	 * configuration a server that is not there is no failure, but one that is to be connected to later.
	 */
	void *(*open)(struct json_object *config, struct error *err);
	/* Sends one line, or loses it: trouble with a server is never the container's. */
	void (*send)(void *state, const struct line *line);
	/* No further line is ready: what has been gathered for one write goes. NULL: nothing is. */
	void (*flush)(void *state);
	/* Called when no line has come for `wait_ms`, and after each one: what has been gathered may be due. NULL: nothing is gathered. */
	void (*tick)(void *state);
	/* How long the next line is waited for; -1: for ever. NULL: for ever. */
	int (*wait_ms)(void *state);
	/* No line follows: what is left is sent now or never. */
	void (*close)(void *state);
};

extern const struct driver driver_syslog, driver_gelf, driver_fluentd, driver_splunk, driver_journald;

/* Those this program has; NULL after the last. */
extern const struct driver *const drivers[];

/* Fields of the configuration; "", 0 and false for what is not there. */
const char *config_string(struct json_object *config, const char *name);
int64_t config_int(struct json_object *config, const char *name);
int config_bool(struct json_object *config, const char *name);

/* The object `name`, or NULL. */
struct json_object *config_object(struct json_object *config, const char *name);
