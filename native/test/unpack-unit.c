/* SPDX-License-Identifier: Apache-2.0 */
/* berth-unpack's parts: names, the ring, the decompressors, and the extraction of small archives, under the sanitisers. */
#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <locale.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "../unpack/decompress.h"
#include "../unpack/extract.h"
#include "../unpack/hash.h"
#include "../unpack/path.h"
#include "../unpack/tar-guard.h"
#include "tap.h"

static void cleans_names(void)
{
	static const char *const cases[][2] = {
		{"", ""},	     {".", ""},		   {"/", ""},	     {"./", ""},	    {"a", "a"},
		{"/a/", "a"},	     {"./a//b/./c", "a/b/c"}, {"..", ""},     {"../../etc/passwd", "etc/passwd"},
		{"a/../b", "b"},     {"a/b/../../..", ""}, {"a/../../b/", "b"}, {"...", "..."}, {"a/..b", "a/..b"},
	};
	char out[PATH_CAP];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		ok(path_clean(cases[i][0], out, sizeof(out)) == 0 && strcmp(out, cases[i][1]) == 0, "\"%s\" is \"%s\"",
		   cases[i][0], cases[i][1]);
	ok(path_clean("abc", out, 4) == 0 && strcmp(out, "abc") == 0, "a name that just fits is taken");
	ok(path_clean("abcd", out, 4) < 0, "a name that does not fit is refused");
	ok(path_clean("abc/../d", out, 4) == 0 && strcmp(out, "d") == 0, "only the cleaned name has to fit");
}

static void knows_whiteouts(void)
{
	const char *target = NULL;

	ok(path_whiteout("wh.x", &target) == WHITEOUT_NONE, "an ordinary name is no whiteout");
	ok(path_whiteout(".wh.x", &target) == WHITEOUT_FILE && strcmp(target, "x") == 0, ".wh.x hides x");
	ok(path_whiteout(".wh..wh..opq", &target) == WHITEOUT_OPAQUE, "the opaque mark is one");
	ok(path_whiteout(".wh..wh.plnk", &target) == WHITEOUT_META, "aufs bookkeeping is told apart");
	ok(path_whiteout(".wh...", &target) == WHITEOUT_INVALID && path_whiteout(".wh..", &target) == WHITEOUT_INVALID &&
		   path_whiteout(".wh.", &target) == WHITEOUT_INVALID,
	   "whiteouts of nothing, itself and the parent are refused");
	ok(path_whiteout(".wh.....", &target) == WHITEOUT_FILE && strcmp(target, "....") == 0, "four dots are a name");
}

struct job {
	int fd;
	struct stream *stream;
	char digest[DIGEST_SIZE];
	int status;
	struct error error;
};

static void *decompress_job(void *data)
{
	struct job *job = data;

	decompress(decompress_from_fd, &job->fd, job->stream);
	return NULL;
}

static void *hash_job(void *data)
{
	struct job *job = data;

	job->status = hash_stream(job->stream, job->digest, &job->error);
	return NULL;
}

static int memory_file(const void *data, size_t size)
{
	int fd = memfd_create("blob", MFD_CLOEXEC);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size || lseek(fd, 0, SEEK_SET) != 0)
		abort();
	return fd;
}

/* Runs the pipeline. With a tree the archive is extracted, otherwise the bytes are only read. */
static int run(const void *data, size_t size, struct tree *tree, char digest[DIGEST_SIZE], struct error *err)
{
	struct job job = {.fd = memory_file(data, size), .stream = stream_new(STREAM_READERS)};
	pthread_t reader, hasher;
	const void *chunk;
	long n;

	pthread_create(&reader, NULL, decompress_job, &job);
	pthread_create(&hasher, NULL, hash_job, &job);
	if (tree) {
		n = extract(job.stream, tree, err);
		if (n < 0)
			stream_abort(job.stream);
	} else {
		while ((n = stream_read(job.stream, STREAM_EXTRACT, &chunk, err)) > 0)
			;
	}
	pthread_join(reader, NULL);
	pthread_join(hasher, NULL);
	stream_free(job.stream);
	close(job.fd);
	if (digest)
		memcpy(digest, job.digest, DIGEST_SIZE);
	return (int)n;
}

static size_t gzip(const void *data, size_t size, unsigned char *out, size_t room)
{
	z_stream z = {.next_in = (Bytef *)(uintptr_t)data, .avail_in = (uInt)size, .next_out = out, .avail_out = (uInt)room};

	deflateInit2(&z, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY);
	if (deflate(&z, Z_FINISH) != Z_STREAM_END)
		abort();
	deflateEnd(&z);
	return z.total_out;
}

