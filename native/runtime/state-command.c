#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>

#include "options.h"
#include "runtime.h"
#include "state.h"

int command_state(const struct globals *g, int argc, char **argv, struct error *err)
{
	const struct option none[] = { { 0 } };
	struct container c;
	struct json_object *json;
	int at = options_parse(none, argc, argv, err);

	if (at < 0 || argc - at != 1)
		return at < 0 ? -1
			      : error_text(err, EINVAL, "state: \"state\" requires exactly 1 argument(s)");
	if (state_load(g, argv[at], &c, err))
		return -1;
	json = state_document(&c);
	puts(json_object_to_json_string_ext(json, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(json);
	state_close(&c);
	return 0;
}
