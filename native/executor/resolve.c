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

int resolve_user(int rootfs, struct json_object *params, struct user *out, struct error *err)
{
	struct json_object *add = field_array(params, "groupAdd");
	size_t count = add ? json_object_array_length(add) : 0;
	scoped_memory const char **names = calloc(count + 1, sizeof(*names));

	if (!names)
		return error_text(err, ENOMEM, "no memory");
	for (size_t i = 0; i < count; i++) {
		names[i] = json_object_get_string(json_object_array_get_idx(add, i));
		if (!names[i])
			return error_text(err, EINVAL, "a group to add has no name");
	}
	if (user_resolve(rootfs, field_string(params, "user"), names, (uint32_t)count, out, err))
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
