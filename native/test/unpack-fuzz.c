/* SPDX-License-Identifier: Apache-2.0 */
/* What berth-unpack decides on untrusted bytes itself: names of entries, and the states of its decompressors. */
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../unpack/decompress.h"
#include "../unpack/path.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int condition)
{
	if (!condition)
		abort();
}

static void names(const uint8_t *data, size_t size)
{
	char *name = malloc(size + 1), out[PATH_CAP], again[PATH_CAP], parts[PATH_CAP];
	const char *dir, *base, *target = NULL;

	memcpy(name, data, size);
	name[size] = '\0';
	if (path_clean(name, out, sizeof(out)) == 0 && out[0]) {
		check(path_clean(out, again, sizeof(again)) == 0 && strcmp(out, again) == 0);
		check(out[0] != '/' && out[strlen(out) - 1] != '/');
		memcpy(parts, out, strlen(out) + 1);
		char *rest = parts, *part;
		while ((part = strsep(&rest, "/")))
			check(part[0] && strcmp(part, ".") != 0 && strcmp(part, "..") != 0);
		memcpy(parts, out, strlen(out) + 1);
		path_split(parts, &dir, &base);
		if (path_whiteout(base, &target) == WHITEOUT_FILE)
			check(target[0] && strcmp(target, ".") != 0 && strcmp(target, "..") != 0 && !strchr(target, '/'));
	}
	free(name);
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

static void *hasher(void *data)
{
	struct job *job = data;
	struct error err;
	const void *chunk;

	while (stream_read(job->stream, STREAM_HASH, &chunk, &err) > 0)
		;
	return NULL;
}

static void streams(const uint8_t *data, size_t size)
{
	struct job job = {.fd = memfd_create("fuzz", MFD_CLOEXEC), .stream = stream_new(STREAM_READERS)};
	pthread_t threads[2];
	const void *chunk;
	struct error err;
	size_t total = 0;
	long n;

	check(job.fd >= 0 && write(job.fd, data, size) == (ssize_t)size && lseek(job.fd, 0, SEEK_SET) == 0);
	pthread_create(&threads[0], NULL, reader, &job);
	pthread_create(&threads[1], NULL, hasher, &job);
	/* A bomb is stopped like an extraction that fails. */
	while ((n = stream_read(job.stream, STREAM_EXTRACT, &chunk, &err)) > 0)
		if ((total += (size_t)n) > (8u << 20)) {
			stream_abort(job.stream);
			break;
		}
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	stream_free(job.stream);
	close(job.fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	names(data, size);
	streams(data, size);
	return 0;
}

#ifndef WITH_LIBFUZZER
#include "tap.h"

/* A bounded run without libFuzzer: seeds with bytes changed by a generator that always gives the same. */
int main(void)
{
	static const char *const seeds[] = {
		"a/../../b/.wh.x", "./.wh..wh..opq", "../../../etc/passwd", "\x1f\x8b\x08\x01\x01\x01\x01\x01\x01\x03\x4b\x04",
		"\x28\xb5\x2f\xfd\x04\x00\x09\x00\x00" "aaaaaaaaaaaa", "BZh91AY&SY", "\xfd" "7zXZ\x00\x00\x04",
	};
	uint32_t state = 1;

	for (int i = 0; i < 1000; i++) {
		const char *seed = seeds[i % (int)(sizeof(seeds) / sizeof(seeds[0]))];
		uint8_t input[32] = {0};
		memcpy(input, seed, strlen(seed) < sizeof(input) ? strlen(seed) : sizeof(input));
		for (int change = 0; change < i % 5; change++) {
			state = state * 1664525u + 1013904223u;
			input[(state >> 8) % sizeof(input)] = (uint8_t)(state >> 24);
		}
		LLVMFuzzerTestOneInput(input, 1 + state % sizeof(input));
	}
	ok(true, "1000 inputs");
	return tap_done();
}
#endif
