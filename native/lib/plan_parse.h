/* From OCI JSON to a plan. Needs json-c and (for linux.seccomp) libseccomp: the executor and the command line only. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct json_object;
struct error;

/* What is not in the JSON. Zero and NULL mean "as the JSON says" everywhere. */
struct plan_options {
	const char *id;
	const char *bundle; /* absolute; relative paths of the JSON are below it */
	const char *cgroup_path; /* used when linux.cgroupsPath is absent */
	const char *seccomp_cache; /* directory of compiled filters; NULL: compile each time */
	bool user_given; /* uid, gid, groups, home below replace process.user */
	uint32_t uid, gid;
	const uint32_t *groups;
	uint32_t group_count;
	const char *home; /* HOME is set to it when the environment has none; NULL: not set */
	bool no_pivot, no_new_keyring;
	bool inherit_seccomp; /* exec: keep the container's filter (seccomp below is then ignored by the parser) */
	struct json_object *seccomp; /* exec: the linux.seccomp of the container; NULL: no filter */
};

/*
 * Parses a whole config.json. Safe in any thread: no globals, no current directory, no umask.
 * Returns a sealed memfd, or -1 with err set (code EINVAL for what the specification does not allow; the message
 * names the field; ENOTSUP for what this runtime does not do).
 */
int plan_from_spec(struct json_object *spec, const struct plan_options *options, struct error *err);

/* Parses an OCI process object into a plan for exec. The same results. */
int plan_from_process(struct json_object *process, const struct plan_options *options, struct error *err);

/* Parses an OCI linux.resources object (as of `update`) into a plan of which only `resources` counts. */
int plan_from_resources(struct json_object *resources, const char *id, struct error *err);

/* Parses JSON text of size bytes, refusing trailing data and nesting beyond 64. The caller puts the result. */
struct json_object *json_from_text(const char *text, size_t size, struct error *err);
