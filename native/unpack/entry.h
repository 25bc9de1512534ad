/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BERTH_UNPACK_ENTRY_H
#define BERTH_UNPACK_ENTRY_H

#include <sys/types.h>
#include <time.h>

#include "error.h"
#include "tar-reader.h"

/* An entry of a tar that is being made in a directory: the same for layers and for copies into containers. Errors are dockerd's. */
struct entry {
	struct archive_entry *from;
	const char *within; /* where the tar is unpacked, without a last slash, for messages that say a whole path */
	const char *path;   /* cleaned, relative to that */
	int dir;	    /* the directory it is made in, */
	const char *base;   /* under this name */
	mode_t mode;
	uid_t uid;
	gid_t gid;
	struct timespec times[2];
};

/* Owner, mode and times as the archive has them; the rest is as it was. */
void entry_read(struct entry *e, struct archive_entry *from);

/* Sets err to "<step> <path>: " and errno's words. Returns -1. */
int entry_failure(const struct entry *e, const char *step, struct error *err);

/* Owner, mode, attributes and times of what has been made. Returns 0, or -1 with err set. */
int entry_set_metadata(const struct entry *e, struct error *err);

/*
 * Makes a file, with its metadata; its content is what comes next in the archive, and holes stay holes. Returns 0, or -1 with err set
 * (EEXIST: something is there).
 */
int entry_make_file(const struct entry *e, struct tar_reader *from, struct error *err);

/* Makes a link, a device or a fifo, with its metadata. Returns 0, or -1 with err set. */
int entry_make_symlink(const struct entry *e, struct error *err);
int entry_make_special(const struct entry *e, struct error *err);

/*
 * The times of directories, which are set when nothing is made in them any more. In the order of the archive: the last entry of a
 * directory tells its times. All 0 is an empty list.
 */
struct dir_times {
	struct dir_time *first, *last;
};

int dir_times_add(struct dir_times *list, const struct entry *e, struct error *err);

/*
 * Sets them, unless `apply` is false, and frees the list. `open` gives a descriptor of a directory, -1 when something else has taken
 * its place. Returns 0, or -1 with err set.
 */
int dir_times_finish(struct dir_times *list, bool apply, int (*open)(void *context, const char *path), void *context,
		     struct error *err);

#endif
