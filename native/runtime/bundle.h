/* A bundle directory, and the plan made of it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct error;
struct globals;
struct json_object;

struct bundle {
	char path[4096]; /* absolute */
	struct json_object *spec;
	int plan; /* sealed memfd */
};

struct bundle_options {
	const char *path; /* NULL: the current directory */
	const char *id;
	bool no_pivot, no_new_keyring;
};

/* Loads config.json and plans it. Returns 0, or -1 with err set. bundle_close in any case. */
int bundle_load(const struct globals *g, const struct bundle_options *options, struct bundle *b,
		struct error *err);
void bundle_close(struct bundle *b);

/* A JSON file ("-": stdin) of at most 16 MiB. The caller puts the result. NULL with err set. */
struct json_object *json_load(const char *path, struct error *err);

/* Where compiled seccomp filters are kept. */
const char *seccomp_cache(const struct globals *g, char *buf, size_t size);

/* HOME of a numeric user by the passwd file below rootfs, "/" when it is not there. buf holds at least 256
 * bytes. */
const char *home_of(const char *rootfs, unsigned uid, char *buf, size_t size);
