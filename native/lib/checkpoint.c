#include "checkpoint.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "checkpoint-mounts.h"
#include "criu.h"
#include "fd.h"
#include "plan.h"
#include "sync.h"

#ifndef CLONE_NEWCGROUP
#define CLONE_NEWCGROUP 0x02000000
#endif

/* A network namespace that was made for the container goes by this name in a checkpoint. */
#define NETNS "network"
#define STREAMS "streams"
/* Locks by nftables, or none; the point before init goes on is older. */
#define OLDEST 317U
/* Much memory takes long to be written, and is read faster. Whatever takes longer hangs. */
#define VERSION_SECONDS 20
#define DUMP_SECONDS 600
#define RESTORE_SECONDS 110
#define LOG_LEVEL 2 /* warnings and errors */

struct directories {
	int images, work;
};

static int open_directories(const struct checkpoint *c, struct directories *d, struct error *err)
{
	d->images = open(c->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	d->work = d->images < 0 ? -1 : open(c->work, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (d->work >= 0)
		return 0;
	error_set(err, errno, "open %s", d->images < 0 ? c->directory : c->work);
	fd_close(&d->images);
	return -1;
}

static void close_directories(struct directories *d, const char *log)
{
	unlinkat(d->work, log, 0);
	fd_close(&d->images);
	fd_close(&d->work);
}

/* What dump and restore have in common. CRIU finds the directories by our descriptors of them. */
static void put_common(struct criu_message *options, const struct directories *d, const char *log)
{
	criu_put_number(options, CRIU_IMAGES_FD, (uint64_t)d->images);
	criu_put_number(options, CRIU_WORK_FD, (uint64_t)d->work);
	criu_put_text(options, CRIU_LOG_FILE, log);
	criu_put_number(options, CRIU_LOG_LEVEL, LOG_LEVEL);
	criu_put_number(options, CRIU_FILE_LOCKS, true);
	criu_put_number(options, CRIU_ORPHAN_TERMINAL, true);
	criu_put_number(options, CRIU_NOTIFY, true);
	/* Cgroups with their limits are made as for any run; CRIU would write down the whole machine's. */
	criu_put_number(options, CRIU_CGROUP_MODE, CRIU_CGROUPS_IGNORE);
}

int checkpoint_possible(const struct plan *plan, struct error *err)
{
	static const struct {
		uint32_t type;
		const char *name;
	} own[] = { { CLONE_NEWPID, "pid" }, { CLONE_NEWIPC, "ipc" }, { CLONE_NEWUTS, "uts" } };
	bool listed;

	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (plan_namespace_path(plan, own[i].type, &listed))
			return error_text(err, ENOTSUP, "it shares the %s namespace of another container", own[i].name);
	(void)plan_namespace_path(plan, CLONE_NEWPID, &listed);
	if (!listed)
		return error_text(err, ENOTSUP, "it shares the pid namespace of the host");
	/* What they have done to the container is neither written down nor done again. */
	for (int point = HOOK_PRESTART; point <= HOOK_START_CONTAINER; point++)
		if (plan->hooks[point].count)
			return error_text(err, ENOTSUP, "hooks have set it up");
	(void)plan_namespace_path(plan, CLONE_NEWUSER, &listed);
	return listed ? error_text(err, ENOTSUP, "it has a user namespace") : 0;
}

static int write_streams(int directory, const struct checkpoint_streams *streams, struct error *err)
{
	char text[128];
	int size = snprintf(text, sizeof(text), "%llu %llu %llu\n", (unsigned long long)streams->pipe[0],
			    (unsigned long long)streams->pipe[1], (unsigned long long)streams->pipe[2]);
	scoped_fd int fd = openat(directory, STREAMS, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0 || fd_write_all(fd, text, (size_t)size))
		return error_set(err, errno, "write " STREAMS);
	return 0;
}

static int read_streams(int directory, struct checkpoint_streams *streams, struct error *err)
{
	char text[128] = "", *at = text;
	scoped_fd int fd = openat(directory, STREAMS, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0 || fd_read_all(fd, text, sizeof(text) - 1) <= 0)
		return error_set(err, fd < 0 ? errno : EINVAL, "read " STREAMS " of the checkpoint");
	for (int i = 0; i < 3; i++)
		streams->pipe[i] = strtoull(at, &at, 10);
	return *at == '\n' ? 0 : error_text(err, EINVAL, STREAMS " of the checkpoint is malformed");
}

/* v1 has a hierarchy for it, v2 a file in every cgroup. */
static void put_freezer(struct criu_message *options, const struct cgroup *cgroup)
{
	char path[PATH_MAX];

	if (cgroup->path[0] && cgroup_directory(cgroup, CGROUP_FREEZER, path, sizeof(path)) > 0)
		criu_put_text(options, CRIU_FREEZE_CGROUP, path);
}

static int put_network(struct criu_message *options, pid_t pid, struct error *err)
{
	char text[64];
	struct stat status;

	snprintf(text, sizeof(text), "/proc/%d/ns/net", (int)pid);
	if (stat(text, &status))
		return error_set(err, errno, "stat %s", text);
	snprintf(text, sizeof(text), "net[%llu]:" NETNS, (unsigned long long)status.st_ino);
	criu_put_text(options, CRIU_EXTERNAL, text);
	return 0;
}

/* Talks until the request has been answered. At a point that is not `at` CRIU is let go on. Returns 0, or -1 with err set. */
struct points {
	int (*at)(void *argument, const struct criu_answer *answer, int fd, struct error *err);
	void *argument;
};

static int converse(const struct criu *criu, enum criu_request request, const struct points *points, int work,
		    const char *log, struct criu_answer *answer, struct error *err)
{
	for (;;) {
		scoped_fd int fd = -1;

		if (criu_listen(criu, answer, &fd, err)) {
			struct error more;

			if (err->code != ECONNRESET)
				return -1;
			criu_failure(work, log, &(struct criu_answer){ .code = EIO }, &more);
			*err = more;
			return -1;
		}
		if (answer->type == CRIU_NOTIFIED) {
			if (points->at && points->at(points->argument, answer, fd, err))
				return -1;
			if (criu_go_on(criu, err))
				return -1;
			continue;
		}
		if (answer->type == (unsigned)request && answer->success)
			return 0;
		criu_failure(work, log, answer, err);
		return -1;
	}
}

/* How the network is held up while connections are written down: not at all, for there are none that may be. */
static int network_lock(const char *program, struct error *err)
{
	struct criu_answer answer = { 0 };
	struct criu criu;
	int result, fd = -1;

	if (criu_open(&criu, program, VERSION_SECONDS, NULL, NULL, err))
		return -1;
	result = criu_ask(&criu, CRIU_VERSION, NULL, err) || criu_listen(&criu, &answer, &fd, err);
	criu_close(&criu);
	fd_close(&fd);
	if (result)
		return -1;
	if (answer.version < OLDEST)
		return error_text(err, ENOTSUP, "criu %u.%u is too old, %u.%u is needed", answer.version / 100,
				  answer.version % 100, OLDEST / 100, OLDEST % 100);
	return answer.version < 318 ? CRIU_NETWORK_LOCK_NFTABLES : CRIU_NETWORK_LOCK_SKIP;
}

int checkpoint_dump(const struct checkpoint *c, const struct plan *plan, const struct cgroup *cgroup, pid_t pid,
		    const struct checkpoint_streams *streams, bool has_netns, bool leave_running, struct error *err)
{
	static const char log[] = "criu-dump.log";
	struct criu_message options = { 0 };
	struct criu_answer answer;
	struct directories d;
	struct criu criu;
	int result, lock;

	if (checkpoint_possible(plan, err))
		return -1;
	lock = network_lock(c->criu, err);
	if (lock < 0 || open_directories(c, &d, err))
		return -1;
	put_common(&options, &d, log);
	criu_put_number(&options, CRIU_PID, (uint64_t)pid);
	criu_put_number(&options, CRIU_LEAVE_RUNNING, leave_running);
	criu_put_number(&options, CRIU_NETWORK_LOCK, (uint64_t)lock);
	put_freezer(&options, cgroup);
	result = write_streams(d.images, streams, err) || checkpoint_name_mounts(&options, plan, pid, err) ||
		 (has_netns && put_network(&options, pid, err)) || criu_open(&criu, c->criu, DUMP_SECONDS, NULL, NULL, err);
	if (!result) {
		result = criu_ask(&criu, CRIU_DUMP, &options, err) ||
			 converse(&criu, CRIU_DUMP, &(struct points){ 0 }, d.work, log, &answer, err);
		criu_close(&criu);
	}
	criu_message_free(&options);
	close_directories(&d, log);
	return result ? -1 : 0;
}

/* What is done in a process of its own while init is made again. */
struct restore {
	const struct checkpoint *place;
	const struct plan *plan;
	const struct launch_io *io;
	struct cgroup cgroup;
	int sync; /* to who restores */
	int netns; /* what the container gets, or -1 */
	struct checkpoint_streams streams;
	char stage[PATH_MAX];
	int inherited[4]; /* numbers of what CRIU inherits: the streams, then the network namespace; -1 */
	pid_t pid; /* of init, once CRIU has told it */
	bool told; /* that init is there */
};

/* Numbers above what CRIU opens first, the same before and after the fork: they are in the request. */
enum { INHERITED_FIRST = 40 };

static void choose_inherited(struct restore *r)
{
	for (int i = 0; i < 3; i++)
		r->inherited[i] = r->streams.pipe[i] && r->io->stdio[i] >= 0 ? INHERITED_FIRST + i : -1;
	r->inherited[3] = r->netns >= 0 ? INHERITED_FIRST + 3 : -1;
}

static int join_cgroup(const struct restore *r, struct error *err)
{
	const struct cgroup *cgroup = &r->cgroup;

	if (!cgroup->path[0])
		return 0;
	return cgroup->machine.version == 2 || cgroup->machine.hybrid ? cgroup_add(cgroup, getpid(), err) :
									cgroup_join(cgroup, err);
}

/* CRIU itself is where its children are to be: in the cgroup, its namespace, and a mount namespace with all that is given. */
static int enter(void *argument, struct error *err)
{
	const struct restore *r = argument;
	int from[4];
	bool listed;

	(void)plan_namespace_path(r->plan, CLONE_NEWCGROUP, &listed);
	if (join_cgroup(r, err))
		return error_stage(err, "cgroup");
	if (unshare(CLONE_NEWNS | (listed ? CLONE_NEWCGROUP : 0)) || mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL))
		return error_set(err, errno, "mount namespace");
	if (mount("tmpfs", r->stage, "tmpfs", MS_NOSUID | MS_NODEV, "mode=700") ||
	    mount(NULL, r->stage, NULL, MS_PRIVATE, NULL))
		return error_set(err, errno, "mount %s", r->stage);
	if (checkpoint_attach_mounts(r->plan, r->io, r->stage, err))
		return -1;
	/* Out of the way of the numbers first, which may be among them. */
	for (int i = 0; i < 4; i++) {
		from[i] = i < 3 ? r->io->stdio[i] : r->netns;
		if (r->inherited[i] >= 0)
			from[i] = fcntl(from[i], F_DUPFD_CLOEXEC, INHERITED_FIRST + 4);
	}
	for (int i = 0; i < 4; i++)
		if (r->inherited[i] >= 0 && (from[i] < 0 || dup2(from[i], r->inherited[i]) < 0))
			return error_set(err, errno, "descriptors for CRIU");
	return 0;
}

static void put_inherited(struct criu_message *options, const char *name, int fd)
{
	struct criu_message inner = { 0 };

	criu_put_text(&inner, 1, name);
	criu_put_number(&inner, 2, (uint64_t)fd);
	criu_put_message(options, CRIU_INHERIT_FD, &inner);
	criu_message_free(&inner);
}

static void put_descriptors(struct criu_message *options, const struct restore *r)
{
	for (int i = 0; i < 3; i++) {
		char name[40];

		if (r->inherited[i] < 0)
			continue;
		snprintf(name, sizeof(name), "pipe:[%llu]", (unsigned long long)r->streams.pipe[i]);
		put_inherited(options, name, r->inherited[i]);
	}
	if (r->inherited[3] >= 0)
		put_inherited(options, NETNS, r->inherited[3]);
}

/*
 * The terminal is handed on as soon as CRIU has made it. When all of init is there CRIU is kept from letting it go until
 * that is asked for.
 */
static int restored(void *argument, const struct criu_answer *answer, int fd, struct error *err)
{
	struct restore *r = argument;
	struct sync_message ready = { .kind = SYNC_RESTORED };

	if (answer->pid > 0)
		r->pid = answer->pid;
	if (!strcmp(answer->script, "orphan-pts-master") && fd >= 0)
		return sync_send(r->sync, SYNC_CONSOLE, NULL, &fd, 1) ? error_set(err, errno, "hand over the terminal") : 0;
	if (strcmp(answer->script, "pre-resume") || r->told)
		return 0;
	r->told = true;
	ready.pid = r->pid;
	if (r->pid <= 0)
		return error_text(err, EPROTO, "CRIU does not say which process init is");
	if (!fd_write_all(r->sync, &ready, sizeof(ready)) && !sync_send(r->sync, SYNC_READY, NULL, NULL, 0) &&
	    !sync_expect(r->sync, SYNC_RELEASE))
		return 0;
	/* A CRIU that nobody answers any more lets it go all the same. */
	kill(r->pid, SIGKILL);
	return error_text(err, ECANCELED, "it was given up before it was started");
}

static int restore_with(struct restore *r, const struct directories *d, const char *log, struct error *err)
{
	struct criu_message options = { 0 };
	struct criu_answer answer;
	struct criu criu;
	int result;

	put_common(&options, d, log);
	criu_put_number(&options, CRIU_SIBLING, true);
	checkpoint_place_mounts(&options, r->plan, &r->cgroup, r->stage);
	put_descriptors(&options, r);
	result = criu_open(&criu, r->place->criu, RESTORE_SECONDS, enter, r, err);
	if (!result) {
		result = criu_ask(&criu, CRIU_RESTORE, &options, err) ||
			 converse(&criu, CRIU_RESTORE, &(struct points){ restored, r }, d->work, log, &answer, err);
		criu_close(&criu);
	}
	criu_message_free(&options);
	return result ? -1 : 0;
}

/* Programs of a user open /dev/stdout again, so the pipes must be the user's. */
static void own_streams(const struct restore *r)
{
	for (int i = 0; i < 3; i++)
		if (r->inherited[i] >= 0 && fchown(r->io->stdio[i], r->plan->process.uid, (gid_t)-1))
			return; /* then they are used by their descriptors */
}

/* In the helper: a child of who restores, and for a moment init's parent. */
static int help(struct restore *r, struct error *err)
{
	static const char log[] = "criu-restore.log";
	struct directories d;
	int result;

	/* Neither it nor CRIU is to be reached by a terminal of the caller's. */
	setsid();
	if (checkpoint_possible(r->plan, err) || open_directories(r->place, &d, err))
		return -1;
	result = read_streams(d.images, &r->streams, err);
	if (!result && snprintf(r->stage, sizeof(r->stage), "%s/restore", r->place->work) >= (int)sizeof(r->stage))
		result = error_set(err, ENAMETOOLONG, "%s", r->place->work);
	if (!result && mkdir(r->stage, 0700) && errno != EEXIST)
		result = error_set(err, errno, "mkdir %s", r->stage);
	if (!result) {
		choose_inherited(r);
		own_streams(r);
		result = restore_with(r, &d, log, err);
		rmdir(r->stage);
	}
	close_directories(&d, log);
	return result;
}

static int open_netns(const struct plan *plan, const struct launch_io *io, int *netns, struct error *err)
{
	bool listed;
	const char *path = plan_namespace_path(plan, CLONE_NEWNET, &listed);

	*netns = io->netns >= 0 ? fcntl(io->netns, F_DUPFD_CLOEXEC, 3) : path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	if (*netns < 0 && (io->netns >= 0 || path))
		return error_set(err, errno, "network namespace");
	return 0;
}

int checkpoint_restore(const struct checkpoint *c, struct launch *l, const struct plan *plan, const struct launch_io *io,
		       struct error *err)
{
	struct restore r = { .place = c, .plan = plan, .io = io, .netns = -1 };
	int ends[2];

	launch_init(l, plan);
	l->filter = plan;
	if (open_netns(plan, io, &r.netns, err))
		return -1;
	if (sync_pair(ends)) {
		fd_close(&r.netns);
		return error_set(err, errno, "sync socket");
	}
	l->sync = ends[0];
	r.sync = ends[1];
	if (launch_make_cgroup(l, plan, err) == 0) {
		r.cgroup = l->cgroup;
		l->helper = fork();
		if (l->helper == 0) {
			close(ends[0]);
			/* The end of the socket says that init runs: it must not be closed by a failure that has not been told. */
			if (help(&r, err)) {
				error_stage(err, "restore");
				sync_send(r.sync, SYNC_ERROR, err, NULL, 0);
				_exit(1);
			}
			_exit(0);
		}
		if (l->helper < 0)
			error_set(err, errno, "fork");
	}
	fd_close(&r.netns);
	close(ends[1]);
	if (l->helper > 0)
		return 0;
	l->helper = 0;
	launch_abort(l);
	return -1;
}
