/*
 * Ids of users and groups inside a user namespace and outside of it, for files that are written from outside: layers, archives,
 * what the engine makes for a container. As text a map is what /proc/PID/uid_map takes: a line "inside outside count" per range.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct error;

/* The kernel takes no more ranges (user_namespaces(7)). */
#define ID_RANGES_MOST 340

/* Room for the text of a map of that many ranges. */
#define IDMAP_TEXT (ID_RANGES_MOST * 34)

struct id_range {
	uint32_t inside, outside, count;
};

/* Without ranges, as with no map at all (NULL), every id is itself. */
struct idmap {
	uint32_t count;
	struct id_range ranges[ID_RANGES_MOST];
};

struct idmaps {
	struct idmap uids, gids;
};

/* Reads the text of a map; NULL and "" are one without ranges. Returns 0, or -1 with err set (EINVAL). */
int idmap_parse(const char *text, struct idmap *out, struct error *err);

/* What `inside` is outside. Returns whether the map has it. */
bool idmap_outside(const struct idmap *map, uint32_t inside, uint32_t *outside);

/* What `outside` is inside. Returns whether the map has it. */
bool idmap_inside(const struct idmap *map, uint32_t outside, uint32_t *inside);

/*
 * An owner inside becomes the one outside. What is root's outside already stays so, as with dockerd: what `docker cp` brought out of a
 * container can be put into another. Returns 0, or -1 with err set in dockerd's words.
 */
int idmaps_outside(const struct idmaps *maps, uint32_t *uid, uint32_t *gid, struct error *err);

/* An owner outside becomes the one inside. Returns whether both ids have one. */
bool idmaps_inside(const struct idmaps *maps, uint32_t *uid, uint32_t *gid);

/* Who owns, outside, what is made for root of the inside: 0:0 without ranges. */
void idmaps_root(const struct idmaps *maps, uint32_t *uid, uint32_t *gid);
