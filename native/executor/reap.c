#include "reap.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../lib/cgroup.h"
#include "../lib/fd.h"
#include "executor.h"
#include "external.h"
#include "shim-call.h"
#include "tree.h"

#define CALL_MS 10000
/* An ending process may stay in its cgroup for a moment after SIGKILL. */
#define REAP_MS 10000

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Nothing tells when a killed process has left its cgroup on v1, so the removal is tried until the kernel allows it. */
static int remove_cgroup(const char *path, struct error *err)
{
	int64_t until = now_ms() + REAP_MS;
	struct timespec pause = { .tv_nsec = 1000000 };
	struct cgroup cg;
	int state;

	if (cgroup_open(&cg, path, err))
		return -1;
	do {
		if (cgroup_kill(&cg, 9, err))
			return -1;
		state = cgroup_remove(&cg, err);
		if (state == 1) {
			nanosleep(&pause, NULL);
			if (pause.tv_nsec < 50000000)
				pause.tv_nsec *= 2;
		}
	} while (state == 1 && now_ms() < until);
	return state == 1 ? error_text(err, EBUSY, "processes of cgroup %s do not end", path) : state;
}

static void remove_state(struct executor *e, const char *state_dir)
{
	scoped_memory char *root = NULL;
	struct error ignored;
	const char *name;
	int parent;

	pthread_mutex_lock(&e->lock);
	root = e->exec_root ? strdup(e->exec_root) : NULL;
	pthread_mutex_unlock(&e->lock);
	parent = root ? tree_parent(root, state_dir, &name, &ignored) : -1;
	if (parent < 0)
		return;
	(void)tree_remove(parent, name, NULL, NULL, &ignored);
	close(parent);
}

int reap(struct executor *e, const char *socket, const char *cgroup, const char *state_dir, struct error *err)
{
	struct error ignored;
	char answer[64];

	/* It knows best how to undo itself. */
	if (socket)
		(void)shim_call(socket, "forget", NULL, 0, CALL_MS, answer, sizeof(answer), &ignored);
	if (cgroup && *cgroup && remove_cgroup(cgroup, err))
		return -1;
	external_detach(state_dir);
	if (socket)
		(void)unlink(socket);
	remove_state(e, state_dir);
	return 0;
}
