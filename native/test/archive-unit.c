/* SPDX-License-Identifier: Apache-2.0 */
/* berth-archive's parts: paths, headers of tar, bodies in chunks, trees to tar and back, under the sanitisers. */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <locale.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../archive/body.h"
#include "../archive/go-path.h"
#include "../archive/path-stat.h"
#include "../archive/put.h"
#include "../archive/send.h"
#include "../archive/tar-header.h"
#include "../archive/tar-tree.h"
#include "../unpack/decompress.h"
#include "../unpack/stream.h"
#include "tap.h"

static void cleans_paths(void)
{
	static const char *const cleaned[][2] = {
		{"", "."},	 {"/", "/"},	  {"a//b/", "a/b"}, {"/../a", "/a"},	{"../a", "../a"},   {"a/../..", ".."},
		{"../../x/..", "../.."}, {"./a/.", "a"}, {"/a/../..", "/"}, {"a/../b", "b"}, {"..a/...", "..a/..."},
	};
	static const char *const bases[][2] = {{"", "."}, {"///", "/"}, {"/a/b//", "b"}, {"/a/.", "."}, {"x", "x"}, {"/a/..", ".."}};
	static const char *const absolute[][2] = {
		{"tmp/x", "/tmp/x"}, {"/tmp/", "/tmp/"}, {"/tmp/.", "/tmp/."}, {"/tmp/./", "/tmp/./"}, {"/", "/"},
		{".", "/."},	     {"/a/../b/", "/b/"}, {"../../x", "/x"},
	};
	char out[GO_PATH_CAP];

	for (size_t i = 0; i < sizeof(cleaned) / sizeof(cleaned[0]); i++)
		ok(go_clean(cleaned[i][0], out, sizeof(out)) == 0 && strcmp(out, cleaned[i][1]) == 0, "\"%s\" cleaned is \"%s\"",
		   cleaned[i][0], out);
	for (size_t i = 0; i < sizeof(bases) / sizeof(bases[0]); i++) {
		go_base(bases[i][0], out, sizeof(out));
		ok(strcmp(out, bases[i][1]) == 0, "the base of \"%s\" is \"%s\"", bases[i][0], out);
	}
	for (size_t i = 0; i < sizeof(absolute) / sizeof(absolute[0]); i++)
		ok(go_absolute(absolute[i][0], out, sizeof(out)) == 0 && strcmp(out, absolute[i][1]) == 0,
		   "\"%s\" is \"%s\"", absolute[i][0], out);
	ok(go_climbs("..") && go_climbs("../a") && !go_climbs("..a") && !go_climbs("a"), "what climbs is known");
}

static void knows_go_modes(void)
{
	ok(go_file_mode(S_IFREG | 0640) == 416, "a file");
	ok(go_file_mode(S_IFDIR | 0750) == 2147484136u, "a directory");
	ok(go_file_mode(S_IFLNK | 0777) == 134218239, "a link");
	ok(go_file_mode(S_IFCHR | 0644) == 69206436, "a device");
	ok(go_file_mode(S_IFIFO | 0644) == 33554852, "a fifo");
	ok(go_file_mode(S_IFREG | 04755) == 8389101, "set-uid");
	ok(go_file_mode(S_IFDIR | 01777) == 2148532735u, "sticky");
}

/* What libarchive reads of a header that was written here. */
static struct archive_entry *read_back(const struct tar_entry *e, struct archive *a)
{
	struct archive_entry *entry = NULL;
	size_t size = tar_header_size(e), whole = size + 4 * TAR_BLOCK;
	char *bytes = calloc(1, whole);

	tar_header_write(e, bytes);
	archive_read_support_format_tar(a);
	archive_read_open_memory(a, bytes, whole);
	if (size % TAR_BLOCK || archive_read_next_header(a, &entry) != ARCHIVE_OK)
		entry = NULL;
	/* Read to the header's end, so the bytes may go. */
	free(bytes);
	return entry;
}