static void decompresses(void)
{
	enum { SIZE = 3 << 20 };
	unsigned char *plain = malloc(SIZE), *packed = malloc(SIZE + 65536);
	char expected[DIGEST_SIZE], digest[DIGEST_SIZE], twice[DIGEST_SIZE];
	struct error err;

	for (size_t i = 0; i < SIZE; i++)
		plain[i] = (unsigned char)(i * 2654435761u >> (i % 13));
	ok(run(plain, SIZE, NULL, expected, &err) == 0, "plain bytes pass through");
	size_t size = gzip(plain, SIZE, packed, SIZE + 65536);
	ok(run(packed, size, NULL, digest, &err) == 0 && strcmp(digest, expected) == 0, "gzip is undone");
	ok(run(packed, size - 9, NULL, NULL, &err) < 0 && strcmp(err.message, "unexpected EOF") == 0,
	   "gzip cut off before its trailer is told");
	ok(run(packed, size / 2, NULL, NULL, &err) < 0 && strcmp(err.message, "unexpected EOF") == 0,
	   "gzip cut off in the middle is told");
	packed[size - 6] ^= 1;
	ok(run(packed, size, NULL, NULL, &err) < 0 && strcmp(err.message, "gzip: invalid checksum") == 0,
	   "a wrong checksum is told");
	size_t half = gzip(plain, SIZE / 2, packed, SIZE);
	size = half + gzip(plain + SIZE / 2, SIZE / 2, packed + half, SIZE - half);
	ok(run(packed, size, NULL, twice, &err) == 0 && strcmp(twice, expected) == 0, "gzip in two members is one stream");
	size = ZSTD_compress(packed, SIZE + 65536, plain, SIZE, 3);
	ok(run(packed, size, NULL, digest, &err) == 0 && strcmp(digest, expected) == 0, "zstd is undone");
	ok(run(packed, size - 5, NULL, NULL, &err) < 0 && strcmp(err.message, "unexpected EOF") == 0, "zstd cut off is told");
	ok(run("", 0, NULL, digest, &err) == 0, "nothing is nothing");
	ok(run("\x1f\x8b\x08", 3, NULL, NULL, &err) < 0, "a magic alone is no stream");
	free(plain);
	free(packed);
}

struct member {
	const char *name;
	mode_t type;
	const char *text; /* content, or the target of a link */
	bool hard;
};

static size_t make_tar(const struct member *members, size_t count, char *out, size_t room)
{
	struct archive *a = archive_write_new();
	size_t used = 0;

	archive_write_set_format_pax_restricted(a);
	archive_write_open_memory(a, out, room, &used);
	for (size_t i = 0; i < count; i++) {
		const struct member *m = &members[i];
		struct archive_entry *e = archive_entry_new();
		archive_entry_set_pathname(e, m->name);
		archive_entry_set_uid(e, getuid());
		archive_entry_set_gid(e, getgid());
		archive_entry_set_perm(e, 0755);
		if (m->hard)
			archive_entry_set_hardlink(e, m->text);
		else
			archive_entry_set_filetype(e, m->type);
		if (m->type == AE_IFLNK)
			archive_entry_set_symlink(e, m->text);
		if (m->type == AE_IFREG && !m->hard)
			archive_entry_set_size(e, (la_int64_t)strlen(m->text));
		archive_write_header(a, e);
		if (m->type == AE_IFREG && !m->hard)
			archive_write_data(a, m->text, strlen(m->text));
		archive_entry_free(e);
	}
	archive_write_close(a);
	archive_write_free(a);
	return used;
}

