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
static int bind_one(const struct reservation *r, uint16_t port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr = r->host, .sin_port = htons(port) };
	int fd = socket(AF_INET, type_of(r->proto) | SOCK_CLOEXEC, r->proto);
	int on = 1, code;

	if (fd < 0)
		return -1;
	drop_everything(fd);
	/* A server that ended leaves connections in TIME_WAIT; a listener still conflicts, as it must. */
	if (r->proto == IPPROTO_TCP)
		(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0 && (r->proto == IPPROTO_UDP || listen(fd, 1) == 0))
		return fd;
	code = errno;
	close(fd);
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
	unsigned start, count;
	bool any = first == 0;

	r->fd = -1;
	if (any)
		ephemeral_range(&first, &last);
	if (last < first)
		return error_text(err, EINVAL, "invalid port range %u-%u", first, last);
	count = (unsigned)last - first + 1;
	start = any ? atomic_load(&next_port) % count : 0;
	for (unsigned i = 0; i < count; i++) {
		uint16_t port = (uint16_t)(first + (start + i) % count);

		r->fd = bind_one(r, port);
		if (r->fd < 0 && (errno == EPROTONOSUPPORT || errno == ESOCKTNOSUPPORT) && r->proto == IPPROTO_SCTP)
			errno = 0;
		else if (r->fd < 0 && errno == EADDRINUSE)
			continue;
		else if (r->fd < 0)
			break;
		r->port = port;
		if (any)
			atomic_store(&next_port, port - first + 1U);
		return 0;
	}
	return error_text(err, errno, "%s", errno_text(errno));
}
