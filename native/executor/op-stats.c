/* container.stats: what containers have used so far, many in one request. */
#include <errno.h>

#include "../lib/fd.h"
#include "executor.h"
#include "stats.h"

#define CONTAINERS_MOST 1024

static void write_samples(struct request *r, struct json_object *containers, struct stats *s)
{
	size_t count = json_object_array_length(containers);

	stats_add(s, "{");
	stats_machine(s);
	stats_add(s, ",\"samples\":[");
	for (size_t i = 0; i < count && !request_cancelled(r); i++) {
		struct json_object *container = json_object_array_get_idx(containers, i);

		if (i > 0)
			stats_add(s, ",");
		stats_container(s, field_string(container, "cgroup"), (pid_t)field_int(container, "pid"),
				field_array(container, "interfaces"));
	}
	stats_add(s, "]}");
}

/* A value of JSON that is printed as the text it has been written as. */
static struct json_object *as_written(const char *text)
{
	struct json_object *value = json_object_new_object();

	json_object_set_serializer(value, json_object_userdata_to_json_string, (void *)text, NULL);
	return value;
}

void op_container_stats(struct request *r)
{
	struct json_object *containers = field_array(r->params, "containers");
	size_t count = containers ? json_object_array_length(containers) : 0;
	struct stats s;
	struct error err = { 0 };

	if (count == 0 || count > CONTAINERS_MOST) {
		request_fail(r, "invalid-argument", EINVAL, "between 1 and %d containers are needed", CONTAINERS_MOST);
		return;
	}
	if (!stats_open(&s, &r->executor->machine, &r->executor->kept, &err))
		write_samples(r, containers, &s);
	if (s.failed)
		error_text(&err, ENOMEM, "no memory");
	if (err.code)
		request_refuse(r, NULL, &err);
	else
		request_answer(r, as_written(s.text));
	stats_close(&s);
}