static void extracts(void)
{
	static const struct member members[] = {
		{"d/", AE_IFDIR, NULL, false},
		{"d/f", AE_IFREG, "first", false},
		{"d/f", AE_IFREG, "content", false},
		{"../../climbs", AE_IFREG, "x", false},
		{"l", AE_IFLNK, "/d", false},
		{"l/through", AE_IFREG, "y", false},
		{"h", AE_IFREG, "d/f", true},
		{"implied/path/f", AE_IFREG, "z", false},
		{"d2/", AE_IFDIR, NULL, false},
		{"d2/a/", AE_IFDIR, NULL, false},
		{"d2/a/b", AE_IFREG, "b", false},
		{"d2", AE_IFREG, "flat", false},
	};
	static const struct member cross[] = {{"a", AE_IFREG, "x", false}, {"h", AE_IFREG, "/etc/passwd", true}};
	char top[] = "/tmp/berth-unpack-unit.XXXXXX", buffer[1 << 16];
	struct error err;
	struct stat st;

	if (!mkdtemp(top))
		abort();
	int root = open(top, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct tree *tree = tree_new(dup(root), NULL, 0, NULL);
	size_t size = make_tar(members, sizeof(members) / sizeof(members[0]), buffer, sizeof(buffer));
	int status = run(buffer, size, tree, NULL, &err);
	ok(status == 0, "an archive is extracted%s%s", status ? ": " : "", status ? err.message : "");
	ok(tree_size(tree) == 7 + 1 + 2 + 1 + 1 + 4, "and counted: %llu", (unsigned long long)tree_size(tree));
	ok(fstatat(root, "climbs", &st, 0) == 0, "a name that climbs stays inside");
	ok(fstatat(root, "d/through", &st, 0) == 0, "an absolute link is inside");
	ok(fstatat(root, "d/f", &st, 0) == 0 && st.st_nlink == 2 && st.st_size == 7, "a later file wins, a hard link joins it");
	ok(fstatat(root, "implied/path/f", &st, 0) == 0, "missing directories are made");
	ok(fstatat(root, "d2", &st, 0) == 0 && S_ISREG(st.st_mode), "a file takes the place of a directory");
	size = make_tar(cross, 2, buffer, sizeof(buffer));
	ok(run(buffer, size, tree, NULL, &err) < 0 &&
		   strcmp(err.message, "linkat etc/passwd h: no such file or directory") == 0,
	   "a hard link to an absolute name looks inside");
	static const char *const names[] = {"d", "climbs", "l", "h", "implied", "d2", "a", "etc"};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		ok(tree_remove(tree, root, names[i], &err) == 0, "%s is removed", names[i]);
	tree_free(tree);
	close(root);
	ok(rmdir(top) == 0, "and nothing is left");
}

/* A block of a header; `magic` has eight bytes. */
static size_t put_head(char *out, const char *name, char type, unsigned size, const char *magic)
{
	unsigned sum = 0;

	memset(out, 0, TAR_BLOCK);
	strcpy(out, name);
	sprintf(out + 100, "0000644");
	sprintf(out + 124, "%011o", size);
	memset(out + 148, ' ', 8);
	out[156] = type;
	memcpy(out + 257, magic, 8);
	for (int i = 0; i < TAR_BLOCK; i++)
		sum += (unsigned char)out[i];
	sprintf(out + 148, "%06o", sum);
	return TAR_BLOCK;
}

struct pieces {
	const char *bytes;
	size_t left, piece;
};

static long next_bytes(void *context, const void **data, struct error *err)
{
	struct pieces *p = context;
	size_t n = p->left < p->piece ? p->left : p->piece;

	*data = p->bytes;
	p->bytes += n;
	p->left -= n;
	return (long)n;
}

/* How many bytes come through, read in pieces of `piece`; err says what was refused. */
static size_t guard(const char *bytes, size_t size, size_t piece, char *out, struct error *err)
{
	struct pieces p = {bytes, size, piece};
	struct tar_guard g;
	const void *data;
	size_t total = 0;
	long n;

	*err = (struct error){0};
	tar_guard_init(&g, next_bytes, &p);
	while ((n = tar_guard_next(&g, &data, err)) > 0) {
		memcpy(out + total, data, (size_t)n);
		total += (size_t)n;
	}
	tar_guard_free(&g);
	return total;
}

static void guards(void)
{
	static const struct {
		char type;
		const char *magic, *refusal;
	} types[] = {
		{'0', "ustar\00000", NULL}, {'\0', "\0\0\0\0\0\0\0\0", NULL}, {'5', "ustar\00000", NULL},
		{'7', "ustar\00000", "unhandled tar header type 55"}, {'Z', "ustar  \0", "unhandled tar header type 90"},
		{'V', "ustar  \0", "unhandled tar header type 86"}, {'\x80', "ustar\00000", "unhandled tar header type 128"},
		{'S', "ustar  \0", "unhandled tar header type 83"}, {'S', "ustar\00000", "archive/tar: invalid tar header"},
	};
	static char bytes[16 * TAR_BLOCK], out[sizeof(bytes)];
	struct error err;

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		const char *refusal = types[i].refusal;
		size_t first = put_head(bytes, "first", '0', 3, "ustar\00000");
		memset(bytes + first, 'x', TAR_BLOCK);
		first += TAR_BLOCK;
		size_t size = first + put_head(bytes + first, "odd", types[i].type, 0, types[i].magic);
		memset(bytes + size, 0, 2 * TAR_BLOCK);
		size += 2 * TAR_BLOCK;
		bool all = true;
		for (size_t piece = 1; piece < 2 * size; piece = piece * 2 + 1) {
			size_t n = guard(bytes, size, piece, out, &err);
			all = all && n == (refusal ? first : size) && memcmp(out, bytes, n) == 0 &&
			      strcmp(err.message, refusal ? refusal : "") == 0;
		}
		ok(all, "a header of type %d: %s", types[i].type, refusal ? refusal : "taken");
	}

	size_t size = put_head(bytes, "x", 'x', 12, "ustar\00000");
	memset(bytes + size, 0, TAR_BLOCK);
	memcpy(bytes + size, "12 size=600\n", 12);
	size += TAR_BLOCK;
	size += put_head(bytes + size, "sized", '0', 0, "ustar\00000");
	memset(bytes + size, 'x', 2 * TAR_BLOCK);
	size += 2 * TAR_BLOCK;
	memset(bytes + size, 0, 2 * TAR_BLOCK);
	ok(guard(bytes, size + 2 * TAR_BLOCK, 700, out, &err) == size + 2 * TAR_BLOCK && !err.message[0],
	   "the size of a record counts: %s", err.message);
	memcpy(bytes + TAR_BLOCK, "13 size=600\n", 12);
	ok(guard(bytes, size, 700, out, &err) == 0 && strcmp(err.message, "archive/tar: invalid tar header") == 0,
	   "records are checked");
	size = put_head(bytes, "f", '0', 0, "ustar\00000");
	bytes[0] ^= 1;
	ok(guard(bytes, size, 700, out, &err) == 0 && strcmp(err.message, "archive/tar: invalid tar header") == 0,
	   "and sums");
	ok(guard(bytes, 300, 700, out, &err) == 0 && strcmp(err.message, "unexpected EOF") == 0, "half a header is none");
}

