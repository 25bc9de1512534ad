#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "child.h"
#include "fd.h"

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080
#endif

static int write_time_offsets(struct child *c, struct error *err)
{
	const struct plan *plan = c->container;
	char text[160];
	int size = snprintf(text, sizeof(text), "monotonic %lld %lld\nboottime %lld %lld\n",
			    (long long)plan->time_monotonic_s, (long long)plan->time_monotonic_ns,
			    (long long)plan->time_boot_s, (long long)plan->time_boot_ns);
	scoped_fd int fd = fd_open_proc(c->proc, "self/timens_offsets", O_WRONLY);

	if (fd < 0 || fd_write_all(fd, text, (size_t)size))
		return error_set(err, errno, "time namespace offsets");
	return 0;
}

/* Offsets can be set while nobody is inside; then the child enters what it has made, without another fork. */
static int make_time_namespace(struct child *c, struct error *err)
{
	int fd;

	if (unshare(CLONE_NEWTIME))
		return error_set(err, errno, "unshare time namespace");
	if (c->container->flags & CONTAINER_TIME_OFFSETS && write_time_offsets(c, err))
		return -1;
	fd = openat(c->proc, "self/ns/time_for_children", O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWTIME)) {
		if (fd >= 0)
			close(fd);
		return error_set(err, errno, "enter time namespace");
	}
	close(fd);
	return 0;
}

int child_enter_namespaces(struct child *c, struct error *err)
{
	if (c->enter && setns(c->init_pidfd, (int)c->enter))
		return error_set(err, errno, "enter the namespaces of the container");
	for (unsigned i = 0; i < c->join_count; i++)
		if (setns(c->joins[i], (int)c->join_types[i]))
			return error_set(err, errno, "enter namespace %#x", c->join_types[i]);
	/* The cgroup namespace takes the cgroup of this moment as its root. */
	if (c->unshare & ~(uint32_t)CLONE_NEWTIME && unshare((int)(c->unshare & ~(uint32_t)CLONE_NEWTIME)))
		return error_set(err, errno, "unshare namespaces");
	return c->unshare & CLONE_NEWTIME ? make_time_namespace(c, err) : 0;
}

int child_name_host(struct child *c, struct error *err)
{
	const char *host = plan_text(c->plan, c->plan->hostname), *domain = plan_text(c->plan, c->plan->domainname);

	if (host && *host && sethostname(host, strlen(host)))
		return error_set(err, errno, "sethostname");
	if (domain && *domain && setdomainname(domain, strlen(domain)))
		return error_set(err, errno, "setdomainname");
	return 0;
}

int child_loopback(struct child *c, struct error *err)
{
	struct ifreq request = { .ifr_name = "lo" };
	bool listed;
	scoped_fd int sock = -1;

	if (c->io.netns >= 0 || plan_namespace_path(c->plan, CLONE_NEWNET, &listed) || !listed)
		return 0;
	sock = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (sock < 0 || ioctl(sock, SIOCGIFFLAGS, &request))
		return error_set(err, errno, "loopback interface");
	request.ifr_flags |= IFF_UP | IFF_RUNNING;
	return ioctl(sock, SIOCSIFFLAGS, &request) ? error_set(err, errno, "loopback interface") : 0;
}

int child_sysctls(struct child *c, struct error *err)
{
	const struct plan_pair *pairs = plan_items(c->plan, c->plan->sysctls);

	for (uint32_t i = 0; i < c->plan->sysctls.count; i++) {
		const char *key = plan_text(c->plan, pairs[i].key), *value = plan_text(c->plan, pairs[i].value);
		char path[600];
		scoped_fd int fd = -1;

		snprintf(path, sizeof(path), "sys/%s", key);
		fd = fd_open_proc(c->proc, path, O_WRONLY);
		if (fd < 0)
			return error_set(err, errno, "open /proc/%s", path);
		if (write(fd, value, strlen(value)) < 0)
			return error_set(err, errno, "write sysctl key %s: write /proc/%s", key, path);
	}
	return 0;
}
