#include "parse-mount.h"

#include <errno.h>
#include <linux/mount.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fd.h"

/* <sys/mount.h> and <linux/mount.h> do not go together in older C libraries. */
enum {
	MS_SYNCHRONOUS_ = 16,
	MS_MANDLOCK_ = 64,
	MS_DIRSYNC_ = 128,
	MS_REC_ = 16384,
	MS_SILENT_ = 32768,
	MS_UNBINDABLE_ = 1 << 17,
	MS_PRIVATE_ = 1 << 18,
	MS_SLAVE_ = 1 << 19,
	MS_SHARED_ = 1 << 20,
	MS_I_VERSION_ = 1 << 23,
	MS_LAZYTIME_ = 1 << 25,
};

#ifndef MOUNT_ATTR_NOSYMFOLLOW
#define MOUNT_ATTR_NOSYMFOLLOW 0x00200000
#endif

enum option_kind { ATTRIBUTE, ATIME, SUPER, FLAG, NOTHING };

/* Options with a meaning of their own; an `r` in front of the attribute ones means the whole tree. */
static const struct option {
	const char *name;
	enum option_kind kind;
	uint64_t set, clear;
} options[] = {
	{ "ro", ATTRIBUTE, MOUNT_ATTR_RDONLY, 0 },
	{ "rw", ATTRIBUTE, 0, MOUNT_ATTR_RDONLY },
	{ "nosuid", ATTRIBUTE, MOUNT_ATTR_NOSUID, 0 },
	{ "suid", ATTRIBUTE, 0, MOUNT_ATTR_NOSUID },
	{ "nodev", ATTRIBUTE, MOUNT_ATTR_NODEV, 0 },
	{ "dev", ATTRIBUTE, 0, MOUNT_ATTR_NODEV },
	{ "noexec", ATTRIBUTE, MOUNT_ATTR_NOEXEC, 0 },
	{ "exec", ATTRIBUTE, 0, MOUNT_ATTR_NOEXEC },
	{ "nodiratime", ATTRIBUTE, MOUNT_ATTR_NODIRATIME, 0 },
	{ "diratime", ATTRIBUTE, 0, MOUNT_ATTR_NODIRATIME },
	{ "nosymfollow", ATTRIBUTE, MOUNT_ATTR_NOSYMFOLLOW, 0 },
	{ "symfollow", ATTRIBUTE, 0, MOUNT_ATTR_NOSYMFOLLOW },
	{ "noatime", ATIME, MOUNT_ATTR_NOATIME, MOUNT_ATTR__ATIME },
	{ "relatime", ATIME, MOUNT_ATTR_RELATIME, MOUNT_ATTR__ATIME },
	{ "strictatime", ATIME, MOUNT_ATTR_STRICTATIME, MOUNT_ATTR__ATIME },
	{ "atime", ATIME, MOUNT_ATTR_RELATIME, MOUNT_ATTR__ATIME },
	{ "norelatime", ATIME, MOUNT_ATTR_STRICTATIME, MOUNT_ATTR__ATIME },
	{ "nostrictatime", ATIME, MOUNT_ATTR_RELATIME, MOUNT_ATTR__ATIME },
	{ "sync", SUPER, MS_SYNCHRONOUS_, 0 },
	{ "async", SUPER, 0, MS_SYNCHRONOUS_ },
	{ "dirsync", SUPER, MS_DIRSYNC_, 0 },
	{ "mand", SUPER, MS_MANDLOCK_, 0 },
	{ "nomand", SUPER, 0, MS_MANDLOCK_ },
	{ "lazytime", SUPER, MS_LAZYTIME_, 0 },
	{ "nolazytime", SUPER, 0, MS_LAZYTIME_ },
	{ "iversion", SUPER, MS_I_VERSION_, 0 },
	{ "noiversion", SUPER, 0, MS_I_VERSION_ },
	{ "silent", SUPER, MS_SILENT_, 0 },
	{ "loud", SUPER, 0, MS_SILENT_ },
	{ "bind", FLAG, PLAN_MOUNT_BIND, 0 },
	{ "rbind", FLAG, PLAN_MOUNT_BIND | PLAN_MOUNT_RECURSIVE, 0 },
	{ "remount", FLAG, PLAN_MOUNT_REMOUNT, 0 },
	{ "tmpcopyup", FLAG, PLAN_MOUNT_TMPCOPYUP, 0 },
	{ "idmap", FLAG, PLAN_MOUNT_IDMAP, 0 },
	{ "ridmap", FLAG, PLAN_MOUNT_IDMAP | PLAN_MOUNT_IDMAP_RECURSIVE, 0 },
	{ "src-nofollow", FLAG, PLAN_MOUNT_NOFOLLOW_SOURCE, 0 },
	{ "defaults", NOTHING, 0, 0 },
	{ "auto", NOTHING, 0, 0 },
	{ "noauto", NOTHING, 0, 0 },
	{ "nofail", NOTHING, 0, 0 },
	{ "acl", NOTHING, 0, 0 },
	{ "noacl", NOTHING, 0, 0 },
};

uint32_t propagation_of(const char *word)
{
	static const struct {
		const char *name;
		uint32_t flag;
	} kinds[] = {
		{ "private", MS_PRIVATE_ },
		{ "shared", MS_SHARED_ },
		{ "slave", MS_SLAVE_ },
		{ "unbindable", MS_UNBINDABLE_ },
	};
	uint32_t recursive = word[0] == 'r' ? MS_REC_ : 0;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!strcmp(word + !!recursive, kinds[i].name))
			return kinds[i].flag | recursive;
	return 0;
}

