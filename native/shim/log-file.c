#include "log-file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "json-line.h"
#include "log-rotate.h"
#include "loop.h"

static const char *const stream_names[LOG_STREAMS] = { "stdout", "stderr" };
static const uint64_t rotate_retry_ns = 1000000000;

static int file_open(struct log *log, int flags)
{
	struct stat st;
	if (!log->options.path)
		return 0;
	int fd =
		open(log->options.path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | flags, 0640);
	if (fd < 0)
		return -1;
	if (log->fd >= 0)
		close(log->fd);
	log->fd = fd;
	log->size = fstat(fd, &st) ? 0 : (uint64_t)st.st_size;
	return 0;
}

int log_open(struct log *log, const struct log_options *options, char *batch, size_t batch_room)
{
	*log = (struct log){ .options = *options, .fd = -1, .batch = batch, .batch_room = batch_room };
	log->forward.source.fd = -1;
	return file_open(log, 0);
}

/* Writes the batch. On failure the file is cut back to its last whole batch and the lines are lost. */
static void batch_flush(struct log *log)
{
	size_t done = 0, n = log->batch_len;
	if (n == 0)
		return;
	log->batch_len = 0;
	while (done < n) {
		ssize_t written = log->fd < 0 ? -1 : write(log->fd, log->batch + done, n - done);
		if (written < 0 && log->fd >= 0 && errno == EINTR)
			continue;
		if (written <= 0) {
			log->size -= n;
			log->lost += n;
			if (done > 0 && ftruncate(log->fd, (off_t)log->size))
				log->size += done;
			return;
		}
		done += (size_t)written;
	}
}

static void compressed(struct child *child, int status)
{
	const struct log *log = (struct log *)((char *)child - offsetof(struct log, compressor));
	log_compress_end(log->options.path, status);
}

static void rotate_when_due(struct log *log)
{
	if (!log->options.max_size || log->size < log->options.max_size || log->compressor.pid)
		return;
	if (log->retry_at && monotonic_ns() < log->retry_at)
		return;
	batch_flush(log);
	bool keep = log->options.max_files > 1;
	if ((keep && log_rotate(log->options.path, log->options.max_files)) ||
	    file_open(log, keep ? 0 : O_TRUNC)) {
		log->retry_at = monotonic_ns() + rotate_retry_ns;
		return;
	}
	log->retry_at = 0;
	if (keep && log->options.compress && log->children)
		log_compress(log->options.path, log->children, &log->compressor, compressed);
}

static void line_put(struct log *log, int stream, const char *text, size_t n, bool newline, uint64_t ns)
{
	if (!log->options.path)
		return;
	rotate_when_due(log);
	if (log->batch_len + json_line_max(n, strlen(log->options.attrs)) > log->batch_room)
		batch_flush(log);
	char *to = log->batch + log->batch_len;
	const char *name = stream_names[stream];
	size_t length = log->options.raw ? json_line_raw(to, text, n, newline, name, ns) :
					   json_line(to, text, n, newline, name, log->options.attrs, ns);
	log->batch_len += length;
	log->size += length;
}

/* Writes one piece: what is held of the line and n more bytes. All pieces of a line carry the first one's
 * time. */
static void piece_put(struct log *log, int stream, const char *bytes, size_t n, bool newline)
{
	struct log_partial *partial = &log->partial[stream];
	uint64_t ns = partial->ns ? partial->ns : wall_ns();
	if (partial->text.len > 0) {
		if (buf_add(&partial->text, bytes, n))
			log->lost += n;
		bytes = buf_bytes(&partial->text);
		n = partial->text.len;
	}
	line_put(log, stream, bytes, n, newline, ns);
	bool whole = newline && !partial->pieces;
	partial->pieces += whole ? 0 : 1;
	forward_line(&log->forward, stream, bytes, n, partial->pieces, newline, ns);
	buf_free(&partial->text);
	partial->ns = newline ? 0 : ns;
	if (newline)
		partial->pieces = 0;
}

void log_write(struct log *log, int stream, const char *bytes, size_t n)
{
	struct log_partial *partial = &log->partial[stream];
	while (n > 0) {
		size_t room = LOG_LINE_MAX - partial->text.len;
		size_t limit = n < room ? n : room;
		const char *newline = memchr(bytes, '\n', limit);
		size_t taken = newline ? (size_t)(newline - bytes) : limit;
		if (newline || taken == room)
			piece_put(log, stream, bytes, taken, newline != NULL);
		else if (buf_add(&partial->text, bytes, taken))
			log->lost += taken;
		taken += newline ? 1 : 0;
		bytes += taken;
		n -= taken;
	}
	batch_flush(log);
	forward_flush(&log->forward);
}

void log_end(struct log *log, int stream)
{
	if (log->partial[stream].text.len > 0)
		piece_put(log, stream, "", 0, false);
	batch_flush(log);
	forward_flush(&log->forward);
}

bool log_waits(const struct log *log)
{
	return forward_waits(&log->forward);
}

int log_reopen(struct log *log)
{
	return file_open(log, 0);
}

void log_close(struct log *log)
{
	for (int i = 0; i < LOG_STREAMS; i++)
		buf_free(&log->partial[i].text);
	if (log->fd >= 0)
		close(log->fd);
	log->fd = -1;
	forward_finish(&log->forward);
}
