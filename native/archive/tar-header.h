/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BERTH_ARCHIVE_TAR_HEADER_H
#define BERTH_ARCHIVE_TAR_HEADER_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#include "../unpack/tar-guard.h" /* TAR_BLOCK */

/* One entry, as ustar's type characters have it: '0' file, '1' hard link, '2' link, '3' '4' devices, '5' directory, '6' fifo. */
struct tar_entry {
	const char *name;     /* a directory's ends with a slash */
	const char *linkname; /* of '1' and '2' */
	char type;
	mode_t mode;
	uid_t uid;
	gid_t gid;
	uint64_t size; /* 0 for all but files */
	time_t mtime;
	unsigned major, minor;
	/* Extended attributes: `xattr_bytes` of records of PAX, made by tar_xattr(). */
	const char *xattrs;
	size_t xattr_bytes;
};

/* Bytes the header of this entry takes, with the PAX header that it may need before it. A multiple of TAR_BLOCK. */
size_t tar_header_size(const struct tar_entry *e);

/* Writes that many bytes. */
void tar_header_write(const struct tar_entry *e, char *out);

/* Bytes of the record "<length> <key>=<value>\n", and writing it. `value` may hold any bytes. */
size_t tar_record_size(size_t key, size_t value);
size_t tar_record_write(const char *key, const void *value, size_t size, char *out);

/* Bytes of zeros after content of this size. */
static inline size_t tar_padding(uint64_t size)
{
	return (size_t)(-size & (TAR_BLOCK - 1));
}

#endif
