#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>

#include "child.h"
#include "fd.h"
#include "sync.h"

int child_seccomp(struct child *c, struct error *err)
{
	const struct plan *from = c->plan->flags & EXEC_INHERIT_SECCOMP ? c->container : c->plan;
	const struct plan_seccomp *s = &from->seccomp;
	struct sock_fprog program = {
		.len = (unsigned short)(s->filter.size / sizeof(struct sock_filter)),
		.filter = (struct sock_filter *)((char *)from + s->filter.at),
	};
	int fd;

	if (!s->filter.size)
		return 0;
	if (s->filter.size / sizeof(struct sock_filter) > BPF_MAXINSNS)
		return error_text(err, E2BIG, "seccomp filter of %zu instructions",
				  s->filter.size / sizeof(struct sock_filter));
	fd = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, s->flags, &program);
	if (fd < 0)
		return error_set(err, errno, "error loading seccomp filter into kernel");
	if (s->flags & SECCOMP_FILTER_FLAG_NEW_LISTENER) {
		struct error number = { .code = fd };
		int result = sync_send(c->sync, SYNC_LISTENER, &number, NULL, 0) || sync_expect(c->sync, SYNC_PROCEED);

		close(fd);
		if (result)
			return error_set(err, errno, "hand over the seccomp listener");
	}
	return 0;
}
