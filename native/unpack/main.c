/* SPDX-License-Identifier: Apache-2.0 */
/*
 * berth-unpack: one layer into one directory, shut in.
 *
 *     berth-unpack DIFFID|- PARENTS [UIDS GIDS]
 *
 * Descriptors: 0 the blob, 1 for the result, 2 the log, 3 the directory, 4 and on PARENTS directories of the layers below,
 * nearest first. UIDS and GIDS are maps (lib/idmap.h) from the owners the archive names to those on disk. The result is one line
 * of JSON: {"diffId":"sha256:...","sizeBytes":n}, or {"error":{"kind":"...","errno":n,"stage":"unpack","message":"..."}} with exit
 * status 1.
 */
#include <errno.h>
#include <fcntl.h>
#include <json.h>
#include <locale.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "confine.h"
#include "decompress.h"
#include "extract.h"
#include "hash.h"
#include "idmap.h"

#define TARGET_FD 3
#define PARENTS_FD 4

/* overlayfs takes at most this many lower layers. */
#define PARENTS_MAX 500

struct pipeline {
	struct stream *stream;
	char digest[DIGEST_SIZE];
	int hash_status;
	struct error hash_error;
};

static void *run_decompress(void *data)
{
	static const int blob = STDIN_FILENO;

	decompress(decompress_from_fd, (void *)&blob, ((struct pipeline *)data)->stream);
	return NULL;
}

static void *run_hash(void *data)
{
	struct pipeline *p = data;

	p->hash_status = hash_stream(p->stream, p->digest, &p->hash_error);
	return NULL;
}

/* Decompresses and hashes in threads of their own, extracts in this one. */
static int unpack(struct pipeline *p, struct tree *tree, struct error *err)
{
	pthread_t reader, hasher;

	p->stream = stream_new(STREAM_READERS);
	if (!p->stream)
		return error_set(err, ENOMEM, "unpack");
	int code = pthread_create(&reader, NULL, run_decompress, p);
	if (code != 0) {
		stream_free(p->stream);
		return error_set(err, code, "start a thread");
	}
	code = pthread_create(&hasher, NULL, run_hash, p);
	if (code != 0) {
		stream_abort(p->stream);
		pthread_join(reader, NULL);
		stream_free(p->stream);
		return error_set(err, code, "start a thread");
	}
	int status = extract(p->stream, tree, err);
	if (status < 0)
		stream_abort(p->stream);
	pthread_join(reader, NULL);
	pthread_join(hasher, NULL);
	stream_free(p->stream);
	if (status == 0 && p->hash_status < 0) {
		*err = p->hash_error;
		status = -1;
	}
	return status;
}

static const char *kind_of(const struct error *err)
{
	switch (err->code) {
	case 0:
	case ENAMETOOLONG:
	case ENOENT:
	case ENOTDIR:
	case ELOOP:
	case EISDIR:
		return "invalid-argument";
	default:
		return "internal";
	}
}

static void print_line(struct json_object *object)
{
	puts(json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
	fflush(stdout);
	json_object_put(object);
}

static int print_error(struct error *err)
{
	struct json_object *line = json_object_new_object();
	struct json_object *error = json_object_new_object();

	/* Names in a message come from the archive; JSON must be UTF-8. */
	if (mbstowcs(NULL, err->message, 0) == (size_t)-1)
		for (char *c = err->message; *c; c++)
			if ((unsigned char)*c >= 0x80)
				*c = '?';
	json_object_object_add(error, "kind", json_object_new_string(kind_of(err)));
	json_object_object_add(error, "errno", json_object_new_int(err->code));
	json_object_object_add(error, "stage", json_object_new_string(err->stage[0] ? err->stage : "unpack"));
	json_object_object_add(error, "message", json_object_new_string(err->message));
	json_object_object_add(line, "error", error);
	print_line(line);
	return 1;
}

static int print_result(const struct pipeline *p, const struct tree *tree)
{
	struct json_object *line = json_object_new_object();

	json_object_object_add(line, "diffId", json_object_new_string(p->digest));
	json_object_object_add(line, "sizeBytes", json_object_new_int64((int64_t)tree_size(tree)));
	print_line(line);
	return 0;
}

int main(int argc, char **argv)
{
	static struct idmaps maps;
	struct pipeline p = {0};
	struct error err;
	int target = TARGET_FD, parents[PARENTS_MAX], status;
	long count = argc == 3 || argc == 5 ? strtol(argv[2], NULL, 10) : -1;

	if (count < 0 || count > PARENTS_MAX) {
		fprintf(stderr, "usage: berth-unpack DIFFID|- PARENTS [UIDS GIDS]\n");
		return 2;
	}
	/* PAX names are UTF-8, and libarchive takes them through the locale. */
	setlocale(LC_CTYPE, "C.UTF-8");
	if (argc == 5 && (idmap_parse(argv[3], &maps.uids, &err) < 0 || idmap_parse(argv[4], &maps.gids, &err) < 0))
		return print_error(&err);
	for (int i = 0; i < count; i++)
		parents[i] = PARENTS_FD + i;
	for (int fd = TARGET_FD; fd < PARENTS_FD + count; fd++)
		fcntl(fd, F_SETFD, FD_CLOEXEC);
	if (confine(&target, parents, (int)count, &err) < 0)
		return print_error(&err);
	struct tree *tree = tree_new(target, parents, (int)count, &maps);
	if (!tree) {
		error_set(&err, ENOMEM, "unpack");
		return print_error(&err);
	}
	int done = unpack(&p, tree, &err);
	/* A layer that is committed must outlive a power cut: its files are on disk before anybody is told. */
	if (done == 0 && syncfs(target) < 0)
		done = error_set(&err, errno, "sync");
	if (done < 0)
		status = print_error(&err);
	else if (strcmp(argv[1], "-") != 0 && strcmp(argv[1], p.digest) != 0) {
		error_set(&err, 0, "layer does not match its diffID: expected %s, got %s", argv[1], p.digest);
		status = print_error(&err);
	} else {
		status = print_result(&p, tree);
	}
	tree_free(tree);
	return status;
}
