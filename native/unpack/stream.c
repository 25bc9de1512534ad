/* SPDX-License-Identifier: Apache-2.0 */
#include "stream.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#define CHUNKS 16

struct stream {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	unsigned readers;
	/* Chunks counted from the beginning; a chunk's place in the ring is its number modulo CHUNKS. */
	uint64_t written;
	uint64_t released[STREAM_READERS];
	bool holding[STREAM_READERS];
	bool finished;
	bool aborted;
	bool failed;
	struct error error;
	size_t length[CHUNKS];
	unsigned char *data;
};

struct stream *stream_new(unsigned readers)
{
	struct stream *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->data = malloc((size_t)CHUNKS * STREAM_CHUNK_SIZE);
	if (!s->data) {
		free(s);
		return NULL;
	}
	s->readers = readers;
	pthread_mutex_init(&s->lock, NULL);
	pthread_cond_init(&s->changed, NULL);
	return s;
}

void stream_free(struct stream *s)
{
	if (!s)
		return;
	pthread_cond_destroy(&s->changed);
	pthread_mutex_destroy(&s->lock);
	free(s->data);
	free(s);
}

static bool ring_is_full(const struct stream *s)
{
	for (unsigned i = 0; i < s->readers; i++)
		if (s->written - s->released[i] >= CHUNKS)
			return true;
	return false;
}

void *stream_reserve(struct stream *s, size_t *size)
{
	void *data = NULL;

	pthread_mutex_lock(&s->lock);
	while (!s->aborted && ring_is_full(s))
		pthread_cond_wait(&s->changed, &s->lock);
	if (!s->aborted) {
		*size = STREAM_CHUNK_SIZE;
		data = s->data + s->written % CHUNKS * STREAM_CHUNK_SIZE;
	}
	pthread_mutex_unlock(&s->lock);
	return data;
}

void stream_commit(struct stream *s, size_t len)
{
	if (len == 0)
		return;
	pthread_mutex_lock(&s->lock);
	s->length[s->written % CHUNKS] = len;
	s->written++;
	pthread_cond_broadcast(&s->changed);
	pthread_mutex_unlock(&s->lock);
}

void stream_finish(struct stream *s, const struct error *err)
{
	pthread_mutex_lock(&s->lock);
	s->finished = true;
	if (err) {
		s->failed = true;
		s->error = *err;
	}
	pthread_cond_broadcast(&s->changed);
	pthread_mutex_unlock(&s->lock);
}

long stream_read(struct stream *s, enum stream_reader reader, const void **data, struct error *err)
{
	long len = 0;

	pthread_mutex_lock(&s->lock);
	if (s->holding[reader]) {
		s->holding[reader] = false;
		s->released[reader]++;
		pthread_cond_broadcast(&s->changed);
	}
	while (!s->aborted && !s->finished && s->released[reader] == s->written)
		pthread_cond_wait(&s->changed, &s->lock);
	if (s->released[reader] < s->written && !s->aborted) {
		size_t slot = s->released[reader] % CHUNKS;
		s->holding[reader] = true;
		*data = s->data + slot * STREAM_CHUNK_SIZE;
		len = (long)s->length[slot];
	} else if (s->failed) {
		*err = s->error;
		len = -1;
	}
	pthread_mutex_unlock(&s->lock);
	return len;
}

void stream_abort(struct stream *s)
{
	pthread_mutex_lock(&s->lock);
	s->aborted = true;
	pthread_cond_broadcast(&s->changed);
	pthread_mutex_unlock(&s->lock);
}
