/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BERTH_ARCHIVE_TASK_H
#define BERTH_ARCHIVE_TASK_H

#include <json.h>
#include <stdbool.h>
#include <stdint.h>

#include "error.h"
#include "idmap.h"
#include "put.h"

/* What is asked for (native/PROTOCOL.md 1.3), and what is answered. */
struct task {
	struct json_object *params;
	const char *path;
	struct idmaps maps; /* owners inside, and on disk */
	int root, stall_ms;
	struct json_object *result;
	bool began; /* part of the answer has been sent */
};

/* A parameter of that name; NULL, false, 0 without one. */
struct json_object *task_field(const struct task *t, const char *name);
const char *task_text(const struct task *t, const char *name);
bool task_flag(const struct task *t, const char *name);
int64_t task_number(const struct task *t, const char *name);

/* Unpacks what comes from the client as the parameters say: framing, preread, length; compressed or not. Returns 0, or -1 with err set. */
int receive_archive(struct task *t, const struct put *put, struct error *err);

#endif
