#include <string.h>

#include "executor.h"

static const struct operation operations[] = {
	{ "hello", op_hello, LANE_QUICK },
	{ "shim.start", op_shim_start, LANE_QUICK },
	{ "shim.attach", op_shim_attach, LANE_QUICK },
	{ "shim.exec", op_shim_exec, LANE_QUICK },
	{ "shim.reap", op_shim_reap, LANE_SLOW },
	{ "layer.apply", op_layer_apply, LANE_SLOW },
	{ "layer.diff", op_layer_diff, LANE_SLOW },
	{ "tree.remove", op_tree_remove, LANE_SLOW },
	{ "tree.size", op_tree_size, LANE_SLOW },
	{ "tree.spread", op_tree_spread, LANE_QUICK },
	{ "tree.quota", op_tree_quota, LANE_QUICK },
	{ "rootfs.ensureDir", op_rootfs_ensure_dir, LANE_QUICK },
	{ "rootfs.resolve", op_rootfs_resolve, LANE_QUICK },
	{ "volume.populate", op_volume_populate, LANE_SLOW },
	{ "volume.mount", op_volume_mount, LANE_SLOW },
	{ "volume.unmount", op_volume_unmount, LANE_SLOW },
	{ "container.changes", op_container_changes, LANE_SLOW },
	{ "container.export", op_container_export, LANE_STREAMS },
	{ "archive.stat", op_archive_stat, LANE_QUICK },
	{ "archive.get", op_archive_get, LANE_STREAMS },
	{ "archive.put", op_archive_put, LANE_STREAMS },
	{ "container.top", op_container_top, LANE_SLOW },
	{ "container.stats", op_container_stats, LANE_QUICK },
	{ "container.update", op_container_update, LANE_SLOW },
	{ "net.setup", op_net_setup, LANE_QUICK },
	{ "net.bridges", op_net_bridges, LANE_QUICK },
	{ "net.connect", op_net_connect, LANE_QUICK },
	{ "net.disconnect", op_net_disconnect, LANE_QUICK },
	{ "net.release", op_net_release, LANE_QUICK },
	{ "net.teardown", op_net_teardown, LANE_QUICK },
	{ "net.facts", op_net_facts, LANE_QUICK },
};

const struct operation *operation_find(const char *name)
{
	for (size_t i = 0; i < sizeof(operations) / sizeof(*operations); i++)
		if (strcmp(operations[i].name, name) == 0)
			return &operations[i];
	return NULL;
}
