/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BERTH_ARCHIVE_LISTING_H
#define BERTH_ARCHIVE_LISTING_H

#include <stddef.h>

/* What is in a directory, by name. All 0 is an empty listing. */
struct listing {
	struct child **entries;
	size_t count;
};

struct child {
	unsigned char type; /* of dirent, DT_UNKNOWN where the file system does not say */
	char name[];
};

/* Returns 0, or -1 with errno; in both cases listing_free is due. */
int listing_read(struct listing *l, int dir);
void listing_free(struct listing *l);

#endif
