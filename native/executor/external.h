/*
 * What other OCI runtimes (runc, crun, runsc) need that ours takes as descriptors: a bundle on disk with everything
 * resolved, and the root filesystem mounted in it.
 */
#ifndef BERTH_EXECUTOR_EXTERNAL_H
#define BERTH_EXECUTOR_EXTERNAL_H

#include <stdbool.h>

#include "../lib/error.h"
#include "../lib/user.h"

struct json_object;
struct source;

/* Mounts the detached mount at <bundle>/rootfs. The descriptor stays the caller's. Returns 0, or -1 with err set. */
int external_attach(int mount, const char *bundle, struct error *err);

/* Mounts a network namespace at <bundle>/netns: `checkpoint` asks for its path long after the start. Likewise. */
int external_attach_netns(int netns, const char *bundle, struct error *err);

/*
 * Mounts a source at <bundle>/mounts/<index>, and makes it the source of its mount in the spec. The descriptor stays the
 * caller's. Returns 0, or -1 with err set.
 */
int external_attach_source(const struct source *source, struct json_object *spec, const char *bundle, struct error *err);

/* Takes all of them away again; not being there is no failure. */
void external_detach(const char *bundle);

/* Makes process.user of an OCI process object numbers. */
void external_set_user(struct json_object *process, const struct user *user);

/*
 * Writes <bundle>/config.json from the spec, with the user's numbers (NULL: as the spec says), the network namespace that
 * external_attach_netns mounted (netns), and the user namespace behind `userns` (-1: as the spec says), which must stay open in
 * this process until the runtime has joined it.
 */
int external_write_config(struct json_object *spec, const char *bundle, const struct user *user, bool netns, int userns,
			  struct error *err);

#endif
