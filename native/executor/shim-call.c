#include "shim-call.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define FDS_MOST 250
#define ANSWER_BYTES 65536
#define WORDS_BYTES 65536

static int hex_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

int shim_value(const char *words, const char *key, char *out, size_t size)
{
	size_t len = strlen(key), at = 0;
	const char *p = words;

	while (p && !(strncmp(p, key, len) == 0 && p[len] == '=')) {
		p = strpbrk(p, " \n");
		p = p ? p + 1 : NULL;
	}
	if (!p)
		return -1;
	for (p += len + 1; *p && *p != ' ' && *p != '\n'; p++) {
		int high, low;

		if (at + 1 >= size)
			return -1;
		if (*p != '%') {
			out[at++] = *p;
			continue;
		}
		high = hex_digit(p[1]);
		low = high < 0 ? -1 : hex_digit(p[2]);
		if (low < 0)
			return -1;
		out[at++] = (char)(high * 16 + low);
		p += 2;
	}
	out[at] = '\0';
	return 0;
}

static int is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c && strchr("_.:/,-", c));
}

int shim_words_init(struct shim_words *w, char separator)
{
	*w = (struct shim_words){ .text = malloc(WORDS_BYTES), .size = WORDS_BYTES, .separator = separator };
	if (!w->text)
		return -1;
	w->text[0] = '\0';
	return 0;
}

static void put(struct shim_words *w, char c)
{
	if (w->len + 1 >= w->size) {
		w->overflow = 1;
		return;
	}
	w->text[w->len++] = c;
	w->text[w->len] = '\0';
}

void shim_word(struct shim_words *w, const char *key, const char *value)
{
	static const char hex[] = "0123456789abcdef";

	for (; *key; key++)
		put(w, *key);
	put(w, '=');
	for (; *value; value++) {
		if (is_plain(*value)) {
			put(w, *value);
			continue;
		}
		put(w, '%');
		put(w, hex[(unsigned char)*value >> 4]);
		put(w, hex[*value & 15]);
	}
	put(w, w->separator);
}

void shim_number(struct shim_words *w, const char *key, long long value)
{
	char text[24];

	snprintf(text, sizeof(text), "%lld", value);
	shim_word(w, key, text);
}

static int connect_to(const char *path, struct error *err)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(path) >= sizeof(address.sun_path))
		return error_text(err, ENAMETOOLONG, "socket path %s is too long", path);
	strcpy(address.sun_path, path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	error_set(err, errno, "connect to the shim");
	if (fd >= 0)
		close(fd);
	return -1;
}

static int send_line(int fd, const char *line, const int *fds, size_t count, struct error *err)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int) * FDS_MOST)];
	struct iovec iov[] = { { (void *)"1 ", 2 }, { (void *)line, strlen(line) }, { (void *)"\n", 1 } };
	struct msghdr msg = { .msg_iov = iov, .msg_iovlen = 3 };
	size_t total = iov[1].iov_len + 3;
	ssize_t n;

	if (count > FDS_MOST)
		return error_text(err, EMFILE, "too many descriptors");
	if (count > 0) {
		struct cmsghdr *h;

		memset(control, 0, sizeof(control));
		msg.msg_control = control;
		msg.msg_controllen = CMSG_SPACE(sizeof(int) * count);
		h = CMSG_FIRSTHDR(&msg);
		h->cmsg_level = SOL_SOCKET;
		h->cmsg_type = SCM_RIGHTS;
		h->cmsg_len = CMSG_LEN(sizeof(int) * count);
		memcpy(CMSG_DATA(h), fds, sizeof(int) * count);
	}
	do {
		n = sendmsg(fd, &msg, MSG_NOSIGNAL);
	} while (n < 0 && errno == EINTR);
	/* A stream socket takes a blocking message whole. */
	if (n < 0 || (size_t)n != total)
		return error_set(err, n < 0 ? errno : EIO, "send to the shim");
	return 0;
}

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int read_line(int fd, int timeout_ms, char *line, size_t size, struct error *err)
{
	int64_t until = now_ms() + timeout_ms;
	size_t len = 0;

	for (;;) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		int64_t left = until - now_ms();
		ssize_t n;

		if (left <= 0 || len + 1 >= size)
			return error_set(err, left <= 0 ? ETIMEDOUT : EMSGSIZE, "the shim gives no answer");
		if (poll(&p, 1, (int)left) <= 0)
			continue;
		n = read(fd, line + len, size - 1 - len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return error_text(err, ECONNRESET, "the shim ended");
		len += (size_t)n;
		line[len] = '\0';
		if (strchr(line, '\n'))
			return 0;
	}
}

static int judge(const char *line, char *answer, size_t size, struct error *err)
{
	char number[16] = "0";

	if (strncmp(line, "1 ok", 4) == 0) {
		snprintf(answer, size, "%s", line[4] == ' ' ? line + 5 : "");
		answer[strcspn(answer, "\n")] = '\0';
		return 0;
	}
	if (strncmp(line, "1 err", 5) != 0)
		return error_text(err, EPROTO, "the shim's answer makes no sense");
	(void)shim_value(line, "errno", number, sizeof(number));
	error_set(err, atoi(number), "the shim refused");
	(void)shim_value(line, "stage", err->stage, sizeof(err->stage));
	(void)shim_value(line, "msg", err->message, sizeof(err->message));
	return -1;
}

int shim_call(const char *socket, const char *line, const int *fds, size_t count, int timeout_ms, char *answer,
	      size_t size, struct error *err)
{
	char *got = malloc(ANSWER_BYTES);
	int fd, result = -1;

	if (!got)
		return error_text(err, ENOMEM, "no memory");
	fd = connect_to(socket, err);
	if (fd >= 0) {
		if (send_line(fd, line, fds, count, err) == 0 && read_line(fd, timeout_ms, got, ANSWER_BYTES, err) == 0)
			result = judge(got, answer, size, err);
		close(fd);
	}
	free(got);
	return result;
}

