/*
 * The log of a container: lines cut as Docker cuts them, written in batches to a file that is rotated, and sent to the
 * forwarder where there is one. The file is a json-file log, or one whose text has its bytes as they came (`raw`).
 *
 * A file is `path`; rotated ones are path.1 (newest), path.2 ... With compress, path.1 is compressed by
 * gzip(1) to path.1.gz in the background and the older ones are .gz; a reader must look for either name. A
 * write that fails (disk full) loses log lines, never more: what was half written is cut off again, so the
 * file stays readable.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"
#include "children.h"
#include "log-forward.h"

enum { LOG_LINE_MAX = 16 * 1024, LOG_STREAMS = 2 };

struct log_options {
	const char *path;   /* NULL: no file */
	bool raw;           /* bytes as they came, no attributes */
	const char *attrs;  /* JSON object text, or "" */
	uint64_t max_size;  /* bytes, 0: never rotate */
	unsigned max_files; /* with the current one */
	bool compress;
};

/* The unfinished line of one stream. */
struct log_partial {
	struct buf text;
	uint64_t ns; /* time of the line's first piece once one was written, else 0 */
	uint32_t pieces; /* written of the line */
};

struct log {
	struct log_options options;
	int fd;        /* -1 while it cannot be opened */
	uint64_t size; /* bytes in the file and in batch */
	char *batch;   /* borrowed working area of batch_room bytes */
	size_t batch_len, batch_room;
	struct log_partial partial[LOG_STREAMS];
	uint64_t lost;             /* bytes not written because of errors */
	uint64_t retry_at;         /* monotonic ns before which a failed rotation is not tried again */
	struct children *children; /* to run the compressor; NULL: rotated files stay as they are */
	struct child compressor;   /* watched while one runs; no rotation until then */
	struct forward forward;    /* its source.fd is -1 without a forwarder */
};

/*
 * Opens (mode 0640, appending) the file. batch: working area of at least json_line_max(LOG_LINE_MAX,
 * strlen(attrs)) bytes, used only within log_write and log_end. Strings of options stay the caller's. Returns
 * 0, or -1 with errno.
 */
int log_open(struct log *log, const struct log_options *options, char *batch, size_t batch_room);

/* Logs n bytes that stream (0 stdout, 1 stderr) wrote: everything complete is in the file on return. */
void log_write(struct log *log, int stream, const char *bytes, size_t n);

/* The stream ended: an unfinished line is written without a newline. */
void log_end(struct log *log, int stream);

/* Whether output is to wait, because the forwarder does not take it. */
bool log_waits(const struct log *log);

/* Opens path anew, after somebody moved the file. Returns 0, or -1 with errno (the old file stays in use). */
int log_reopen(struct log *log);

/* Closes the file and frees what is held; what the forwarder has not taken yet is still offered to it. */
void log_close(struct log *log);
