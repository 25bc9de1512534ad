#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "fd.h"
#include "options.h"
#include "runtime.h"
#include "state.h"

static const struct {
	const char *name;
	int number;
} signals[] = {
	{ "ABRT", SIGABRT },   { "ALRM", SIGALRM }, { "BUS", SIGBUS },   { "CHLD", SIGCHLD },
	{ "CONT", SIGCONT },   { "FPE", SIGFPE },   { "HUP", SIGHUP },   { "ILL", SIGILL },
	{ "INT", SIGINT },     { "IO", SIGIO },     { "KILL", SIGKILL }, { "PIPE", SIGPIPE },
	{ "PROF", SIGPROF },   { "PWR", SIGPWR },   { "QUIT", SIGQUIT }, { "SEGV", SIGSEGV },
	{ "STKFLT", 16 },      { "STOP", SIGSTOP }, { "SYS", SIGSYS },   { "TERM", SIGTERM },
	{ "TRAP", SIGTRAP },   { "TSTP", SIGTSTP }, { "TTIN", SIGTTIN }, { "TTOU", SIGTTOU },
	{ "URG", SIGURG },     { "USR1", SIGUSR1 }, { "USR2", SIGUSR2 }, { "VTALRM", SIGVTALRM },
	{ "WINCH", SIGWINCH }, { "XCPU", SIGXCPU }, { "XFSZ", SIGXFSZ }, { "IOT", SIGABRT },
	{ "CLD", SIGCHLD },    { "POLL", SIGPOLL },
};

static int signal_number(const char *text)
{
	char *end;
	long number = strtol(text, &end, 10);

	if (end != text && !*end)
		return number > 0 && number < 65 ? (int)number : -1;
	if (!strncasecmp(text, "SIG", 3))
		text += 3;
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		if (!strcasecmp(signals[i].name, text))
			return signals[i].number;
	if (!strncasecmp(text, "RTMIN+", 6))
		return 34 + atoi(text + 6);
	return -1;
}

static int send_signal(const struct container *c, int signal, bool all, struct error *err)
{
	bool listed;
	struct error ignored;
	scoped_fd int pidfd = -1;

	if (all && cgroup_kill(&c->cgroup, signal, err))
		return -1;
	if (all)
		return 0;
	pidfd = state_pidfd(c, err);
	if (pidfd < 0)
		return -1;
	if (pidfd_signal(pidfd, signal))
		return errno == ESRCH ? error_text(err, ESRCH, "container not running")
				      : error_set(err, errno, "kill");
	/* v1: what is frozen dies when it is thawed. */
	if (signal == SIGKILL)
		cgroup_thaw(&c->cgroup, &ignored);
	/* Without a pid namespace of its own the others outlive init. */
	if (signal == SIGKILL && c->plan) {
		const char *path = plan_namespace_path(c->plan, CLONE_NEWPID, &listed);

		if (!listed || path)
			return cgroup_kill(&c->cgroup, signal, err);
	}
	return 0;
}

int command_kill(const struct globals *g, int argc, char **argv, struct error *err)
{
	bool all = false;
	const struct option flags[] = { { "all", 'a', OPTION_FLAG, &all }, { 0 } };
	struct container c;
	struct error ignored;
	int result, signal, at = options_parse(flags, argc, argv, err);

	if (at < 0 || argc - at < 1 || argc - at > 2)
		return at < 0 ? -1
			      : error_text(err, EINVAL, "kill: \"kill\" requires a minimum of 1 argument");
	signal = signal_number(argc - at == 2 ? argv[at + 1] : "TERM");
	if (signal < 0)
		return error_text(err, EINVAL, "unknown signal \"%s\"", argv[at + 1]);
	if (state_load(g, argv[at], &c, err))
		return -1;
	state_load_plan(&c, &ignored);
	result = send_signal(&c, signal, all, err);
	state_close(&c);
	return result;
}
