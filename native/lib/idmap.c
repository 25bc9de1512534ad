#include "idmap.h"

#include <errno.h>
#include <stdlib.h>

#include "error.h"

/* One number and what ends it. Returns 0, or -1. */
static int read_number(const char **at, char end, uint32_t *out)
{
	char *rest;
	unsigned long long value;

	if (**at < '0' || **at > '9')
		return -1;
	value = strtoull(*at, &rest, 10);
	if (value > UINT32_MAX || (*rest != end && !(end == '\n' && *rest == '\0')))
		return -1;
	*at = *rest ? rest + 1 : rest;
	*out = (uint32_t)value;
	return 0;
}

/* An id is a number below 2^32 - 1, which means none. */
static bool fits(uint32_t first, uint32_t count)
{
	return (uint64_t)first + count <= UINT32_MAX;
}

int idmap_parse(const char *text, struct idmap *out, struct error *err)
{
	const char *at = text ? text : "";

	out->count = 0;
	while (*at) {
		struct id_range r;

		if (out->count == ID_RANGES_MOST)
			return error_text(err, EINVAL, "more than %d ranges of ids", ID_RANGES_MOST);
		if (read_number(&at, ' ', &r.inside) || read_number(&at, ' ', &r.outside) || read_number(&at, '\n', &r.count) ||
		    r.count == 0 || !fits(r.inside, r.count) || !fits(r.outside, r.count))
			return error_text(err, EINVAL, "a range of ids cannot be understood");
		out->ranges[out->count++] = r;
	}
	return 0;
}

static bool within(uint32_t id, uint32_t first, uint32_t count)
{
	return id >= first && id - first < count;
}

/* Both ways: `out` from the container's ids to the host's. */
static bool translate(const struct idmap *map, uint32_t id, bool out, uint32_t *translated)
{
	for (uint32_t i = 0; i < map->count; i++) {
		const struct id_range *r = &map->ranges[i];
		uint32_t from = out ? r->inside : r->outside, to = out ? r->outside : r->inside;

		if (within(id, from, r->count)) {
			*translated = id - from + to;
			return true;
		}
	}
	*translated = id;
	return map->count == 0;
}

bool idmap_outside(const struct idmap *map, uint32_t inside, uint32_t *outside)
{
	return translate(map, inside, true, outside);
}

bool idmap_inside(const struct idmap *map, uint32_t outside, uint32_t *inside)
{
	return translate(map, outside, false, inside);
}

static int map_outside(const struct idmap *map, uint32_t *id, struct error *err)
{
	uint32_t inside = *id, root;

	if (idmap_outside(map, 0, &root) && inside == root)
		return 0;
	return idmap_outside(map, inside, id) ? 0 : error_text(err, EINVAL, "container ID %u cannot be mapped to a host ID", inside);
}

int idmaps_outside(const struct idmaps *maps, uint32_t *uid, uint32_t *gid, struct error *err)
{
	if (!maps)
		return 0;
	return map_outside(&maps->uids, uid, err) || map_outside(&maps->gids, gid, err) ? -1 : 0;
}

bool idmaps_inside(const struct idmaps *maps, uint32_t *uid, uint32_t *gid)
{
	return !maps || (idmap_inside(&maps->uids, *uid, uid) && idmap_inside(&maps->gids, *gid, gid));
}

void idmaps_root(const struct idmaps *maps, uint32_t *uid, uint32_t *gid)
{
	*uid = *gid = 0;
	if (!maps)
		return;
	/* A map without 0 leaves what is made with the engine, as nobody inside could own it. */
	(void)idmap_outside(&maps->uids, 0, uid);
	(void)idmap_outside(&maps->gids, 0, gid);
}
