#include "reserve.h"

#include <errno.h>
#include <linux/filter.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../lib/error.h"
#include "sysctl.h"

/* Where the search for a free ephemeral port goes on. Only a hint: losing it costs a few tries. */
static atomic_uint next_port;

static int type_of(uint8_t proto)
{
	return proto == IPPROTO_UDP ? SOCK_DGRAM : SOCK_STREAM;
}

/* What slips past the redirection while the table is being repaired is dropped, not queued: the sender tries again. */
static void drop_everything(int fd)
{
	struct sock_filter none[] = { BPF_STMT(BPF_RET | BPF_K, 0) };
	struct sock_fprog program = { .len = 1, .filter = none };

	(void)setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program));
}

/* Returns the socket, or -1 with errno set. */
static int bind_socket(uint8_t proto, const struct sockaddr *address, socklen_t size, int backlog)
{
	int fd = socket(address->sa_family, type_of(proto) | SOCK_CLOEXEC | SOCK_NONBLOCK, proto);
	int on = 1, code;

	if (fd < 0)
		return -1;
	if (address->sa_family == AF_INET6)
		(void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
	else
		drop_everything(fd);
	/* A server that ended leaves connections in TIME_WAIT; a listener still conflicts, as it must. */
	if (proto == IPPROTO_TCP)
		(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, address, size) == 0 && (proto == IPPROTO_UDP || listen(fd, backlog) == 0))
		return fd;
	code = errno;
	close(fd);
	errno = code;
	return -1;
}

static int bind_v4(struct reservation *r, uint16_t port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr = r->host, .sin_port = htons(port) };

	if (!r->has_v4)
		return 0;
	r->fd = bind_socket(r->proto, (struct sockaddr *)&address, sizeof(address), 1);
	if (r->fd < 0 && r->proto == IPPROTO_SCTP && (errno == EPROTONOSUPPORT || errno == ESOCKTNOSUPPORT))
		return 0;
	return r->fd < 0 ? -1 : 0;
}

static int bind_v6(struct reservation *r, uint16_t port)
{
	struct sockaddr_in6 address = { .sin6_family = AF_INET6, .sin6_addr = r->host6, .sin6_port = htons(port) };

	if (!r->has_v6 || r->proto == IPPROTO_SCTP)
		return 0;
	r->fd6 = bind_socket(r->proto, (struct sockaddr *)&address, sizeof(address), SOMAXCONN);
	if (r->fd6 < 0 && (errno == EAFNOSUPPORT || errno == EADDRNOTAVAIL) && IN6_IS_ADDR_UNSPECIFIED(&r->host6) && r->has_v4)
		return 0;
	return r->fd6 < 0 ? -1 : 0;
}

/* Both or none. *stage says which failed. */
static int bind_both(struct reservation *r, uint16_t port, const char **stage)
{
	int code;

	*stage = "bind";
	if (bind_v4(r, port))
		return -1;
	*stage = "bind6";
	if (bind_v6(r, port) == 0)
		return 0;
	code = errno;
	if (r->fd >= 0)
		close(r->fd);
	r->fd = -1;
	errno = code;
	return -1;
}

static void ephemeral_range(uint16_t *first, uint16_t *last)
{
	struct error ignored;
	char text[64];

	*first = 32768;
	*last = 60999;
	if (sysctl_read("net.ipv4.ip_local_port_range", text, sizeof(text), &ignored) == 0)
		(void)sscanf(text, "%hu %hu", first, last);
}

int reserve_port(struct reservation *r, struct error *err)
{
	uint16_t first = r->first, last = r->last;
	const char *stage = "bind";
	bool any = first == 0;
	unsigned start, count;

	r->fd = r->fd6 = -1;
	if (any)
		ephemeral_range(&first, &last);
	if (last < first)
		return error_text(err, EINVAL, "invalid port range %u-%u", first, last);
	count = (unsigned)last - first + 1;
	start = any ? atomic_load(&next_port) % count : 0;
	for (unsigned i = 0; i < count; i++) {
		uint16_t port = (uint16_t)(first + (start + i) % count);

		if (bind_both(r, port, &stage) == 0) {
			r->port = port;
			if (any)
				atomic_store(&next_port, port - first + 1U);
			return 0;
		}
		if (errno != EADDRINUSE)
			break;
	}
	error_text(err, errno, "%s", errno_text(errno));
	return error_stage(err, stage);
}
