#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "../lib/cgroup.h"
#include "../net/pool.h"
#include "executor.h"
#include "shim-place.h"

#define VERSION "0.1.0"

static struct json_object *cgroup_json(const struct cgroup_machine *machine)
{
	struct json_object *o = json_object_new_object(), *list = json_object_new_array();

	put_int(o, "version", machine->version);
	json_object_object_add(o, "hybrid", json_object_new_boolean(machine->hybrid));
	for (int i = 0; i < CGROUP_CONTROLLERS; i++)
		if (machine->controllers & (1u << i))
			json_object_array_add(list, json_object_new_string(cgroup_controller_name(i)));
	json_object_object_add(o, "controllers", list);
	return o;
}

static void put_bool(struct json_object *o, const char *name, int value)
{
	json_object_object_add(o, name, json_object_new_boolean(value));
}

static void remember(char **place, const char *text)
{
	free(*place);
	*place = text ? strdup(text) : NULL;
}

/* Other requests read the maps without a lock: they are set once. */
static int take_maps(struct executor *e, struct json_object *ids, struct error *err)
{
	const char *uids = field_string(ids, "uids"), *gids = field_string(ids, "gids");

	if (e->uid_map)
		return 0;
	if (idmap_parse(uids, &e->maps.uids, err) || idmap_parse(gids, &e->maps.gids, err))
		return -1;
	remember(&e->gid_map, gids ? gids : "");
	remember(&e->uid_map, uids ? uids : "");
	if (*e->uid_map)
		pool_map_ids(e->pool, e->uid_map, e->gid_map);
	return 0;
}

void op_hello(struct request *r)
{
	struct json_object *result;
	struct executor *e = r->executor;
	struct error err;

	if (take_maps(e, field_object(r->params, "idMaps"), &err)) {
		request_refuse(r, NULL, &err);
		return;
	}
	result = json_object_new_object();
	pthread_mutex_lock(&e->lock);
	remember(&e->data_root, field_string(r->params, "dataRoot"));
	remember(&e->exec_root, field_string(r->params, "execRoot"));
	if (!e->shim_place[0])
		shim_place(e->shim_place, sizeof(e->shim_place));
	if (!e->machine.version && cgroup_probe(&e->machine, &err))
		memset(&e->machine, 0, sizeof(e->machine));
	pthread_mutex_unlock(&e->lock);
	put_int(result, "pid", getpid());
	put_string(result, "version", VERSION);
	json_object_object_add(result, "cgroup", cgroup_json(&e->machine));
	put_bool(result, "seccomp", prctl(PR_GET_SECCOMP, 0, 0, 0, 0) >= 0);
	put_bool(result, "apparmor", access("/sys/kernel/security/apparmor", F_OK) == 0);
	put_bool(result, "selinux", access("/sys/fs/selinux/enforce", F_OK) == 0);
	request_answer(r, result);
}
