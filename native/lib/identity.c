#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/keyctl.h>
#include <stdio.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "capability.h"
#include "child.h"
#include "fd.h"

/* struct sched_attr of the kernel, first version. */
struct k_sched_attr {
	uint32_t size, policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime, deadline, period;
};

static int set_scheduler(const struct plan_process *p, struct error *err)
{
	struct k_sched_attr attr = {
		.size = sizeof(attr),
		.policy = p->sched_policy,
		.flags = p->sched_flags,
		.nice = p->sched_nice,
		.priority = (uint32_t)p->sched_priority,
		.runtime = p->sched_runtime,
		.deadline = p->sched_deadline,
		.period = p->sched_period,
	};

	if (p->flags & PROCESS_SCHEDULER && syscall(SYS_sched_setattr, 0, &attr, 0))
		return error_set(err, errno, "error setting scheduler");
	/* 1: this process; the class is above 13 bits of priority. */
	if (p->flags & PROCESS_IO_PRIORITY && syscall(SYS_ioprio_set, 1, 0, p->io_class << 13 | p->io_priority))
		return error_set(err, errno, "setting I/O priority");
	return 0;
}

int child_limits(struct child *c, struct error *err)
{
	const struct plan *from = c->plan->process.rlimits.count ? c->plan : c->container;
	const struct plan_rlimit *limits = plan_items(from, from->process.rlimits);

	for (uint32_t i = 0; i < from->process.rlimits.count; i++) {
		struct rlimit limit = { .rlim_cur = limits[i].soft, .rlim_max = limits[i].hard };

		if (setrlimit((int)limits[i].resource, &limit))
			return error_set(err, errno, "error setting rlimits for ready process: error setting rlimit type %u",
					 limits[i].resource);
	}
	return set_scheduler(&c->plan->process, err);
}

static bool file_says_yes(const char *path)
{
	char answer = 'N';
	scoped_fd int fd = open(path, O_RDONLY | O_CLOEXEC);

	return fd >= 0 && read(fd, &answer, 1) == 1 && answer == 'Y';
}

static int write_attribute(struct child *c, const char *file, const char *text)
{
	scoped_fd int fd = fd_open_proc(c->proc, file, O_WRONLY);

	return fd < 0 ? -1 : fd_write_all(fd, text, strlen(text));
}

/* The labels take effect at execve. SELinux where the kernel has it, as the reference: without it a label says nothing. */
static int set_exec_labels(struct child *c, const char *profile, struct error *err)
{
	const char *label = plan_text(c->plan, c->plan->process.selinux_label);
	char text[512];

	if (!label)
		label = plan_text(c->container, c->container->process.selinux_label);

	if (profile && *profile) {
		snprintf(text, sizeof(text), "exec %s", profile);
		if (write_attribute(c, "self/attr/apparmor/exec", text) &&
		    (errno != ENOENT || write_attribute(c, "self/attr/exec", text)))
			return error_set(err, errno, "unable to apply apparmor profile: apparmor failed to apply profile");
	}
	if (label && *label && !faccessat(c->proc, "self/attr/exec", W_OK, 0) && !access("/sys/fs/selinux/enforce", F_OK) &&
	    write_attribute(c, "self/attr/exec", label))
		return error_set(err, errno, "can't set process label");
	return 0;
}

/*
 * The session's keys are the container's: made by its init, found by name by what comes later, which takes the right to
 * search for users. Without, they would be those of who launches.
 */
int child_keyring(struct child *c, struct error *err)
{
	const unsigned long rights = 0x3f1b0000; /* all of who has it; view, read, search and link of its user */
	char name[256];
	long ring;

	if (!(c->container->flags & CONTAINER_NEW_KEYRING))
		return 0;
	snprintf(name, sizeof(name), "_ses.%.200s", plan_text(c->container, c->container->id));
	ring = syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, name);
	/* Not in every kernel, and forbidden in some surroundings. */
	if (ring < 0 && errno != ENOSYS && errno != EPERM && errno != EDQUOT)
		return error_set(err, errno, "unable to join session keyring");
	if (ring >= 0 && c->plan->kind == PLAN_CONTAINER && syscall(SYS_keyctl, KEYCTL_SETPERM, ring, rights))
		return error_set(err, errno, "permissions of the session keyring");
	return 0;
}

