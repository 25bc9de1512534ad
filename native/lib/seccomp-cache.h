/* Compiled filters on disk. A file holds its whole key, so that a hash that collides is a miss and never a wrong filter. */
#pragma once

#include "seccomp-filter.h"

/* Returns true when the filter was there. */
bool seccomp_cache_read(const char *directory, const char *key, size_t key_size, struct seccomp_program *program);

/* Best effort: a filter that cannot be kept is compiled again next time. */
void seccomp_cache_write(const char *directory, const char *key, size_t key_size,
			 const struct seccomp_program *program);
