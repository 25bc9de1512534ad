/* SPDX-License-Identifier: Apache-2.0 */
/* What berth-archive reads of untrusted bytes itself: the chunks of a body, paths, and archives for a directory. */
#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../archive/body.h"
#include "../archive/go-path.h"
#include "../archive/put.h"
#include "../unpack/decompress.h"
#include "../unpack/stream.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int condition)
{
	if (!condition)
		abort();
}

static void paths(const uint8_t *data, size_t size)
{
	char *path = malloc(size + 1), out[GO_PATH_CAP], again[GO_PATH_CAP], base[GO_PATH_CAP + 2];

	memcpy(path, data, size);
	path[size] = '\0';
	if (go_clean(path, out, sizeof(out)) == 0) {
		check(go_clean(out, again, sizeof(again)) == 0 && strcmp(out, again) == 0);
		check(path[0] != '/' || (out[0] == '/' && !strstr(out, "/../")));
		/* Only the beginning of a relative path may climb. */
		check(go_climbs(out) || !strstr(out, "/../"));
	}
	if (go_absolute(path, out, sizeof(out)) == 0) {
		check(out[0] == '/');
		go_base(out, base, sizeof(base));
		check(base[0]);
	}
	free(path);
}

static void bodies(const uint8_t *data, size_t size)
{
	int file = memfd_create("fuzz", MFD_CLOEXEC);
	char out[300];
	struct error err;
	struct body b;
	size_t first = size > 0 ? data[0] % size : 0, total = 0;
	ssize_t n;

	check(file >= 0 && write(file, data + first, size - first) == (ssize_t)(size - first) && lseek(file, 0, SEEK_SET) == 0);
	body_init(&b, file, FRAMING_CHUNKED, 0, 1, data, first);
	while ((n = body_read(&b, out, sizeof(out), &err)) > 0)
		total += (size_t)n;
	check(total <= size);
	close(file);
}

struct job {
	int fd;
	struct stream *stream;
};

static void *reader(void *data)
{
	struct job *job = data;

	decompress(decompress_from_fd, &job->fd, job->stream);
	return NULL;
}

static long next_piece(void *context, const void **data, struct error *err)
{
	return stream_read(((struct job *)context)->stream, STREAM_EXTRACT, data, err);
}

/* A directory with a neighbour that nothing may touch. */
static char place[32];
static int outside = -1;

static void archives(const uint8_t *data, size_t size)
{
	struct job job = {.fd = memfd_create("fuzz", MFD_CLOEXEC), .stream = stream_new(1)};
	struct error err;
	pthread_t thread;
	struct stat st;

	if (outside < 0) {
		check(mkdtemp(strcpy(place, "/tmp/berth-archive-XXXXXX")) != NULL);
		outside = open(place, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		check(outside >= 0 && mkdirat(outside, "inside", 0755) == 0);
	}
	int dir = openat(outside, "inside", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct put put = {.dir = dir, .path = "/inside", .owned = true, .uid = getuid(), .gid = getgid()};
	check(write(job.fd, data, size) == (ssize_t)size && lseek(job.fd, 0, SEEK_SET) == 0);
	pthread_create(&thread, NULL, reader, &job);
	(void)put_archive(&put, next_piece, &job, &err);
	stream_abort(job.stream);
	pthread_join(thread, NULL);
	stream_free(job.stream);
	close(job.fd);
	close(dir);
	/* The neighbourhood: "inside" and nothing else. */
	check(fstat(outside, &st) == 0 && st.st_nlink == 3);
	int list = openat(outside, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *stream = fdopendir(list);
	unsigned names = 0;
	while (readdir(stream))
		names++;
	closedir(stream);
	check(names == 3);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	paths(data, size);
	bodies(data, size);
	archives(data, size);
	return 0;
}

#ifndef WITH_LIBFUZZER
#include <ftw.h>

#include "../archive/tar-header.h"
#include "tap.h"

static int forget(const char *path, const struct stat *st, int type, struct FTW *where)
{
	(void)st;
	(void)type;
	(void)where;
	return remove(path);
}

/* A bounded run without libFuzzer: a small archive of every kind of entry, with bytes changed by a generator that repeats itself. */
int main(void)
{
	static const struct tar_entry entries[] = {
		{.name = "d/", .type = '5', .mode = 0755},
		{.name = "d/f", .type = '0', .mode = 0644},
		{.name = "l", .linkname = "../x", .type = '2', .mode = 0777},
		{.name = "l/e", .type = '0', .mode = 0644},
		{.name = "h", .linkname = "d/f", .type = '1', .mode = 0644},
	};
	uint8_t seed[8192] = {0}, input[8192];
	size_t size = 0;
	uint32_t state = 1;

	for (size_t i = 0; i < sizeof(entries) / sizeof(entries[0]); i++) {
		tar_header_write(&entries[i], (char *)seed + size);
		size += tar_header_size(&entries[i]);
	}
	size += 2 * TAR_BLOCK;
	for (int i = 0; i < 1000; i++) {
		memcpy(input, seed, size);
		for (int change = 0; change < i % 7; change++) {
			state = state * 1664525u + 1013904223u;
			input[(state >> 8) % size] = (uint8_t)(state >> 24);
		}
		LLVMFuzzerTestOneInput(input, size);
		LLVMFuzzerTestOneInput((const uint8_t *)"5\r\nhello\r\n0\r\n\r\n" + i % 5, 15 - (size_t)(i % 5));
	}
	nftw(place, forget, 16, FTW_DEPTH | FTW_PHYS);
	ok(true, "2000 inputs");
	return tap_done();
}
#endif
