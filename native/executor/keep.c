#include "keep.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>

#include "../lib/fd.h"
#include "shim-call.h"

#define TEXT_MOST 32768
#define ANSWER_MS 10000

/* The kind and the words of the command line, each with its NUL. Returns the length, 0 when it is too long. */
static size_t compose(char text[TEXT_MOST], const char *kind, char *const argv[])
{
	size_t used = strlen(kind) + 1;

	memcpy(text, kind, used);
	for (; *argv; argv++) {
		size_t n = strlen(*argv) + 1;

		if (n > TEXT_MOST - used)
			return 0;
		memcpy(text + used, *argv, n);
		used += n;
	}
	return used;
}

int keep_add(struct keeping *k, const char *kind, const char *program, char *const argv[], int life, const int *fds,
	     unsigned count, struct error *err)
{
	scoped_fd int file = open(program, O_PATH | O_CLOEXEC);
	int all[2 + KEEP_FDS_MOST] = { life, file }, ends[2];
	char text[TEXT_MOST];
	size_t size = compose(text, kind, argv);

	if (k->count == KEEP_MOST || count > KEEP_FDS_MOST || size == 0)
		return error_text(err, E2BIG, "%s has too much to be kept", argv[0]);
	if (file < 0)
		return error_set(err, errno, "open %s", program);
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
		return error_set(err, errno, "make a socket pair");
	memcpy(all + 2, fds, count * sizeof(*fds));
	scoped_fd int from = ends[0];
	scoped_fd int to = ends[1];
	if (fd_send(from, text, size, all, count + 2))
		return error_set(err, errno, "pack what %s is made of", argv[0]);
	k->parcels[k->count++] = steal_fd(&to);
	return 0;
}

int keep_hand_over(struct keeping *k, const char *socket, struct error *err)
{
	char answer[64];
	int result = k->count == 0 ? 0 :
				     shim_call(socket, "keep", k->parcels, k->count, ANSWER_MS, answer, sizeof(answer), err);

	keep_drop(k);
	return result;
}

void keep_drop(struct keeping *k)
{
	while (k->count > 0)
		close(k->parcels[--k->count]);
}
