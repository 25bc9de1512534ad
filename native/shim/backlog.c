#include "backlog.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PUNCH = 16 << 20 };

static int file_open(struct backlog *b, const char *directory)
{
	b->file = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	b->file_read = b->file_end = 0;
	return b->file < 0 ? -1 : 0;
}

static int file_add(struct backlog *b, const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t written = pwrite(b->file, bytes, n, b->file_end);
		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return -1;
		b->file_end += written;
		bytes += written;
		n -= (size_t)written;
	}
	return 0;
}

int backlog_add(struct backlog *b, const struct iovec *parts, int count, const char *directory)
{
	for (int i = 0; i < count; i++) {
		bool in_memory = b->file < 0 && b->memory.len + parts[i].iov_len <= BACKLOG_MEMORY;
		if (in_memory) {
			if (buf_add(&b->memory, parts[i].iov_base, parts[i].iov_len))
				return -1;
			continue;
		}
		if (b->file < 0 && file_open(b, directory))
			return -1;
		if (file_add(b, parts[i].iov_base, parts[i].iov_len))
			return -1;
	}
	return 0;
}

/* Gives blocks already sent back to the file system; where it cannot, the file just stays long. */
static void file_punch(struct backlog *b, off_t before)
{
	off_t from = before / PUNCH * PUNCH, to = b->file_read / PUNCH * PUNCH;
	if (to > from)
		fallocate(b->file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, from, to - from);
}

static int file_send(struct backlog *b, int socket)
{
	while (b->file_read < b->file_end) {
		off_t before = b->file_read;
		ssize_t sent = sendfile(socket, b->file, &b->file_read, (size_t)(b->file_end - b->file_read));
		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0)
			return errno == EAGAIN ? 0 : -1;
		if (sent == 0) {
			errno = EIO;
			return -1;
		}
		file_punch(b, before);
	}
	close(b->file);
	*b = BACKLOG_EMPTY;
	return 1;
}

int backlog_send(struct backlog *b, int socket)
{
	while (b->memory.len > 0) {
		ssize_t sent =
			send(socket, buf_bytes(&b->memory), b->memory.len, MSG_DONTWAIT | MSG_NOSIGNAL);
		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0)
			return errno == EAGAIN ? 0 : -1;
		buf_consume(&b->memory, (size_t)sent);
	}
	return b->file < 0 ? 1 : file_send(b, socket);
}

void backlog_free(struct backlog *b)
{
	buf_free(&b->memory);
	if (b->file >= 0)
		close(b->file);
	*b = BACKLOG_EMPTY;
}
