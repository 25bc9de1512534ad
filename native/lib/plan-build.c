#include "plan-build.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "error.h"
#include "fd.h"

int builder_open(struct plan_builder *b)
{
	b->memory = mmap(NULL, PLAN_SIZE_MAX, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (b->memory == MAP_FAILED) {
		b->memory = NULL;
		return -1;
	}
	b->used = sizeof(struct plan);
	b->full = false;
	return 0;
}

void builder_close(struct plan_builder *b)
{
	if (b->memory)
		munmap(b->memory, PLAN_SIZE_MAX);
	b->memory = NULL;
}

/* One byte is kept back for the NUL at the end. */
static uint32_t reserve(struct plan_builder *b, uint64_t size, uint32_t align)
{
	uint32_t at = (b->used + align - 1) / align * align;

	if (b->full || size > PLAN_SIZE_MAX - 1 - (uint64_t)at) {
		b->full = true;
		return 0;
	}
	b->used = at + (uint32_t)size;
	return at;
}

plan_string builder_text(struct plan_builder *b, const char *text)
{
	size_t size;
	uint32_t at;

	if (!text)
		return 0;
	size = strlen(text) + 1;
	at = reserve(b, size, 1);
	if (at)
		memcpy(b->memory + at, text, size);
	return at;
}

struct plan_list builder_list(struct plan_builder *b, uint32_t count, uint32_t size, void **items)
{
	struct plan_list list = { 0, 0 };
	uint32_t at = count ? reserve(b, (uint64_t)count * size, 8) : 0;

	*items = NULL;
	if (at) {
		*items = b->memory + at;
		list = (struct plan_list){ at, count };
	}
	return list;
}

struct plan_blob builder_blob(struct plan_builder *b, const void *data, uint32_t size)
{
	struct plan_blob blob = { 0, 0 };
	uint32_t at = size ? reserve(b, size, 8) : 0;

	if (at) {
		memcpy(b->memory + at, data, size);
		blob = (struct plan_blob){ at, size };
	}
	return blob;
}

int builder_seal(struct plan_builder *b, struct error *err)
{
	struct plan *plan = builder_plan(b);
	int fd;

	if (b->full)
		return error_set(err, E2BIG, "specification");
	plan->magic = PLAN_MAGIC;
	plan->version = PLAN_VERSION;
	plan->size = b->used + 1;
	if (plan_check(plan, plan->size, err))
		return -1;
	fd = fd_memory_sealed("plan", plan, plan->size);
	return fd < 0 ? error_set(err, errno, "plan") : fd;
}
