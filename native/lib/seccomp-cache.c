#include "seccomp-cache.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "error.h"
#include "fd.h"

#define MAGIC 0x3146504248545242ULL /* "BRTHBPF1" */
#define FILE_LIMIT (1u << 22)

struct head {
	uint64_t magic;
	uint32_t key_size, filter_size, flags, reserved;
};

static uint64_t hash(const char *key, size_t size, uint64_t seed)
{
	for (size_t i = 0; i < size; i++)
		seed = (seed ^ (unsigned char)key[i]) * 0x100000001b3ULL;
	return seed;
}

static int cache_name(char *buf, size_t room, const char *directory, const char *key, size_t size)
{
	int n = snprintf(buf, room, "%s/%016llx%016llx.bpf", directory,
			 (unsigned long long)hash(key, size, 0xcbf29ce484222325ULL),
			 (unsigned long long)hash(key, size, 0x9ae16a3b2f90404fULL));

	return n > 0 && (size_t)n < room ? 0 : -1;
}

bool seccomp_cache_read(const char *directory, const char *key, size_t key_size, struct seccomp_program *program)
{
	char path[4096];
	struct error ignored;
	struct head head;
	size_t size;
	scoped_memory char *text = NULL;
	scoped_fd int fd = -1;

	if (cache_name(path, sizeof(path), directory, key, key_size))
		return false;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || !(text = fd_read_text(fd, FILE_LIMIT, &size, &ignored)) || size < sizeof(head))
		return false;
	memcpy(&head, text, sizeof(head));
	if (head.magic != MAGIC || head.key_size != key_size || head.filter_size > FILE_LIMIT ||
	    size != sizeof(head) + key_size + head.filter_size || memcmp(text + sizeof(head), key, key_size))
		return false;
	program->filter = malloc(head.filter_size ? head.filter_size : 1);
	if (!program->filter)
		return false;
	memcpy(program->filter, text + sizeof(head) + key_size, head.filter_size);
	program->size = head.filter_size;
	program->flags = head.flags;
	return true;
}

void seccomp_cache_write(const char *directory, const char *key, size_t key_size,
			 const struct seccomp_program *program)
{
	struct head head = {
		.magic = MAGIC,
		.key_size = (uint32_t)key_size,
		.filter_size = program->size,
		.flags = program->flags,
	};
	char path[4096], beside[4200];
	scoped_fd int fd = -1;

	if (cache_name(path, sizeof(path), directory, key, key_size))
		return;
	if (mkdir(directory, 0700) && errno != EEXIST)
		return;
	/* The thread's own name, so that two threads compiling the same profile do not write to one file. */
	snprintf(beside, sizeof(beside), "%s.%d", path, (int)gettid());
	fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return;
	if (fd_write_all(fd, &head, sizeof(head)) || fd_write_all(fd, key, key_size) ||
	    fd_write_all(fd, program->filter, program->size) || rename(beside, path))
		unlink(beside);
}
