/*
 * journald: one entry a line, by the journal's native protocol. Source: "Journal Native Protocol" of systemd's documentation;
 * an entry too long for a datagram goes as a sealed memory file.
 */
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../shim/json-line.h"
#include "driver.h"
#include "text.h"
#include "wire.h"

struct journald {
	struct wire wire;
	const char *socket;
	struct json_object *fields; /* the same in every entry */
	uint64_t ordinal;
	char epoch[65];
	char partial_id[2][65];
	struct buf entry;
};

static void random_id(char id[65])
{
	unsigned char bytes[32];
	struct buf hex = { 0 };

	text_random(bytes, sizeof(bytes));
	text_hex(&hex, bytes, sizeof(bytes));
	memcpy(id, buf_bytes(&hex), 64);
	id[64] = '\0';
	buf_free(&hex);
}

static void *journald_open(struct json_object *config, struct error *err)
{
	struct journald *j = calloc(1, sizeof(*j));

	if (!j)
		return NULL;
	j->socket = config_string(config, "socket");
	j->fields = config_object(config, "fields");
	random_id(j->epoch);
	if (wire_dial(&j->wire, "unixgram", j->socket, NULL, err) == 0 || config_bool(config, "again"))
		return j;
	error_text(err, EINVAL, "journald is not enabled on this host");
	return NULL;
}

/* With its length when there is a newline in it, or anything else that a line cannot hold. */
static void put_field(struct buf *out, const char *name, const char *value, size_t n)
{
	uint64_t length = htole64(n);

	if (!memchr(value, '\n', n) && !memchr(value, '\0', n)) {
		buf_printf(out, "%s=", name);
		buf_add(out, value, n);
	} else {
		buf_printf(out, "%s\n", name);
		buf_add(out, &length, sizeof(length));
		buf_add(out, value, n);
	}
	buf_add(out, "\n", 1);
}

static void put_text(struct buf *out, const char *name, const char *value)
{
	put_field(out, name, value, strlen(value));
}

static void put_number(struct buf *out, const char *name, uint64_t value)
{
	buf_printf(out, "%s=%llu\n", name, (unsigned long long)value);
}

static void compose(struct journald *j, const struct line *line)
{
	struct buf *out = &j->entry;
	char time[JSON_TIME_MAX + 1];

	put_field(out, "MESSAGE", line->text, line->head.length);
	put_text(out, "PRIORITY", line->head.stream == 2 ? "3" : "6");
	json_object_object_foreach(j->fields, key, value)
		put_text(out, key, json_object_get_string(value));
	time[json_time(line->head.ns, time)] = '\0';
	put_text(out, "SYSLOG_TIMESTAMP", time);
	put_text(out, "CONTAINER_LOG_EPOCH", j->epoch);
	put_number(out, "CONTAINER_LOG_ORDINAL", ++j->ordinal);
	if (line->head.ordinal == 0)
		return;
	if (line->head.ordinal == 1)
		random_id(j->partial_id[line->head.stream - 1]);
	if (!line->head.last)
		put_text(out, "CONTAINER_PARTIAL_MESSAGE", "true");
	put_text(out, "CONTAINER_PARTIAL_ID", j->partial_id[line->head.stream - 1]);
	put_number(out, "CONTAINER_PARTIAL_ORDINAL", line->head.ordinal);
	put_text(out, "CONTAINER_PARTIAL_LAST", line->head.last ? "true" : "false");
}

static int send_as_file(struct journald *j)
{
	union {
		char space[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = { 0 };
	struct msghdr message = { .msg_control = &control, .msg_controllen = sizeof(control) };
	struct cmsghdr *c = CMSG_FIRSTHDR(&message);
	int fd = memfd_create("journal-entry", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	ssize_t n = fd < 0 ? -1 : write(fd, buf_bytes(&j->entry), j->entry.len);

	if (n == (ssize_t)j->entry.len &&
	    fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) == 0) {
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(c), &fd, sizeof(fd));
		n = sendmsg(j->wire.fd, &message, MSG_NOSIGNAL);
	} else {
		n = -1;
	}
	if (fd >= 0)
		close(fd);
	return n < 0 ? -1 : 0;
}

static int send_entry(struct journald *j)
{
	if (wire_send(&j->wire, buf_bytes(&j->entry), j->entry.len) == 0)
		return 0;
	return errno == EMSGSIZE || errno == ENOBUFS ? send_as_file(j) : -1;
}

static void journald_send(void *state, const struct line *line)
{
	struct journald *j = state;
	struct error err;

	compose(j, line);
	/* The journal was restarted. */
	if (send_entry(j)) {
		wire_close(&j->wire);
		if (wire_dial(&j->wire, "unixgram", j->socket, NULL, &err) == 0)
			(void)send_entry(j);
	}
	buf_free(&j->entry);
}

static void journald_close(void *state)
{
	struct journald *j = state;

	wire_close(&j->wire);
}

const struct driver driver_journald = {
	.name = "journald", .open = journald_open, .send = journald_send, .close = journald_close,
};