static void writes_headers(void)
{
	char name[1200], link[300];
	struct archive *a = archive_read_new();
	struct tar_entry e = {.name = "d/f", .type = '0', .mode = 04751, .uid = 7, .gid = 8, .size = 5, .mtime = 1000000000};
	struct archive_entry *got = read_back(&e, a);

	ok(tar_header_size(&e) == TAR_BLOCK, "a plain entry is one block");
	ok(got && strcmp(archive_entry_pathname(got), "d/f") == 0 && archive_entry_perm(got) == 04751 &&
		   archive_entry_uid(got) == 7 && archive_entry_gid(got) == 8 && archive_entry_size(got) == 5 &&
		   archive_entry_mtime(got) == 1000000000,
	   "and is read back");
	archive_read_free(a);

	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	memset(link, 'l', sizeof(link) - 1);
	link[sizeof(link) - 1] = '\0';
	a = archive_read_new();
	e = (struct tar_entry){.name = name, .linkname = link, .type = '2', .mode = 0777, .uid = 4000000000u, .gid = 3000000, .mtime = -5};
	got = read_back(&e, a);
	ok(got && strcmp(archive_entry_pathname(got), name) == 0 && strcmp(archive_entry_symlink(got), link) == 0 &&
		   archive_entry_uid(got) == 4000000000ll && archive_entry_gid(got) == 3000000 && archive_entry_mtime(got) == -5,
	   "long names, large owners and times before 1970 go into records");
	archive_read_free(a);

	a = archive_read_new();
	char record[64];
	size_t bytes = tar_record_write("SCHILY.xattr.user.k", "v\0w", 3, record);
	e = (struct tar_entry){.name = "h\xc3\xa9", .type = '0', .size = 9ull << 33, .xattrs = record, .xattr_bytes = bytes};
	got = read_back(&e, a);
	const char *key = NULL;
	const void *value = NULL;
	size_t size = 0;
	ok(got && strcmp(archive_entry_pathname(got), "h\xc3\xa9") == 0 && archive_entry_size(got) == (int64_t)(9ull << 33),
	   "sizes beyond eight gigabytes and names beyond ASCII, too");
	if (got)
		archive_entry_xattr_reset(got);
	ok(got && archive_entry_xattr_next(got, &key, &value, &size) == ARCHIVE_OK && strcmp(key, "user.k") == 0 && size == 3 &&
		   memcmp(value, "v\0w", 3) == 0,
	   "and attributes of any bytes");
	archive_read_free(a);
	ok(tar_record_size(4, 3) == 12 && tar_record_size(4, 2) == 11 && tar_record_size(4, 91) == 101, "a length counts itself");
}

/* Reads a whole body that is sent piece by piece. Returns its length, or -1 with err set. */
static ssize_t read_whole(const char *sent, size_t size, size_t first, enum framing framing, uint64_t length, char *out,
			  struct error *err)
{
	int pair[2];
	struct body b;
	ssize_t n, total = 0;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) || write(pair[0], sent + first, size - first) < 0)
		abort();
	close(pair[0]);
	body_init(&b, pair[1], framing, length, 1000, sent, first);
	while ((n = body_read(&b, out + total, 7, err)) > 0)
		total += n;
	close(pair[1]);
	return n < 0 ? -1 : total;
}

static void reads_bodies(void)
{
	static const char chunked[] = "5\r\nhello\r\n1A;x=y\r\n, abcdefghijklmnopqrstuvwx\r\n0\r\nTrailer: t\r\n\r\n";
	static const char *const bad[] = {"x\r\n", "5\r\nhell", "5\r\nhelloX\r\n", "-5\r\n", "1234567890123456\r\n", "5", "\r\n"};
	char out[512];
	struct error err;
	bool all = true;

	for (size_t first = 0; first < sizeof(chunked); first++) {
		ssize_t n = read_whole(chunked, sizeof(chunked) - 1, first, FRAMING_CHUNKED, 0, out, &err);
		all = all && n == 31 && memcmp(out, "hello, abcdefghijklmnopqrstuvwx", 31) == 0;
	}
	ok(all, "chunks, whatever of them had been read before");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ok(read_whole(bad[i], strlen(bad[i]), 0, FRAMING_CHUNKED, 0, out, &err) < 0, "bad chunks: %s", err.message);
	ok(read_whole("abcdef", 6, 2, FRAMING_LENGTH, 4, out, &err) == 4 && memcmp(out, "abcd", 4) == 0, "a body of known length");
	ok(read_whole("abc", 3, 0, FRAMING_LENGTH, 4, out, &err) < 0 && strcmp(err.message, "unexpected EOF") == 0,
	   "that ends early");
	ok(read_whole("abc", 3, 1, FRAMING_NONE, 0, out, &err) == 3, "a body that ends with the stream");
}

