/* SPDX-License-Identifier: Apache-2.0 */
#include "tar-reader.h"

#include <errno.h>
#include <string.h>

static la_ssize_t read_piece(struct archive *a, void *data, const void **piece)
{
	struct tar_reader *r = data;
	long n = tar_guard_next(&r->guard, piece, &r->source_error);

	if (n < 0) {
		r->source_failed = true;
		archive_set_error(a, r->source_error.code, "%s", r->source_error.message);
	}
	return n;
}

int tar_reader_failure(struct tar_reader *r, struct error *err)
{
	const char *text = archive_error_string(r->archive);

	if (r->source_failed) {
		*err = r->source_error;
		return -1;
	}
	return error_text(err, 0, text && strstr(text, "runcated") ? "unexpected EOF" : "archive/tar: invalid tar header");
}

int tar_reader_open(struct tar_reader *r, tar_source *source, void *context, struct error *err)
{
	*r = (struct tar_reader){.archive = archive_read_new()};
	tar_guard_init(&r->guard, source, context);
	if (!r->archive)
		return error_set(err, ENOMEM, "unpack");
	archive_read_support_format_tar(r->archive);
	archive_read_support_format_empty(r->archive);
	return archive_read_open(r->archive, r, NULL, read_piece, NULL) == ARCHIVE_OK ? 0 : tar_reader_failure(r, err);
}

void tar_reader_close(struct tar_reader *r)
{
	if (r->archive)
		archive_read_free(r->archive);
	r->archive = NULL;
	tar_guard_free(&r->guard);
}

int tar_reader_next(struct tar_reader *r, struct archive_entry **entry, struct error *err)
{
	int result = archive_read_next_header(r->archive, entry);

	if (result == ARCHIVE_OK || result == ARCHIVE_WARN) {
		/* For libarchive the slash makes a directory of any file; for Docker, only of one without a type. */
		if (r->guard.type == '0' && archive_entry_filetype(*entry) == AE_IFDIR)
			archive_entry_set_filetype(*entry, AE_IFREG);
		return 1;
	}
	if (!r->source_failed && (result == ARCHIVE_EOF || tar_guard_ended_bare(&r->guard)))
		return 0;
	return tar_reader_failure(r, err);
}
