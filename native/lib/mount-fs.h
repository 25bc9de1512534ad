/* Making one mount that is attached nowhere yet. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct error;
struct plan;
struct plan_mount;

/* A new file system of the mount's type and data, with attributes attrs. mode: of its root, for tmpfs without one; 0: none. */
int mount_fs_new(const struct plan *plan, const struct plan_mount *m, uint64_t attrs, unsigned mode, struct error *err);

/* A tmpfs with these options ("" for none). Returns the mount, or -1 with err set. */
int mount_tmpfs(const char *options, uint64_t attrs, struct error *err);

/* A clone of what is at path (of the caller's mount namespace), with the mount's attributes set. */
int mount_bind_new(const struct plan *plan, const struct plan_mount *m, struct error *err);

/* Sets the attributes the mount asks for on a clone: those of the tree first, then its own. */
int mount_attributes(int mount, const struct plan_mount *m, struct error *err);

/* Copies what is in the directory from (by descriptor) to the directory to: tmpcopyup. */
int tree_copy(int from, int to, struct error *err);
