/* Users by name inside a root filesystem, by its own passwd and group files and Docker's rules. Any thread. */
#pragma once

#include <stdint.h>

struct error;

#define USER_GROUPS_MAX 256

struct user {
	uint32_t uid, gid;
	uint32_t groups[USER_GROUPS_MAX]; /* additional, sorted as found; gid is not among them unless a file says so */
	uint32_t group_count;
	char home[256]; /* "/" when the user is not in passwd */
	char name[64]; /* "" when the user is not in passwd */
};

/*
 * Resolves "user[:group]" ("" or NULL: uid 0, gid of uid 0 in passwd or 0) and the extra groups (names or numbers)
 * below root_fd. Numbers need not be in the files. The files are read through openat2 and never leave the root.
 * Returns 0, or -1 with Docker's words: "unable to find user x: no matching entries in passwd file",
 * "unable to find group x: no matching entries in group file", "uids and gids must be in range 0-2147483647".
 */
int user_resolve(int root_fd, const char *spec, const char *const *extra, uint32_t extra_count, struct user *user,
		 struct error *err);

/* The same on texts (NULL: there is no such file); for tests and fuzzing. */
int user_resolve_text(const char *passwd, const char *group, const char *spec, const char *const *extra,
		      uint32_t extra_count, struct user *user, struct error *err);
