#include "resolve.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/fd.h"
#include "request.h"

static void primary_first(struct user *user)
{
	for (uint32_t i = 0; i < user->group_count; i++)
		if (user->groups[i] == user->gid)
			return;
	if (user->group_count == USER_GROUPS_MAX)
		return;
	memmove(user->groups + 1, user->groups, user->group_count++ * sizeof(*user->groups));
	user->groups[0] = user->gid;
}

bool user_named(struct json_object *params)
{
	struct json_object *user;

	return json_object_object_get_ex(params, "user", &user) && json_object_is_type(user, json_type_string);
}

/* The text of a name, or NULL with err set: with a NUL inside it would be another's. */
static const char *whole_name(struct json_object *name, const char *kind, const char *file, struct error *err)
{
	const char *text = json_object_is_type(name, json_type_string) ? json_object_get_string(name) : NULL;

	if (text && strlen(text) == (size_t)json_object_get_string_len(name))
		return text;
	error_text(err, text ? ENOENT : EINVAL, "unable to find %s %s: no matching entries in %s file", kind, text ? text : "", file);
	error_stage(err, "user");
	return NULL;
}

int resolve_user(int rootfs, struct json_object *params, struct user *out, struct error *err)
{
	struct json_object *add = field_array(params, "groupAdd");
	size_t count = add ? json_object_array_length(add) : 0;
	scoped_memory const char **names = calloc(count + 1, sizeof(*names));
	const char *user = NULL;

	if (!names)
		return error_text(err, ENOMEM, "no memory");
	if (user_named(params)) {
		user = whole_name(json_object_object_get(params, "user"), "user", "passwd", err);
		if (!user)
			return -1;
	}
	for (size_t i = 0; i < count; i++) {
		names[i] = whole_name(json_object_array_get_idx(add, i), "group", "group", err);
		if (!names[i])
			return -1;
	}
	if (user_resolve(rootfs, user, names, (uint32_t)count, out, err))
		return error_stage(err, "user");
	primary_first(out);
	return 0;
}

struct json_object *groups_json(const struct user *user)
{
	struct json_object *list = json_object_new_array_ext((int)user->group_count);

	for (uint32_t i = 0; i < user->group_count; i++)
		json_object_array_add(list, json_object_new_int64(user->groups[i]));
	return list;
}