static bool owned(int root, const char *name, uid_t uid, gid_t gid)
{
	struct stat st;

	return fstatat(root, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && st.st_uid == uid && st.st_gid == gid;
}

/* Owners the archive names are those of the inside; what it says nothing of is root's. */
static void shifts_owners(void)
{
	static const struct member members[] = {
		{"d/", AE_IFDIR, NULL, false}, {"d/f", AE_IFREG, "x", false},  {"l", AE_IFLNK, "d", false},
		{"implied/f", AE_IFREG, "y", false}, {"d/h", AE_IFREG, "d/f", true},
	};
	static const struct idmaps maps = {{1, {{0, 70000, 10}}}, {1, {{0, 80000, 10}}}},
				   none = {{1, {{1, 70000, 10}}}, {1, {{1, 80000, 10}}}};
	char top[] = "/tmp/berth-unpack-unit.XXXXXX", buffer[1 << 16];
	static const char *const names[] = {"d", "d/f", "d/h", "l", "implied", "implied/f", "."};
	struct error err = {0};

	if (geteuid() != 0 || !mkdtemp(top)) {
		ok(true, "owners are shifted # SKIP needs root");
		return;
	}
	int root = open(top, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	size_t size = make_tar(members, sizeof(members) / sizeof(members[0]), buffer, sizeof(buffer));
	struct tree *tree = tree_new(dup(root), NULL, 0, &maps);
	ok(run(buffer, size, tree, NULL, &err) == 0, "an archive is extracted with other owners (%s)", err.message);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		ok(owned(root, names[i], 70000, 80000), "the owner of %s is shifted", names[i]);
	tree_free(tree);
	tree = tree_new(dup(root), NULL, 0, &none);
	ok(run(buffer, size, tree, NULL, &err) < 0 && strcmp(err.message, "container ID 0 cannot be mapped to a host ID") == 0,
	   "an owner outside of the maps is refused (%s)", err.message);
	tree_free(tree);
	close(root);
	char command[64];
	snprintf(command, sizeof(command), "rm -rf %s", top);
	ok(system(command) == 0, "removed");
}

int main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	cleans_names();
	knows_whiteouts();
	decompresses();
	extracts();
	guards();
	shifts_owners();
	return tap_done();
}