static char made[8][32];
static unsigned made_count;

static int temporary(void)
{
	char *path = strcpy(made[made_count++], "/tmp/berth-archive-XXXXXX");

	if (!mkdtemp(path))
		abort();
	return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static int forget(const char *path, const struct stat *st, int type, struct FTW *where)
{
	(void)st;
	(void)type;
	(void)where;
	return remove(path);
}

static void write_file(int dir, const char *name, const char *text)
{
	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		abort();
	close(fd);
}

static bool reads(int dir, const char *name, const char *text)
{
	char found[256] = "";
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
	bool same = fd >= 0 && read(fd, found, sizeof(found) - 1) >= 0 && strcmp(found, text) == 0;

	if (fd >= 0)
		close(fd);
	return same;
}

/* A tree as a tar in a memory file. */
static int pack_as(int dir, const char *prefix, bool layer, const struct idmaps *maps)
{
	int file = memfd_create("tar", MFD_CLOEXEC);
	struct sender *to = sender_new(&(struct sender_options){.fd = file, .stall_ms = -1});
	struct tar_tree t = {.to = to, .prefix = prefix, .layer = layer, .maps = maps};
	struct error err;

	ok(tar_tree_dir(&t, dir, &err) == 0 && tar_tree_end(&t, &err) == 0 && sender_end(to, &err) == 0, "a tree is packed");
	sender_free(to);
	lseek(file, 0, SEEK_SET);
	return file;
}

static int pack(int dir, const char *prefix, bool layer)
{
	return pack_as(dir, prefix, layer, NULL);
}

struct job {
	int fd;
	struct stream *stream;
};

static void *decompress_job(void *data)
{
	struct job *job = data;

	decompress(decompress_from_fd, &job->fd, job->stream);
	return NULL;
}

static long next_piece(void *context, const void **data, struct error *err)
{
	return stream_read(((struct job *)context)->stream, STREAM_EXTRACT, data, err);
}

/* Unpacks and closes the file. */
static int unpack(int file, const struct put *put, struct error *err)
{
	struct job job = {.fd = file, .stream = stream_new(1)};
	pthread_t thread;

	pthread_create(&thread, NULL, decompress_job, &job);
	int result = put_archive(put, next_piece, &job, err);
	stream_abort(job.stream);
	pthread_join(thread, NULL);
	stream_free(job.stream);
	close(file);
	return result;
}

static void carries_trees(void)
{
	int from = temporary(), to = temporary();
	struct put put = {.dir = to, .path = "/to"};
	struct error err = {0};
	struct stat a, b;

	mkdirat(from, "d", 0750);
	mkdirat(from, "d/deep", 0700);
	write_file(from, "d/deep/f", "content");
	write_file(from, "big", "");
	if (linkat(from, "d/deep/f", from, "hard", 0) || symlinkat("d/deep/f", from, "link") || mkfifoat(from, "fifo", 0600))
		abort();
	int big = openat(from, "big", O_WRONLY | O_CLOEXEC);
	ok(ftruncate(big, 300000) == 0 && pwrite(big, "end", 3, 299997) == 3, "a file larger than the buffer");
	close(big);
	ok(unpack(pack(from, "top", false), &put, &err) == 0, "and unpacked: %s", err.message);
	ok(reads(to, "top/d/deep/f", "content") && reads(to, "top/link", "content"), "files and links are there");
	ok(fstatat(to, "top/hard", &a, 0) == 0 && fstatat(to, "top/d/deep/f", &b, 0) == 0 && a.st_ino == b.st_ino, "hard links are one file");
	ok(fstatat(to, "top/d", &a, 0) == 0 && (a.st_mode & 07777) == 0750, "with their modes");
	ok(fstatat(to, "top/fifo", &a, AT_SYMLINK_NOFOLLOW) == 0 && S_ISFIFO(a.st_mode), "a fifo is not read");
	ok(fstatat(to, "top/big", &a, 0) == 0 && a.st_size == 300000, "sizes are right");
	close(from);
	close(to);
}

/* GNU's form 0.1: a map in records, the pieces as content. */
static void keeps_holes(void)
{
	enum { SIZE = 16 << 20 };
	static const char content[TAR_BLOCK] = "end";
	char record[256], bytes[4096];
	size_t used = tar_record_write("GNU.sparse.size", "16777216", 8, record);
	int to = temporary(), file = memfd_create("tar", MFD_CLOEXEC);
	struct put put = {.dir = to, .path = "/to"};
	struct error err = {0};
	struct stat st;

	used += tar_record_write("GNU.sparse.numblocks", "1", 1, record + used);
	used += tar_record_write("GNU.sparse.map", "16776704,512", 12, record + used);
	struct tar_entry e = {.name = "sparse", .type = '0', .mode = 0644, .size = TAR_BLOCK, .xattrs = record, .xattr_bytes = used};
	tar_header_write(&e, bytes);
	if (write(file, bytes, tar_header_size(&e)) < 0 || write(file, content, TAR_BLOCK) < 0)
		abort();
	memset(bytes, 0, 2 * TAR_BLOCK);
	if (write(file, bytes, 2 * TAR_BLOCK) < 0 || lseek(file, 0, SEEK_SET) != 0)
		abort();
	ok(unpack(file, &put, &err) == 0, "a sparse file: %s", err.message);
	ok(fstatat(to, "sparse", &st, 0) == 0 && st.st_size == SIZE && st.st_blocks < SIZE / 512 / 2, "its holes are kept");
	int fd = openat(to, "sparse", O_RDONLY | O_CLOEXEC);
	ok(pread(fd, bytes, 4, SIZE - TAR_BLOCK) == 4 && strcmp(bytes, "end") == 0, "and its bytes");
	close(fd);
	close(to);
}

static bool owned(int dir, const char *name, uid_t uid, gid_t gid)
{
	struct stat st;

	return fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && st.st_uid == uid && st.st_gid == gid;
}

/* Out of a tree with shifted owners and into another. */
static void shifts_owners(void)
{
	static const struct idmaps maps = {{1, {{0, 70000, 10}}}, {1, {{0, 80000, 10}}}},
				   others = {{1, {{0, 90000, 3}}}, {1, {{0, 90000, 10}}}};
	int from = temporary(), to = temporary();
	struct put put = {.dir = to, .path = "/to", .maps = &others};
	struct error err = {0};

	if (geteuid() != 0) {
		ok(true, "owners are shifted # SKIP needs root");
		return;
	}
	mkdirat(from, "d", 0755);
	mkdirat(from, "strange", 0755);
	write_file(from, "d/f", "x");
	write_file(from, "strange/f", "x");
	write_file(from, "unknown", "x");
	if (symlinkat("x", from, "link") || fchownat(from, "d", 70000, 80001, 0) || fchownat(from, "d/f", 70002, 80000, 0) ||
	    fchownat(from, "strange", 5, 5, 0) || fchownat(from, "strange/f", 70001, 80001, 0) || fchownat(from, "unknown", 70010, 80000, 0) ||
	    fchownat(from, "link", 70000, 80000, AT_SYMLINK_NOFOLLOW))
		abort();
	ok(unpack(pack_as(from, NULL, false, &maps), &put, &err) == 0, "with maps it is unpacked: %s", err.message);
	ok(owned(to, "d", 90000, 90001) && owned(to, "d/f", 90002, 90000) && owned(to, "link", 90000, 90000),
	   "owners go from one map to the other");
	ok(faccessat(to, "unknown", F_OK, 0), "what has an owner of no id inside is left out");
	ok(owned(to, "strange", 90000, 90000) && owned(to, "strange/f", 90001, 90001), "what is in such a directory is not, and it is root's then");
	if (fchownat(from, "d/f", 70003, 80000, 0))
		abort();
	ok(unpack(pack_as(from, NULL, false, &maps), &put, &err) < 0 &&
		   strcmp(err.message, "container ID 3 cannot be mapped to a host ID") == 0,
	   "an owner outside of the map is refused: %s", err.message);
	put.owned = true;
	put.uid = put.gid = 2;
	ok(unpack(pack(from, NULL, false), &put, &err) == 0 && owned(to, "d/f", 90002, 90002), "a given owner is one of the inside: %s",
	   err.message);
	close(from);
	close(to);
}

struct attempt {
	const char *name, *link;
	char type;
	const char *refusal; /* NULL: it is taken */
};

/* One archive of two entries: the attempt, and a file below it. */
static void refuses(const struct attempt *t, int outside, int dir)
{
	static const char content[TAR_BLOCK] = "x";
	int file = memfd_create("tar", MFD_CLOEXEC);
	struct tar_entry e = {.name = t->name, .linkname = t->link, .type = t->type, .mode = 0755};
	struct put put = {.dir = dir, .path = "/to", .keep_kind = true};
	struct error err = {0};
	char below[300], bytes[4096];

	tar_header_write(&e, bytes);
	if (write(file, bytes, tar_header_size(&e)) < 0)
		abort();
	if (t->type == '2') {
		snprintf(below, sizeof(below), "%s/evil", t->name);
		e = (struct tar_entry){.name = below, .type = '0', .mode = 0644, .size = 1};
		tar_header_write(&e, bytes);
		if (write(file, bytes, TAR_BLOCK) < 0 || write(file, content, TAR_BLOCK) < 0)
			abort();
	}
	memset(bytes, 0, 2 * TAR_BLOCK);
	if (write(file, bytes, 2 * TAR_BLOCK) < 0 || lseek(file, 0, SEEK_SET) != 0)
		abort();
	int result = unpack(file, &put, &err);
	ok(t->refusal ? result < 0 && strstr(err.message, t->refusal) : result == 0, "%s -> %s: %s", t->name,
	   t->link ? t->link : "", err.message);
	ok(faccessat(outside, "evil", F_OK, 0) < 0, "nothing is outside");
}

static void stays_inside(void)
{
	int outside = temporary();
	static const struct attempt attempts[] = {
		{"../evil", NULL, '0', "invalid entry name"},
		{"a/../../evil", NULL, '0', "invalid entry name"},
		{"/evil", NULL, '0', NULL},
		{"up", "..", '2', "path escapes from parent"},
		{"in/upper", "../..", '2', "path escapes from parent"},
		{"rooted", "/", '2', NULL},
		{"magic", "/proc/self/root/../..", '2', NULL},
		{"hard", "../secret", '1', "invalid hardlink target"},
		{"hard", "/secret", '1', "no such file"},
		{"file", NULL, '5', "cannot overwrite non-directory"},
		{"dir", NULL, '0', "cannot overwrite directory"},
	};

	mkdirat(outside, "inside", 0755);
	write_file(outside, "secret", "secret");
	int dir = openat(outside, "inside", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	write_file(dir, "file", "");
	mkdirat(dir, "dir", 0755);
	for (size_t i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++)
		refuses(&attempts[i], outside, dir);
	ok(reads(outside, "secret", "secret"), "what is outside is as it was");
	close(dir);
	close(outside);
}

int main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	umask(0);
	cleans_paths();
	knows_go_modes();
	writes_headers();
	reads_bodies();
	carries_trees();
	keeps_holes();
	shifts_owners();
	stays_inside();
	while (made_count > 0)
		nftw(made[--made_count], forget, 16, FTW_DEPTH | FTW_PHYS);
	return tap_done();
}
