/* What every operation may use. Made once by main, then constant, but for what has a lock of its own. */
#ifndef BERTH_EXECUTOR_EXECUTOR_H
#define BERTH_EXECUTOR_EXECUTOR_H

#include <pthread.h>

#include "../lib/cgroup.h"
#include "../lib/idmap.h"
#include "channel.h"
#include "kept.h"
#include "request.h"
#include "work.h"

struct pool;

struct programs {
	const char *shim;
	const char *unpack;
	const char *archive;
	const char *nft;
	const char *relay;
	const char *dns;
	const char *forwarder;
};

struct executor {
	struct channel channel;
	struct programs programs;
	/* Starts and other short work; layers and trees; what goes at the pace of a client; starts that wait for a log server. */
	struct lane quick, slow, streams, servers;
	struct pool *pool;
	struct kept kept; /* files of cgroups whose counters are read */

	pthread_mutex_t lock;
	struct request *active; /* every request in progress */
	char *data_root; /* from hello; tree.remove stays below these */
	char *exec_root;
	/* From hello, and constant after the first: owners in containers and on disk, and the maps as text ("" when they are the same). */
	struct idmaps maps;
	char *uid_map, *gid_map;
	char shim_place[600]; /* shim-place.h; does not change after the first hello */
	struct cgroup_machine machine; /* nor does this; version 0 before */
	char *table; /* nftables table of this daemon, from net.setup */
	unsigned table_rules; /* rules it had when it was set up; 0: not yet */
	unsigned foreign_rules; /* rules it had in other tables then */
	unsigned setups; /* how often it has been */
	pthread_cond_t setup_done;
};

/* Finds an operation by name and the lane it runs in. NULL: there is none. */
struct operation {
	const char *name;
	operation *run;
	enum { LANE_QUICK, LANE_SLOW, LANE_STREAMS } lane;
};
const struct operation *operation_find(const char *name);

/* Sends something the daemon did not ask for: {"event": name, ...fields}. Takes `fields` over (NULL: none). */
void executor_event(struct executor *e, const char *name, struct json_object *fields);

/*
 * For who finds the table gone: the count of set-ups before the attempt, and waiting for another one. The wait returns 0
 * when it has happened, -1 after `seconds` without.
 */
unsigned executor_setups(struct executor *e);
int executor_await_setup(struct executor *e, unsigned seen, unsigned seconds);

operation op_hello;
operation op_shim_start, op_shim_attach, op_shim_exec, op_shim_reap;
operation op_layer_apply, op_layer_diff;
operation op_tree_remove, op_tree_size, op_tree_spread, op_tree_quota;
operation op_rootfs_ensure_dir, op_rootfs_resolve;
operation op_volume_populate, op_volume_mount, op_volume_unmount;
operation op_container_export, op_archive_stat, op_archive_get, op_archive_put;
operation op_container_top, op_container_changes, op_container_stats, op_container_update;
operation op_net_connect, op_net_disconnect;
operation op_net_setup, op_net_bridges, op_net_release, op_net_teardown, op_net_facts;

#endif
