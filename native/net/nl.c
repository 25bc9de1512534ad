#include "nl.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "../lib/error.h"

#define ANSWER_BYTES 32768

int nl_open(struct nl *nl, int protocol, struct error *err)
{
	static const int on = 1;
	static const struct timeval patience = { .tv_sec = 20 };

	nl->seq = 1;
	nl->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
	if (nl->fd < 0)
		return error_set(err, errno, "open netlink socket");
	/* Old kernels know neither; both only improve the answer. */
	(void)setsockopt(nl->fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	(void)setsockopt(nl->fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
	/* The kernel answers while it is asked; a lost answer must not hold a worker for ever. */
	(void)setsockopt(nl->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	return 0;
}

void nl_close(struct nl *nl)
{
	if (nl->fd >= 0)
		close(nl->fd);
	nl->fd = -1;
}

int nl_join(struct nl *nl, int group, struct error *err)
{
	struct sockaddr_nl any = { .nl_family = AF_NETLINK };

	if (bind(nl->fd, (struct sockaddr *)&any, sizeof(any)) ||
	    setsockopt(nl->fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)))
		return error_set(err, errno, "listen to netlink");
	return 0;
}

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int nl_listen(struct nl *nl, int timeout_ms, int (*each)(const struct nlmsghdr *, void *), void *arg,
	      struct error *err)
{
	_Alignas(struct nlmsghdr) char buf[ANSWER_BYTES];
	int64_t until = now_ms() + timeout_ms;

	for (;;) {
		struct pollfd p = { .fd = nl->fd, .events = POLLIN };
		const struct nlmsghdr *h = (const struct nlmsghdr *)buf;
		int64_t left = until - now_ms();
		ssize_t n;

		if (left <= 0)
			return error_text(err, ETIMEDOUT, "what was awaited from netlink did not happen");
		if (poll(&p, 1, (int)left) <= 0)
			continue;
		n = recv(nl->fd, buf, sizeof(buf), MSG_DONTWAIT);
		for (; n > 0 && NLMSG_OK(h, (uint32_t)n); h = NLMSG_NEXT(h, n))
			if (each(h, arg))
				return 0;
	}
}

void nl_batch_init(struct nl_batch *b, void *buf, size_t cap)
{
	*b = (struct nl_batch){ .buf = buf, .cap = cap };
}

static void *reserve(struct nl_batch *b, size_t len)
{
	size_t need = NLMSG_ALIGN(len);
	char *at = b->buf + b->len;

	if (b->overflow || b->cap - b->len < need) {
		b->overflow = 1;
		return NULL;
	}
	memset(at, 0, need);
	b->len += need;
	return at;
}

/* A caller that overflowed the buffer writes its family header here; nl_commit then refuses the batch. */
static _Thread_local char overflow_sink[64];

static void *begin(struct nl_batch *b, uint16_t type, uint16_t flags, size_t fixed)
{
	struct nlmsghdr *h = reserve(b, NLMSG_HDRLEN + NLMSG_ALIGN(fixed));

	if (!h)
		return overflow_sink;
	b->last = h;
	h->nlmsg_len = (uint32_t)(NLMSG_HDRLEN + NLMSG_ALIGN(fixed));
	h->nlmsg_type = type;
	h->nlmsg_flags = NLM_F_REQUEST | flags;
	return (char *)h + NLMSG_HDRLEN;
}

void *nl_message(struct nl_batch *b, uint16_t type, uint16_t flags, size_t fixed)
{
	b->count++;
	return begin(b, type, flags | NLM_F_ACK, fixed);
}

void *nl_mark(struct nl_batch *b, uint16_t type, size_t fixed)
{
	return begin(b, type, 0, fixed);
}

void nl_put(struct nl_batch *b, uint16_t type, const void *data, size_t len)
{
	struct nlattr *a = reserve(b, NLA_HDRLEN + len);

	if (!a)
		return;
	a->nla_type = type;
	a->nla_len = (uint16_t)(NLA_HDRLEN + len);
	if (len > 0)
		memcpy((char *)a + NLA_HDRLEN, data, len);
	b->last->nlmsg_len += (uint32_t)NLMSG_ALIGN(NLA_HDRLEN + len);
}

void nl_put_u32(struct nl_batch *b, uint16_t type, uint32_t value)
{
	nl_put(b, type, &value, sizeof(value));
}

void nl_put_str(struct nl_batch *b, uint16_t type, const char *text)
{
	nl_put(b, type, text, strlen(text) + 1);
}

size_t nl_nest(struct nl_batch *b, uint16_t type)
{
	size_t start = b->len;

	nl_put(b, type | NLA_F_NESTED, NULL, 0);
	return start;
}

void nl_nest_end(struct nl_batch *b, size_t start)
{
	if (!b->overflow)
		((struct nlattr *)(b->buf + start))->nla_len = (uint16_t)(b->len - start);
}

static int send_all(struct nl *nl, struct nl_batch *b, struct error *err)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct iovec iov = { b->buf, b->len };
	struct msghdr msg = { .msg_name = &kernel, .msg_namelen = sizeof(kernel), .msg_iov = &iov, .msg_iovlen = 1 };
	ssize_t n;

	if (b->overflow)
		return error_text(err, EMSGSIZE, "netlink batch does not fit its buffer");
	do {
		n = sendmsg(nl->fd, &msg, 0);
	} while (n < 0 && errno == EINTR);
	return n < 0 ? error_set(err, errno, "send to netlink") : 0;
}

static void number(struct nl *nl, struct nl_batch *b)
{
	size_t at = 0;

	while (at < b->len) {
		struct nlmsghdr *h = (struct nlmsghdr *)(b->buf + at);

		h->nlmsg_seq = nl->seq++;
		at += NLMSG_ALIGN(h->nlmsg_len);
	}
}

/* The index, among the acknowledged messages, of the one numbered `seq`; -1 for a mark or a stranger. */
static int index_of(const struct nl_batch *b, uint32_t seq)
{
	int index = 0;
	size_t at = 0;

	while (at < b->len) {
		const struct nlmsghdr *h = (const struct nlmsghdr *)(b->buf + at);

		if (h->nlmsg_seq == seq)
			return h->nlmsg_flags & NLM_F_ACK ? index : -1;
		if (h->nlmsg_flags & NLM_F_ACK)
			index++;
		at += NLMSG_ALIGN(h->nlmsg_len);
	}
	return -1;
}

static int is_ours(const struct nl_batch *b, uint32_t seq)
{
	const struct nlmsghdr *first = (const struct nlmsghdr *)b->buf;
	const struct nlmsghdr *last = b->last;

	return seq - first->nlmsg_seq <= last->nlmsg_seq - first->nlmsg_seq;
}

static void report(const struct nlmsghdr *h, struct error *err)
{
	const struct nlmsgerr *e = NLMSG_DATA(h);
	const char *text = NULL;
	const struct nlattr *a;
	size_t skip = sizeof(*e);

	if (!(h->nlmsg_flags & NLM_F_CAPPED))
		skip += e->msg.nlmsg_len - NLMSG_HDRLEN;
	if ((h->nlmsg_flags & NLM_F_ACK_TLVS) && NLMSG_HDRLEN + skip < h->nlmsg_len) {
		a = nl_find((const char *)e + NLMSG_ALIGN(skip), h->nlmsg_len - NLMSG_HDRLEN - NLMSG_ALIGN(skip),
			    NLMSGERR_ATTR_MSG);
		if (a && nl_size(a) > 0 && ((const char *)nl_data(a))[nl_size(a) - 1] == '\0')
			text = nl_data(a);
	}
	error_text(err, -e->error, "netlink: %s", text ? text : errno_text(-e->error));
}

static ssize_t receive(struct nl *nl, char *buf, struct error *err)
{
	ssize_t n;

	do {
		n = recv(nl->fd, buf, ANSWER_BYTES, 0);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		error_set(err, errno, "receive from netlink");
	return n;
}

int nl_commit(struct nl *nl, struct nl_batch *b, unsigned *failed, struct error *err)
{
	_Alignas(struct nlmsghdr) char buf[ANSWER_BYTES];
	unsigned waiting = b->count;
	int result = 0;

	if (!b->overflow)
		number(nl, b);
	if (send_all(nl, b, err))
		return -1;
	while (waiting > 0) {
		ssize_t n = receive(nl, buf, err);
		const struct nlmsghdr *h = (const struct nlmsghdr *)buf;

		if (n < 0)
			return -1;
		for (; NLMSG_OK(h, (uint32_t)n); h = NLMSG_NEXT(h, n)) {
			const struct nlmsgerr *e = NLMSG_DATA(h);
			int index;

			if (h->nlmsg_type != NLMSG_ERROR || !is_ours(b, h->nlmsg_seq))
				continue;
			index = index_of(b, h->nlmsg_seq);
			if (e->error != 0 && result == 0) {
				result = -1;
				report(h, err);
				if (failed)
					*failed = index < 0 ? 0 : (unsigned)index;
			}
			/* A batch refused as a whole is answered on its mark, and then only there. */
			if (index < 0 && e->error != 0)
				return -1;
			if (index >= 0)
				waiting--;
		}
	}
	return result;
}

int nl_dump(struct nl *nl, struct nl_batch *b, int (*each)(const struct nlmsghdr *, void *), void *arg,
	    struct error *err)
{
	_Alignas(struct nlmsghdr) char buf[ANSWER_BYTES];
	int stopped = 0;

	number(nl, b);
	if (send_all(nl, b, err))
		return -1;
	for (;;) {
		ssize_t n = receive(nl, buf, err);
		const struct nlmsghdr *h = (const struct nlmsghdr *)buf;

		if (n < 0)
			return -1;
		for (; NLMSG_OK(h, (uint32_t)n); h = NLMSG_NEXT(h, n)) {
			const struct nlmsgerr *e = NLMSG_DATA(h);

			if (!is_ours(b, h->nlmsg_seq))
				continue;
			if (h->nlmsg_type == NLMSG_DONE)
				return 0;
			if (h->nlmsg_type == NLMSG_ERROR) {
				if (e->error == 0)
					return 0;
				report(h, err);
				return -1;
			}
			if (!stopped)
				stopped = each(h, arg);
		}
	}
}

const struct nlattr *nl_find(const void *attrs, size_t len, uint16_t type)
{
	const char *at = attrs;

	while (len >= NLA_HDRLEN) {
		const struct nlattr *a = (const struct nlattr *)at;
		size_t step;

		if (a->nla_len < NLA_HDRLEN || a->nla_len > len)
			return NULL;
		if ((a->nla_type & NLA_TYPE_MASK) == type)
			return a;
		step = NLA_ALIGN(a->nla_len);
		if (step >= len)
			return NULL;
		at += step;
		len -= step;
	}
	return NULL;
}

const void *nl_data(const struct nlattr *attr)
{
	return (const char *)attr + NLA_HDRLEN;
}

size_t nl_size(const struct nlattr *attr)
{
	return attr->nla_len - (size_t)NLA_HDRLEN;
}
