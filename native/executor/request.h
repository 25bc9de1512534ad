/*
 * One request of the daemon, from its line to its answer. It belongs to the thread that works on it, which ends it by
 * exactly one of request_answer and request_refuse.
 */
#ifndef BERTH_EXECUTOR_REQUEST_H
#define BERTH_EXECUTOR_REQUEST_H

#include <json-c/json_object.h>
#include <stdint.h>

#include "../lib/error.h"
#include "work.h"

struct executor;
struct request;

typedef void operation(struct request *r);

struct request {
	struct work work; /* first: a lane hands it back */
	struct executor *executor;
	operation *run;
	struct json_object *params;
	int64_t id;
	int fd; /* the descriptor that came along, or -1 */
	int cancel; /* an eventfd, readable once the daemon no longer wants the answer */
	struct request *next, **link; /* among those in progress */
};

/* Answers with `result` (taken over; NULL for an empty object) and frees the request. */
void request_answer(struct request *r, struct json_object *result);

/* Refuses with a kind of src/errors.ts; NULL: the one that fits err's errno. Frees the request. */
void request_refuse(struct request *r, const char *kind, const struct error *err);

/* As request_refuse with a message made here. */
__attribute__((format(printf, 4, 5))) void request_fail(struct request *r, const char *kind, int code,
							const char *format, ...);

/* Whether the daemon has taken the request back. Never waits. */
int request_cancelled(const struct request *r);

/* Fields of a JSON object. Strings are NULL, numbers 0, booleans 0, arrays and objects NULL when absent or of another type. */
const char *field_string(struct json_object *o, const char *name);
int64_t field_int(struct json_object *o, const char *name);
int field_bool(struct json_object *o, const char *name);
struct json_object *field_array(struct json_object *o, const char *name);
struct json_object *field_object(struct json_object *o, const char *name);

/* Puts a string or a number into an object under construction. */
void put_string(struct json_object *o, const char *name, const char *value);
void put_int(struct json_object *o, const char *name, int64_t value);

#endif
