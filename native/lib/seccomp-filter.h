/* linux.seccomp to BPF, by libseccomp at optimisation level 2, kept on disk by content. Any thread; not for the shim. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json_object;
struct error;

struct seccomp_program {
	void *filter; /* struct sock_filter[], malloc'ed; NULL: no filter at all */
	uint32_t size; /* bytes */
	uint32_t flags; /* SECCOMP_FILTER_FLAG_* */
};

/*
 * Compiles a linux.seccomp object. cache is a directory (made if missing) or NULL; a file there is named by a hash
 * of object, architecture and libseccomp's version, holds them to be compared, and is written beside and renamed.
 * Returns 0, or -1 with err set; the caller frees program->filter.
 */
int seccomp_compile(struct json_object *seccomp, const char *cache, struct seccomp_program *program, struct error *err);
