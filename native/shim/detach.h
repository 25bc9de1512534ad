/*
 * Finds the detach keys in what a client types. Pure.
 * Source: behaviour of Docker's attach: a beginning of the sequence is held back until it completes or fails;
 * the byte that breaks a match is not itself tried as a new beginning.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { DETACH_KEYS_MAX = 32 };

struct detach {
	unsigned char keys[DETACH_KEYS_MAX];
	size_t length;  /* 0: nothing is looked for */
	size_t matched; /* keys seen and held back so far */
};

/*
 * Reads n bytes and writes what may pass on to out, which has room for n + DETACH_KEYS_MAX bytes; *passed is
 * their number. Returns true when the sequence completed: what followed it is dropped.
 */
bool detach_scan(struct detach *d, const unsigned char *bytes, size_t n, unsigned char *out, size_t *passed);
