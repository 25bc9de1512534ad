#include <json-c/json_object.h>

#include "driver.h"

static struct json_object *field(struct json_object *config, const char *name)
{
	struct json_object *value = NULL;

	return config && json_object_object_get_ex(config, name, &value) ? value : NULL;
}

const char *config_string(struct json_object *config, const char *name)
{
	struct json_object *value = field(config, name);

	return json_object_is_type(value, json_type_string) ? json_object_get_string(value) : "";
}

int64_t config_int(struct json_object *config, const char *name)
{
	return json_object_get_int64(field(config, name));
}

int config_bool(struct json_object *config, const char *name)
{
	return json_object_get_boolean(field(config, name));
}

struct json_object *config_object(struct json_object *config, const char *name)
{
	struct json_object *value = field(config, name);

	return json_object_is_type(value, json_type_object) ? value : NULL;
}
