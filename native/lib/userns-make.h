/* A user namespace that exists before the container does, with a network namespace that belongs to it. */
#pragma once

struct error;

/*
 * Makes both; they last as long as their descriptors. A network namespace belongs for ever to the user namespace of who makes it, and
 * only there do the capabilities of its processes count: so the two are made together, before the container joins them. uid_map
 * and gid_map are texts as of idmap.h. Returns 0, or -1 with err set.
 */
int userns_make(const char *uid_map, const char *gid_map, int *user, int *net, struct error *err);

/* Makes a network namespace that belongs to a user namespace which is there. Returns its descriptor, or -1 with err set. */
int userns_make_net(int user, struct error *err);
