/* The user a request names, as numbers. */
#ifndef BERTH_EXECUTOR_RESOLVE_H
#define BERTH_EXECUTOR_RESOLVE_H

#include <stdbool.h>

#include "../lib/error.h"
#include "../lib/user.h"

struct json_object;

/* Whether params has a `user`, which may be one that cannot be. */
bool user_named(struct json_object *params);

/*
 * Resolves params.user and params.groupAdd (names, or numbers) in the root filesystem. The primary group comes first among
 * the additional ones, as Docker has it (CVE-2022-36109). Returns 0, or -1 with err set, stage "user".
 */
int resolve_user(int rootfs, struct json_object *params, struct user *out, struct error *err);

/* The additional groups as a JSON array. */
struct json_object *groups_json(const struct user *user);

#endif
