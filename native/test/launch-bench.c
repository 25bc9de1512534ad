/*
 * What starting a container costs in this process, without a command line: launch-bench BUNDLE [COUNT]
 * Prints the median, least and 99th percentile of ready (launch to READY), start (release to exec) and all (launch to
 * exit) in milliseconds.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "error.h"
#include "fd.h"
#include "json-c/json.h"
#include "launch.h"
#include "plan.h"
#include "plan_parse.h"

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void report(const char *name, double *values, int count)
{
	qsort(values, (size_t)count, sizeof(*values), by_size);
	printf("%-6s median %.2f  min %.2f  p99 %.2f\n", name, values[count / 2], values[0], values[count * 99 / 100]);
}

static const struct plan *load(const char *bundle, struct error *err)
{
	char path[4200];
	struct plan_options options = { .id = "launch-bench", .bundle = bundle };
	const struct plan *plan;
	size_t size;
	scoped_memory char *text = NULL;
	struct json_object *json;
	int fd;

	snprintf(path, sizeof(path), "%.4100s/config.json", bundle);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	text = fd < 0 ? NULL : fd_read_text(fd, 1 << 24, &size, err);
	close(fd);
	json = text ? json_from_text(text, size, err) : NULL;
	fd = json ? plan_from_spec(json, &options, err) : -1;
	json_object_put(json);
	plan = fd < 0 ? NULL : plan_map(fd, err);
	close(fd);
	return plan;
}

static int once(const struct plan *plan, double *times, struct error *err)
{
	struct launch_io io = { .stdio = { -1, -1, -1 }, .rootfs = -1, .netns = -1, .userns = -1 };
	struct launch l;
	double begin = now_ms(), ready, started;
	struct error ignored;

	if (launch_container(&l, plan, &io, err) || launch_await(&l, err) != LAUNCH_READY)
		return -1;
	ready = now_ms();
	if (launch_release(&l, err) || launch_await(&l, err) != LAUNCH_STARTED)
		return -1;
	started = now_ms();
	waitpid(l.pid, NULL, 0);
	times[0] = ready - begin;
	times[1] = started - ready;
	times[2] = now_ms() - begin;
	launch_close(&l);
	for (int i = 0; i < 1000 && cgroup_remove(&l.cgroup, &ignored) == 1; i++)
		nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
	return 0;
}

int main(int argc, char **argv)
{
	int count = argc > 2 ? atoi(argv[2]) : 100;
	double *ready = calloc((size_t)count, 8), *start = calloc((size_t)count, 8), *all = calloc((size_t)count, 8);
	char bundle[4096];
	struct error err = { 0 };
	const struct plan *plan = argc > 1 && realpath(argv[1], bundle) ? load(bundle, &err) : NULL;

	for (int i = 0; plan && i < count; i++) {
		double times[3];

		if (once(plan, times, &err)) {
			plan = NULL;
			break;
		}
		ready[i] = times[0];
		start[i] = times[1];
		all[i] = times[2];
	}
	if (!plan) {
		fprintf(stderr, "launch-bench: %s\n", err.message);
		return 1;
	}
	report("ready", ready, count);
	report("start", start, count);
	report("all", all, count);
	return 0;
}
