/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BERTH_ARCHIVE_SEEN_H
#define BERTH_ARCHIVE_SEEN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

/* Files of several names that have been written, by inode: open addressing, a power of two. All 0 is an empty table. */
struct seen {
	struct seen_file *files;
	size_t size, count;
};

/*
 * The name under which this file has been written; NULL when it is the first time, and now `name` is known. NULL with *failed set
 * without memory.
 */
const char *seen_before(struct seen *s, const struct stat *st, const char *name, bool *failed);

void seen_free(struct seen *s);

#endif