int child_labels(struct child *c, struct error *err)
{
	const char *profile = plan_text(c->plan, c->plan->process.apparmor);

	if (!profile)
		profile = plan_text(c->container, c->container->process.apparmor);
	if (profile && *profile && c->plan->kind == PLAN_CONTAINER &&
	    !file_says_yes("/sys/module/apparmor/parameters/enabled"))
		return error_text(err, ENOTSUP, "apparmor profile %s specified but apparmor is not enabled", profile);
	return set_exec_labels(c, profile, err);
}

static int change_directory(const char *cwd, struct error *err)
{
	if (chdir(cwd) == 0)
		return 0;
	error_set(err, errno, "chdir to cwd (\"%s\") set in config.json failed", cwd);
	return error_stage(err, "cwd");
}

/* A directory reached through a leaked descriptor or a link of /proc is outside of the root, and shows itself so. */
static int check_directory(struct error *err)
{
	char path[4096];

	if (syscall(SYS_getcwd, path, sizeof(path)) < 0 ? errno == ENOENT : path[0] != '/')
		return error_text(err, EXDEV, "current working directory is outside of container mount namespace root "
					      "-- possible container breakout detected");
	return 0;
}

/* Whether the user namespace lets groups be set; without such a file, every one does. */
bool child_may_setgroups(const struct child *c)
{
	char allowed[8] = "allow";
	scoped_fd int fd = -1;

	if (c->proc < 0)
		return !c->setgroups_denied;
	fd = fd_open_proc(c->proc, "self/setgroups", O_RDONLY);
	return fd < 0 || read(fd, allowed, sizeof(allowed) - 1) < 0 || !strncmp(allowed, "allow", 5);
}

/* EINVAL: it is no id of this user namespace. */
static int id_failure(const char *kind, uint32_t id, struct error *err)
{
	if (errno == EINVAL)
		return error_text(err, EINVAL, "unable to setup user: cannot set%s to unmapped %s %u in user namespace", kind, kind, id);
	return error_set(err, errno, "unable to setup user: set%s", kind);
}

static int set_user(struct child *c, struct error *err)
{
	const struct plan_process *p = &c->plan->process;
	const uint32_t *groups = plan_items(c->plan, p->groups);

	if (child_may_setgroups(c) && syscall(SYS_setgroups, (size_t)p->groups.count, groups))
		return error_set(err, errno, "unable to setup user: setgroups");
	/* The system calls themselves: there is one thread, and musl's wrappers would allocate to reach others. */
	if (syscall(SYS_setresgid, p->gid, p->gid, p->gid))
		return id_failure("gid", p->gid, err);
	if (syscall(SYS_setresuid, p->uid, p->uid, p->uid))
		return id_failure("uid", p->uid, err);
	return 0;
}

int child_identity(struct child *c, struct error *err)
{
	const struct plan_process *p = &c->plan->process;
	const char *cwd = plan_text(c->plan, p->cwd);
	bool later = false;

	if (c->container->flags & CONTAINER_PERSONALITY && personality(c->container->personality) < 0)
		return error_set(err, errno, "personality");
	umask(p->flags & PROCESS_UMASK ? p->umask : 0022);
	if (p->flags & PROCESS_NO_NEW_PRIVILEGES && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return error_set(err, errno, "no_new_privs");
	/* As root first, then as the user: either may be the one who can go there (root_squash, idmapped mounts). */
	if (change_directory(cwd, err)) {
		if (error_code(err) != EPERM && error_code(err) != EACCES)
			return -1;
		later = true;
	}
	if (capability_bound(child_capabilities(c)->cap_bounding, err))
		return -1;
	/* CAP_SYS_ADMIN is still needed to load a filter without no_new_privs: child_drop takes it away. */
	if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0))
		return error_set(err, errno, "keepcaps");
	if (set_user(c, err) || (later && change_directory(cwd, err)) || check_directory(err))
		return -1;
	return capability_raise() ? error_set(err, errno, "capabilities") : 0;
}

int child_drop(struct child *c, struct error *err)
{
	const struct plan_process *p = child_capabilities(c);
	uint64_t known = (2ULL << capability_last()) - 1;

	if (capability_set(p->cap_effective & known, p->cap_permitted & known, p->cap_inheritable & known))
		return error_set(err, errno, "unable to apply caps");
	if (prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0))
		return error_set(err, errno, "keepcaps");
	if (capability_ambient(p->cap_ambient & known))
		return error_set(err, errno, "unable to set ambient caps");
	return 0;
}
