#include "json.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "error.h"
#include "plan_parse.h"

void parse_fail(struct parse *p, int code, const char *format, ...)
{
	char text[400];
	va_list args;

	if (p->failed)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	error_text(p->err, code, "%s", text);
	p->failed = true;
}

static bool is_type(struct json_object *value, json_type type)
{
	return json_object_is_type(value, type);
}

struct json_object *json_member(struct parse *p, struct json_object *parent, const char *key, json_type type)
{
	struct json_object *value = NULL;

	if (p->failed || !parent || !json_object_object_get_ex(parent, key, &value) || !value)
		return NULL;
	if (!is_type(value, type)) {
		parse_fail(p, EINVAL, "%s must be of type %s, not %s", key, json_type_to_name(type),
			   json_type_to_name(json_object_get_type(value)));
		return NULL;
	}
	return value;
}

const char *json_text(struct parse *p, struct json_object *parent, const char *key)
{
	struct json_object *value = json_member(p, parent, key, json_type_string);
	const char *text = value ? json_object_get_string(value) : NULL;

	if (text && strlen(text) != (size_t)json_object_get_string_len(value)) {
		parse_fail(p, EINVAL, "%s holds a NUL character", key);
		return NULL;
	}
	return text;
}

bool json_flag(struct parse *p, struct json_object *parent, const char *key)
{
	struct json_object *value = json_member(p, parent, key, json_type_boolean);

	return value && json_object_get_boolean(value);
}

bool json_i64(struct parse *p, struct json_object *parent, const char *key, int64_t *value)
{
	struct json_object *number = json_member(p, parent, key, json_type_int);

	if (!number)
		return false;
	if (json_object_get_int64(number) == INT64_MAX && json_object_get_uint64(number) > INT64_MAX) {
		parse_fail(p, ERANGE, "%s is out of range", key);
		return false;
	}
	*value = json_object_get_int64(number);
	return true;
}

bool json_u64(struct parse *p, struct json_object *parent, const char *key, uint64_t *value)
{
	struct json_object *number = json_member(p, parent, key, json_type_int);

	if (!number)
		return false;
	if (json_object_get_int64(number) < 0) {
		parse_fail(p, ERANGE, "%s is out of range", key);
		return false;
	}
	*value = json_object_get_uint64(number);
	return true;
}

uint32_t json_u32(struct parse *p, struct json_object *parent, const char *key, uint32_t otherwise)
{
	uint64_t value;

	if (!json_u64(p, parent, key, &value))
		return otherwise;
	if (value > UINT32_MAX)
		parse_fail(p, ERANGE, "%s is out of range", key);
	return (uint32_t)value;
}

int32_t json_i32(struct parse *p, struct json_object *parent, const char *key)
{
	int64_t value = 0;

	json_i64(p, parent, key, &value);
	if (value < INT32_MIN || value > INT32_MAX)
		parse_fail(p, ERANGE, "%s is out of range", key);
	return (int32_t)value;
}

uint32_t json_count(struct json_object *array)
{
	return array ? (uint32_t)json_object_array_length(array) : 0;
}

struct json_object *json_element(struct parse *p, struct json_object *array, uint32_t i, json_type type)
{
	struct json_object *value = json_object_array_get_idx(array, i);

	if (!p->failed && value && is_type(value, type))
		return value;
	parse_fail(p, EINVAL, "list element %u must be of type %s", i, json_type_to_name(type));
	return NULL;
}

struct plan_list json_texts(struct parse *p, struct json_object *parent, const char *key)
{
	struct json_object *array = json_member(p, parent, key, json_type_array);
	plan_string *items;
	struct plan_list list = builder_list(&p->build, json_count(array), sizeof(*items), (void **)&items);

	for (uint32_t i = 0; i < list.count && !p->failed; i++) {
		struct json_object *value = json_element(p, array, i, json_type_string);
		const char *text = value ? json_object_get_string(value) : NULL;

		if (text && strlen(text) != (size_t)json_object_get_string_len(value))
			parse_fail(p, EINVAL, "%s holds a NUL character", key);
		items[i] = builder_text(&p->build, text);
	}
	return list;
}

plan_string json_plan_text(struct parse *p, struct json_object *parent, const char *key)
{
	return builder_text(&p->build, json_text(p, parent, key));
}

struct json_object *json_from_text(const char *text, size_t size, struct error *err)
{
	struct json_tokener *tokener = json_tokener_new_ex(64);
	struct json_object *value;

	if (!tokener || size > INT32_MAX) {
		json_tokener_free(tokener);
		error_set(err, tokener ? EFBIG : ENOMEM, "JSON");
		return NULL;
	}
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	value = json_tokener_parse_ex(tokener, text, (int)size);
	if (value && json_tokener_get_parse_end(tokener) < size) {
		const char *rest = text + json_tokener_get_parse_end(tokener);

		if (strspn(rest, " \t\r\n") < (size_t)(text + size - rest)) {
			json_object_put(value);
			value = NULL;
		}
	}
	if (!value)
		error_text(err, EINVAL, "invalid JSON: %s",
			   json_tokener_get_error(tokener) == json_tokener_continue ?
				   "unexpected end" :
				   json_tokener_error_desc(json_tokener_get_error(tokener)));
	json_tokener_free(tokener);
	return value;
}
