/* System calls newer than a profile. */
#pragma once

#include "seccomp-filter.h"

/*
 * Puts in front of a filter of size bytes: calls numbered above every call the profile names (per architecture)
 * answer ENOSYS instead of the profile's default error, so that a C library newer than the profile falls back to
 * older calls. Nothing is put there when the default action lets calls pass or answers ENOSYS already.
 */
int seccomp_unknown_calls(struct json_object *seccomp, uint32_t default_action, const void *filter, size_t size,
			  struct seccomp_program *program, struct error *err);
