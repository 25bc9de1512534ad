/* SPDX-License-Identifier: Apache-2.0 */
#include "tar-header.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* POSIX.1-2017, pax: "ustar Interchange Format". */
struct ustar {
	char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], checksum[8], type, linkname[100], magic[6], version[2],
		uname[32], gname[32], major[8], minor[8], prefix[155], rest[12];
};

_Static_assert(sizeof(struct ustar) == TAR_BLOCK, "a header is one block");

#define OCTAL_7 07777777ull
#define OCTAL_11 077777777777ull

static size_t digits(size_t n)
{
	size_t count = 1;

	while (n >= 10) {
		n /= 10;
		count++;
	}
	return count;
}

size_t tar_record_size(size_t key, size_t value)
{
	/* The length counts its own digits. */
	size_t rest = key + value + 3, size = rest + digits(rest);

	return digits(size) == digits(rest) ? size : rest + digits(size);
}

size_t tar_record_write(const char *key, const void *value, size_t size, char *out)
{
	size_t whole = tar_record_size(strlen(key), size);
	int head = sprintf(out, "%zu %s=", whole, key);

	memcpy(out + head, value, size);
	out[whole - 1] = '\n';
	return whole;
}

/* What a field of the header cannot say goes into a record. */
static bool fits(const char *text, size_t room)
{
	size_t len = strlen(text);

	if (len > room)
		return false;
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)text[i] >= 0x80)
			return false;
	return true;
}

struct numbers {
	char size[24], uid[24], gid[24], mtime[24];
};

struct record {
	const char *key, *value;
};

/* The records this entry needs, at most six. */
static unsigned records_of(const struct tar_entry *e, struct numbers *n, struct record *r)
{
	unsigned count = 0;

	if (!fits(e->name, 100))
		r[count++] = (struct record){"path", e->name};
	if (e->linkname && !fits(e->linkname, 100))
		r[count++] = (struct record){"linkpath", e->linkname};
	if (e->size > OCTAL_11) {
		snprintf(n->size, sizeof(n->size), "%llu", (unsigned long long)e->size);
		r[count++] = (struct record){"size", n->size};
	}
	if (e->uid > OCTAL_7) {
		snprintf(n->uid, sizeof(n->uid), "%u", e->uid);
		r[count++] = (struct record){"uid", n->uid};
	}
	if (e->gid > OCTAL_7) {
		snprintf(n->gid, sizeof(n->gid), "%u", e->gid);
		r[count++] = (struct record){"gid", n->gid};
	}
	if (e->mtime < 0 || (uint64_t)e->mtime > OCTAL_11) {
		snprintf(n->mtime, sizeof(n->mtime), "%lld", (long long)e->mtime);
		r[count++] = (struct record){"mtime", n->mtime};
	}
	return count;
}

static size_t records_size(const struct tar_entry *e)
{
	struct numbers n;
	struct record r[6];
	unsigned count = records_of(e, &n, r);
	size_t size = e->xattr_bytes;

	for (unsigned i = 0; i < count; i++)
		size += tar_record_size(strlen(r[i].key), strlen(r[i].value));
	return size;
}

size_t tar_header_size(const struct tar_entry *e)
{
	size_t records = records_size(e);

	return TAR_BLOCK + (records > 0 ? TAR_BLOCK + records + tar_padding(records) : 0);
}

/* As much as fits of a text, with other than ASCII left out: readers without PAX see it. */
static void put_text(char *field, size_t room, const char *text)
{
	size_t len = 0;

	for (; *text && len < room; text++)
		if ((unsigned char)*text < 0x80)
			field[len++] = *text;
}

static void put_octal(char *field, size_t room, unsigned long long value, unsigned long long most)
{
	char text[32];

	snprintf(text, sizeof(text), "%0*llo", (int)room - 1, value > most ? 0 : value);
	memcpy(field, text, room - 1);
}

static void put_checksum(struct ustar *h)
{
	const unsigned char *bytes = (const unsigned char *)h;
	unsigned sum = 0;

	memset(h->checksum, ' ', sizeof(h->checksum));
	for (size_t i = 0; i < sizeof(*h); i++)
		sum += bytes[i];
	/* Six digits, NUL, space. */
	snprintf(h->checksum, 7, "%06o", sum & 0777777);
}

static void put_header(const struct tar_entry *e, char *out)
{
	struct ustar h = {.type = e->type, .magic = "ustar", .version = {'0', '0'}};

	put_text(h.name, sizeof(h.name), e->name);
	put_octal(h.mode, sizeof(h.mode), e->mode & 07777, OCTAL_7);
	put_octal(h.uid, sizeof(h.uid), e->uid, OCTAL_7);
	put_octal(h.gid, sizeof(h.gid), e->gid, OCTAL_7);
	put_octal(h.size, sizeof(h.size), e->size, OCTAL_11);
	put_octal(h.mtime, sizeof(h.mtime), e->mtime < 0 ? 0 : (unsigned long long)e->mtime, OCTAL_11);
	if (e->linkname)
		put_text(h.linkname, sizeof(h.linkname), e->linkname);
	put_octal(h.major, sizeof(h.major), e->major, OCTAL_7);
	put_octal(h.minor, sizeof(h.minor), e->minor, OCTAL_7);
	put_checksum(&h);
	memcpy(out, &h, sizeof(h));
}

void tar_header_write(const struct tar_entry *e, char *out)
{
	size_t size = records_size(e);
	struct numbers n;
	struct record r[6];
	unsigned count = records_of(e, &n, r);

	if (size > 0) {
		const char *slash = strrchr(e->name, '/');
		char name[101] = "PaxHeaders.0/";
		put_text(name + 13, 87, slash && slash[1] ? slash + 1 : e->name);
		put_header(&(struct tar_entry){.name = name, .type = 'x', .size = size}, out);
		out += TAR_BLOCK;
		char *to = out;
		for (unsigned i = 0; i < count; i++)
			to += tar_record_write(r[i].key, r[i].value, strlen(r[i].value), to);
		memcpy(to, e->xattrs ? e->xattrs : "", e->xattr_bytes);
		to += e->xattr_bytes;
		memset(to, 0, tar_padding(size));
		out += size + tar_padding(size);
	}
	put_header(e, out);
}
