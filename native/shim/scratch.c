#include "scratch.h"

#include <sys/mman.h>

static const uint64_t idle_ns = 500000000;

int scratch_open(struct scratch *scratch, struct loop *loop)
{
	char *area = mmap(NULL, SCRATCH_READ + SCRATCH_FORMAT, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (area == MAP_FAILED)
		return -1;
	*scratch = (struct scratch){ .loop = loop, .read = area, .format = area + SCRATCH_READ };
	return 0;
}

static void scratch_idle(struct timer *timer)
{
	struct scratch *scratch = (struct scratch *)((char *)timer - offsetof(struct scratch, idle));
	if (scratch->used) {
		scratch->used = false;
		timer_set(scratch->loop, timer, idle_ns, scratch_idle);
		return;
	}
	madvise(scratch->read, SCRATCH_READ + SCRATCH_FORMAT, MADV_DONTNEED);
}

void scratch_touch(struct scratch *scratch)
{
	scratch->used = true;
	if (!scratch->idle.at)
		timer_set(scratch->loop, &scratch->idle, idle_ns, scratch_idle);
}