static const struct option *option_of(const char *name)
{
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (!strcmp(options[i].name, name))
			return &options[i];
	return NULL;
}

/* A later option overrides an earlier one, as mount(8) has it. */
static void attribute(uint64_t *set, uint64_t *clear, const struct option *o)
{
	*set &= ~o->clear;
	*clear |= o->clear;
	*set |= o->set;
	if (o->kind == ATTRIBUTE)
		*clear &= ~o->set;
}

bool mount_option(struct plan_mount *m, const char *name, unsigned *propagations)
{
	const struct option *o = option_of(name);
	uint32_t propagation = propagation_of(name);

	if (propagation) {
		if (*propagations < 2)
			m->propagation[(*propagations)++] = propagation;
		else
			m->propagation[1] = propagation;
		return true;
	}
	if (!o && name[0] == 'r') {
		o = option_of(name + 1);
		if (!o || (o->kind != ATTRIBUTE && o->kind != ATIME))
			return false;
		attribute(&m->tree_set, &m->tree_clear, o);
		return true;
	}
	if (!o)
		return false;
	switch (o->kind) {
	case ATTRIBUTE:
	case ATIME:
		attribute(&m->attr_set, &m->attr_clear, o);
		break;
	case SUPER:
		m->super = (m->super & ~(uint32_t)o->clear) | (uint32_t)o->set;
		break;
	case FLAG:
		m->flags |= (uint32_t)o->set;
		break;
	case NOTHING:
		break;
	}
	return true;
}

struct plan_list parse_id_maps(struct parse *p, struct json_object *parent, const char *key)
{
	struct json_object *array = json_member(p, parent, key, json_type_array);
	struct plan_id_map *maps;
	struct plan_list list = builder_list(&p->build, json_count(array), sizeof(*maps), (void **)&maps);

	for (uint32_t i = 0; i < list.count && !p->failed; i++) {
		struct json_object *map = json_element(p, array, i, json_type_object);

		maps[i].inside = json_u32(p, map, "containerID", 0);
		maps[i].outside = json_u32(p, map, "hostID", 0);
		maps[i].count = json_u32(p, map, "size", 0);
	}
	return list;
}

static plan_string below(struct parse *p, const char *bundle, const char *path)
{
	char whole[4096];

	if (!path || path[0] == '/' || !bundle)
		return builder_text(&p->build, path);
	if ((size_t)snprintf(whole, sizeof(whole), "%s/%s", bundle, path) >= sizeof(whole))
		parse_fail(p, ENAMETOOLONG, "mount source %.64s... is too long", path);
	return builder_text(&p->build, whole);
}

static void parse_options(struct parse *p, struct json_object *array, struct plan_mount *m)
{
	unsigned propagations = 0;
	size_t room = 1;
	char *data = NULL;

	for (uint32_t i = 0; i < json_count(array) && !p->failed; i++) {
		struct json_object *value = json_element(p, array, i, json_type_string);
		const char *name = value ? json_object_get_string(value) : NULL;
		char *longer;

		if (!name || !*name || mount_option(m, name, &propagations))
			continue;
		longer = realloc(data, room + strlen(name) + 1);
		if (!longer) {
			parse_fail(p, ENOMEM, "mount options");
			break;
		}
		if (!data)
			longer[0] = '\0';
		data = longer;
		if (data[0])
			strcat(data, ",");
		strcat(data, name);
		room += strlen(name) + 1;
	}
	m->data = builder_text(&p->build, data);
	free(data);
}

struct plan_list parse_mounts(struct parse *p, struct json_object *spec, const char *bundle)
{
	struct json_object *array = json_member(p, spec, "mounts", json_type_array);
	struct plan_mount *mounts;
	struct plan_list list = builder_list(&p->build, json_count(array), sizeof(*mounts), (void **)&mounts);

	for (uint32_t i = 0; i < list.count && !p->failed; i++) {
		struct json_object *item = json_element(p, array, i, json_type_object);
		struct plan_mount *m = &mounts[i];
		const char *type = json_text(p, item, "type"), *source = json_text(p, item, "source");

		parse_options(p, json_member(p, item, "options", json_type_array), m);
		if (type && (!strcmp(type, "bind") || !strcmp(type, "rbind")))
			m->flags |= PLAN_MOUNT_BIND | (type[0] == 'r' ? PLAN_MOUNT_RECURSIVE : 0);
		if (m->flags & PLAN_MOUNT_BIND && m->data)
			parse_fail(p, EINVAL, "mounts[%u]: bind mounts cannot have any filesystem-specific options applied: %.100s", i,
				   plan_text(builder_plan(&p->build), m->data));
		m->destination = json_plan_text(p, item, "destination");
		m->type = builder_text(&p->build, type);
		m->source = m->flags & PLAN_MOUNT_BIND ? below(p, bundle, source) : builder_text(&p->build, source);
		m->uid_maps = parse_id_maps(p, item, "uidMappings");
		m->gid_maps = parse_id_maps(p, item, "gidMappings");
		if (m->uid_maps.count)
			m->flags |= PLAN_MOUNT_IDMAP;
		if (!m->destination)
			parse_fail(p, EINVAL, "mounts[%u] has no destination", i);
		if (m->flags & PLAN_MOUNT_BIND && !m->source)
			parse_fail(p, EINVAL, "mounts[%u] is a bind mount without a source", i);
	}
	return list;
}
