#include "queue.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void queue_init(struct queue *q, size_t most_bytes, size_t most_count, bool drops)
{
	pthread_condattr_t attr;

	*q = (struct queue){ .most_bytes = most_bytes, .most_count = most_count, .drops = drops };
	q->last = &q->first;
	pthread_mutex_init(&q->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&q->changed, &attr);
	pthread_condattr_destroy(&attr);
}

static bool is_full(const struct queue *q, size_t more)
{
	return q->count > 0 && (q->bytes + more > q->most_bytes || q->count >= q->most_count);
}

static struct timespec from_now(int64_t ms)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	t.tv_sec += ms / 1000;
	t.tv_nsec += ms % 1000 * 1000000;
	if (t.tv_nsec >= 1000000000) {
		t.tv_nsec -= 1000000000;
		t.tv_sec++;
	}
	return t;
}

bool queue_await_room(struct queue *q, size_t n, unsigned idle_ms)
{
	bool gets_on = true;

	pthread_mutex_lock(&q->lock);
	while (is_full(q, n) && gets_on) {
		struct timespec until = from_now(idle_ms);
		uint64_t done = q->done;
		int code = 0;

		while (is_full(q, n) && code != ETIMEDOUT)
			code = pthread_cond_timedwait(&q->changed, &q->lock, &until);
		gets_on = code != ETIMEDOUT || q->done != done;
	}
	gets_on = gets_on && !is_full(q, n);
	pthread_mutex_unlock(&q->lock);
	return gets_on;
}

void queue_put(struct queue *q, const struct log_record *head, const char *text)
{
	struct item *item;

	pthread_mutex_lock(&q->lock);
	while (!q->drops && is_full(q, head->length))
		pthread_cond_wait(&q->changed, &q->lock);
	item = is_full(q, head->length) ? NULL : malloc(sizeof(*item) + head->length);
	if (item) {
		item->next = NULL;
		item->head = *head;
		memcpy(item->text, text, head->length);
		*q->last = item;
		q->last = &item->next;
		q->bytes += head->length;
		/* Who waits, waits for the first one. */
		if (q->count++ == 0)
			pthread_cond_broadcast(&q->changed);
	} else {
		q->dropped++;
	}
	pthread_mutex_unlock(&q->lock);
}

struct item *queue_take(struct queue *q, int wait_ms, bool *over)
{
	struct timespec until = from_now(wait_ms > 0 ? wait_ms : 0);
	struct item *item;
	int code = 0;

	pthread_mutex_lock(&q->lock);
	while (!q->first && !q->closed && code != ETIMEDOUT)
		code = wait_ms < 0 ? pthread_cond_wait(&q->changed, &q->lock) :
				     pthread_cond_timedwait(&q->changed, &q->lock, &until);
	item = q->first;
	*over = !item && q->closed;
	if (item) {
		q->first = NULL;
		q->last = &q->first;
		q->taken += q->count;
		q->bytes = q->count = 0;
		pthread_cond_broadcast(&q->changed);
	}
	pthread_mutex_unlock(&q->lock);
	return item;
}

void queue_close(struct queue *q)
{
	pthread_mutex_lock(&q->lock);
	q->closed = true;
	pthread_cond_broadcast(&q->changed);
	pthread_mutex_unlock(&q->lock);
}

void queue_finish(struct queue *q)
{
	pthread_mutex_lock(&q->lock);
	q->finished = true;
	pthread_cond_broadcast(&q->changed);
	pthread_mutex_unlock(&q->lock);
}

void queue_await(struct queue *q, unsigned idle_s)
{
	pthread_mutex_lock(&q->lock);
	while (!q->finished) {
		struct timespec until = from_now((int64_t)idle_s * 1000);
		uint64_t done = q->done;
		int code = 0;

		while (!q->finished && code != ETIMEDOUT)
			code = pthread_cond_timedwait(&q->changed, &q->lock, &until);
		if (q->done == done)
			break;
	}
	pthread_mutex_unlock(&q->lock);
}
