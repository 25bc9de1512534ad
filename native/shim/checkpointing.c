#include "checkpointing.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "process.h"

/* An exec on its way into the container would be frozen there, and whoever waits for it with it. */
static const uint64_t poll_ns = 2000000, poll_bound_ns = 10000000000;

static void words_free(struct checkpointing *c)
{
	free(c->directory);
	free(c->into);
	free(c->criu);
	c->directory = c->into = c->criu = NULL;
}

static void when_alone(struct timer *timer)
{
	struct shim *shim = (struct shim *)((char *)timer - offsetof(struct shim, checkpoint.timer));
	bool late = monotonic_ns() - shim->checkpoint.began > poll_bound_ns;
	if (process_any_enters(shim) && !late) {
		timer_set(&shim->loop, timer, poll_ns, when_alone);
		return;
	}
	if (shim->init.reaped) {
		struct error err = { 0 };
		error_text(&err, ESRCH, "the container has ended");
		checkpoint_ended(shim, &err);
		return;
	}
	shim->launcher->checkpoint(shim);
}

void checkpoint_begin(struct shim *shim, struct request *request)
{
	struct checkpointing *c = &shim->checkpoint;
	const char *directory = line_get(&request->line, "dir"), *into = line_get(&request->line, "into");
	const char *criu = line_get(&request->line, "criu");
	if ((shim->state != SHIM_RUNNING && shim->state != SHIM_PAUSED) || shim->freezing || shim->doomed) {
		reply_error(&request->reply, ESRCH, "state", "the container is not running");
		return;
	}
	if (!directory || *directory != '/' || !into || *into != '/' || !criu || *criu != '/') {
		reply_error(&request->reply, EINVAL, "checkpoint", "dir, into and criu are needed");
		return;
	}
	c->directory = strdup(directory);
	c->into = strdup(into);
	c->criu = strdup(criu);
	if (!c->directory || !c->into || !c->criu) {
		words_free(c);
		reply_error(&request->reply, ENOMEM, "checkpoint", "no memory");
		return;
	}
	c->exit = line_flag(&request->line, "exit");
	c->reply = request->reply;
	c->began = monotonic_ns();
	c->active = true;
	/* From here on no exec begins to enter, and the end of init is not told. */
	shim->freezing = true;
	when_alone(&c->timer);
}

void checkpoint_abort(struct shim *shim)
{
	if (shim->checkpoint.active && shim->checkpoint.worker > 0)
		kill(-shim->checkpoint.worker, SIGKILL);
}

void checkpoint_ended(struct shim *shim, const struct error *err)
{
	struct checkpointing *c = &shim->checkpoint;
	struct error failed = { 0 };
	/* Here, for where the container ends with it nobody else may be there to do it. */
	if (!err && rename(c->directory, c->into)) {
		error_set(&failed, errno, "rename to %s", c->into);
		err = &failed;
	}
	words_free(c);
	c->active = shim->freezing = false;
	if (err)
		reply_error(&c->reply, err->code, *err->stage ? err->stage : "checkpoint", err->message);
	else
		reply_done(&c->reply);
	process_check(&shim->init);
}
