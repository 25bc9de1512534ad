#include <errno.h>

#include "options.h"
#include "runtime.h"
#include "state.h"

#define FREEZE_TIMEOUT_MS 10000

static int freeze(const struct globals *g, int argc, char **argv, bool frozen, struct error *err)
{
	const struct option none[] = { { 0 } };
	struct container c;
	struct error ignored;
	enum container_status status;
	int result = -1, at = options_parse(none, argc, argv, err);

	if (at < 0 || argc - at != 1)
		return at < 0 ? -1
			      : error_text(err, EINVAL, "%s: \"%s\" requires exactly 1 argument(s)", argv[0],
					   argv[0]);
	if (state_load_locked(g, argv[at], &c, err))
		return -1;
	status = state_status(&c);
	if (status == STATUS_STOPPED || (frozen && status == STATUS_PAUSED) ||
	    (!frozen && status != STATUS_PAUSED))
		error_text(err, EINVAL,
			   frozen ? "container not running or created: %s" : "container not paused: %s",
			   status_name(status));
	else if (!cgroup_freeze(&c.cgroup, frozen, err))
		result = cgroup_await(&c.cgroup, frozen, FREEZE_TIMEOUT_MS, err);
	/* Half frozen is worse than not. */
	if (result && frozen && status != STATUS_STOPPED && status != STATUS_PAUSED)
		cgroup_freeze(&c.cgroup, false, &ignored);
	state_close(&c);
	return result;
}

int command_pause(const struct globals *g, int argc, char **argv, struct error *err)
{
	return freeze(g, argc, argv, true, err);
}

int command_resume(const struct globals *g, int argc, char **argv, struct error *err)
{
	return freeze(g, argc, argv, false, err);
}
