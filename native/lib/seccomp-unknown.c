#include "seccomp-unknown.h"

#include <errno.h>
#include <json-c/json.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"

#define X32_BIT 0x40000000U
#define ARCH_MAX 16

struct newest {
	uint32_t arch;
	int number;
};

/* The highest number among the names of the profile on an architecture; -1 when it names none there. */
static int newest_named(struct json_object *seccomp, uint32_t arch)
{
	struct json_object *rules = NULL, *names = NULL;
	int newest = -1;

	json_object_object_get_ex(seccomp, "syscalls", &rules);
	for (size_t i = 0; rules && i < json_object_array_length(rules); i++) {
		if (!json_object_object_get_ex(json_object_array_get_idx(rules, i), "names", &names))
			continue;
		for (size_t j = 0; j < json_object_array_length(names); j++) {
			const char *name = json_object_get_string(json_object_array_get_idx(names, j));
			int number = seccomp_syscall_resolve_name_arch(arch, name);

			if (number > newest)
				newest = number;
		}
	}
	return newest;
}

static unsigned list_archs(struct json_object *seccomp, struct newest *list)
{
	struct json_object *array = NULL;
	unsigned n = 0;
	bool native = false;

	json_object_object_get_ex(seccomp, "architectures", &array);
	for (size_t i = 0; array && i < json_object_array_length(array) && n < ARCH_MAX - 1; i++) {
		const char *text = json_object_get_string(json_object_array_get_idx(array, i));
		char name[32] = "";

		if (!strncmp(text, "SCMP_ARCH_", 10))
			text += 10;
		for (size_t c = 0; text[c] && c < sizeof(name) - 1; c++)
			name[c] = (char)(text[c] >= 'A' && text[c] <= 'Z' ? text[c] + 32 : text[c]);
		list[n].arch = seccomp_arch_resolve_name(name);
		native |= list[n].arch == seccomp_arch_native();
		n += list[n].arch != 0 && list[n].arch != SCMP_ARCH_X32;
	}
	if (!native)
		list[n++].arch = seccomp_arch_native();
	return n;
}

static bool refuses(uint32_t action)
{
	switch (action & 0xffff0000U) {
	case SECCOMP_RET_ERRNO:
		return (action & 0xffff) != ENOSYS;
	case SECCOMP_RET_KILL_PROCESS & 0xffff0000U:
	case SECCOMP_RET_KILL_THREAD:
	case SECCOMP_RET_TRAP:
		return true;
	}
	return false;
}

/*
 * Per architecture six instructions: another one? on to the next; an x32 call (which shares the number of x86-64)
 * is left to the filter; a number above the newest answers ENOSYS; the rest goes to the filter behind the stub.
 */
static size_t write_stub(struct sock_filter *out, const struct newest *list, unsigned count)
{
	size_t n = 0, total = 1 + 6 * (size_t)count;

	out[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch));
	for (unsigned i = 0; i < count; i++) {
		out[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, list[i].arch, 0, 5);
		out[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
		out[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, X32_BIT, 2, 0);
		out[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, (uint32_t)list[i].number, 0, 1);
		out[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS);
		out[n] = (struct sock_filter)BPF_STMT(BPF_JMP | BPF_JA, (uint32_t)(total - n - 1));
		n++;
	}
	return n;
}

int seccomp_unknown_calls(struct json_object *seccomp, uint32_t default_action, const void *filter, size_t size,
			  struct seccomp_program *program, struct error *err)
{
	struct newest list[ARCH_MAX];
	struct sock_filter stub[1 + 6 * ARCH_MAX];
	unsigned count = refuses(default_action) ? list_archs(seccomp, list) : 0, kept = 0;
	size_t n = 0;

	for (unsigned i = 0; i < count; i++) {
		list[i].number = newest_named(seccomp, list[i].arch);
		if (list[i].number >= 0)
			list[kept++] = list[i];
	}
	if (kept)
		n = write_stub(stub, list, kept);
	program->size = (uint32_t)(n * sizeof(stub[0]) + size);
	program->filter = malloc(program->size);
	if (!program->filter)
		return error_set(err, ENOMEM, "seccomp");
	memcpy(program->filter, stub, n * sizeof(stub[0]));
	memcpy((char *)program->filter + n * sizeof(stub[0]), filter, size);
	return 0;
}
