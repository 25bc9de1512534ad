/* SPDX-License-Identifier: Apache-2.0 */
#include "task.h"

struct json_object *task_field(const struct task *t, const char *name)
{
	struct json_object *value = NULL;

	json_object_object_get_ex(t->params, name, &value);
	return value;
}

const char *task_text(const struct task *t, const char *name)
{
	struct json_object *value = task_field(t, name);

	return json_object_is_type(value, json_type_string) ? json_object_get_string(value) : NULL;
}

bool task_flag(const struct task *t, const char *name)
{
	return json_object_get_boolean(task_field(t, name));
}

int64_t task_number(const struct task *t, const char *name)
{
	return json_object_get_int64(task_field(t, name));
}
