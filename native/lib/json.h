/*
 * Taking an OCI document apart. The first mistake is kept in err and makes every later call answer "absent", so the
 * parsers read straight through and look once at the end.
 */
#pragma once

#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>

#include "plan-build.h"

struct error;

struct parse {
	struct plan_builder build;
	struct error *err;
	bool failed;
};

/* Records a mistake, unless there is one. */
__attribute__((format(printf, 3, 4))) void parse_fail(struct parse *p, int code, const char *format, ...);

/* The member of this type; NULL when absent or null. Another type is a mistake. */
struct json_object *json_member(struct parse *p, struct json_object *parent, const char *key, json_type type);

/* Short forms: absent gives NULL, false or `otherwise`. */
const char *json_text(struct parse *p, struct json_object *parent, const char *key);
bool json_flag(struct parse *p, struct json_object *parent, const char *key);
uint32_t json_u32(struct parse *p, struct json_object *parent, const char *key, uint32_t otherwise);

/* 0 when absent. */
int32_t json_i32(struct parse *p, struct json_object *parent, const char *key);

/* Numbers: true when present. Out of range is a mistake. */
bool json_i64(struct parse *p, struct json_object *parent, const char *key, int64_t *value);
bool json_u64(struct parse *p, struct json_object *parent, const char *key, uint64_t *value);

/* An array's length, 0 for NULL. */
uint32_t json_count(struct json_object *array);

/* Element i, which must be of this type. */
struct json_object *json_element(struct parse *p, struct json_object *array, uint32_t i, json_type type);

/* An array of strings as a list of the plan. */
struct plan_list json_texts(struct parse *p, struct json_object *parent, const char *key);

/* A member of the plan: the copy of a string member. */
plan_string json_plan_text(struct parse *p, struct json_object *parent, const char *key);
