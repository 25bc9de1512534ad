/* net.bridges: bridges come and go without the table being made anew. native/net/README.md. */
#include <errno.h>
#include <stdlib.h>

#include "../lib/fd.h"
#include "../net/table.h"
#include "bridge-json.h"
#include "executor.h"

static int make_all(struct json_object *list, struct error *err)
{
	for (size_t i = 0; list && i < json_object_array_length(list); i++)
		if (bridge_from_json(json_object_array_get_idx(list, i), err))
			return error_stage(err, "bridge");
	return 0;
}

static struct table_bridge *parse(struct json_object *list, size_t *count, struct error *err)
{
	struct table_bridge *bridges = calloc((list ? json_object_array_length(list) : 0) + 1, sizeof(*bridges));
	int used = bridges ? table_bridges_from_json(list, bridges, err) : error_text(err, ENOMEM, "no memory");

	if (used < 0) {
		free(bridges);
		return NULL;
	}
	*count = (size_t)used;
	return bridges;
}

static int change_table(struct request *r, const char *name, struct error *err)
{
	size_t add_count = 0, remove_count = 0;
	scoped_memory struct table_bridge *add = parse(field_array(r->params, "add"), &add_count, err);
	scoped_memory struct table_bridge *remove = add ? parse(field_array(r->params, "remove"), &remove_count, err) : NULL;
	scoped_memory char *text = NULL;

	if (!remove)
		return -1;
	if (forward_ipv6(r, add, add_count, err))
		return error_stage(err, "forward");
	text = table_bridge_text(name, add, add_count, remove, remove_count);
	if (!text)
		return error_text(err, ENOMEM, "no memory");
	return table_apply(r->executor->programs.nft, text, err);
}

static int open_rules(struct request *r, const char *name, struct error *err)
{
	struct executor *e = r->executor;
	struct table table = { .name = name };
	scoped_memory struct table_bridge *all = parse(field_array(r->params, "all"), &table.bridge_count, err);
	unsigned foreign;

	if (!all)
		return -1;
	table.bridges = all;
	/* Fewer rules than before are no loss: the watch must not take them for one. */
	pthread_mutex_lock(&e->lock);
	e->foreign_rules = 0;
	pthread_mutex_unlock(&e->lock);
	if (foreign_rules_open(r, &table, &foreign, err))
		return -1;
	pthread_mutex_lock(&e->lock);
	e->foreign_rules = foreign;
	pthread_mutex_unlock(&e->lock);
	return 0;
}

/* Without a table there is none yet: only bridges are removed, which an earlier daemon left. */
static int change(struct request *r, struct error *err)
{
	const char *name = NULL;

	if (!field_string(r->params, "table"))
		return 0;
	return table_name(r, &name, err) || make_all(field_array(r->params, "add"), err) || change_table(r, name, err) ||
			       open_rules(r, name, err) ?
		       -1 :
		       0;
}

void op_net_bridges(struct request *r)
{
	struct error err = { 0 };

	if (change(r, &err) || bridges_remove_json(field_array(r->params, "teardown"), &err))
		request_refuse(r, NULL, &err);
	else
		request_answer(r, NULL);
}
