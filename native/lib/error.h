/*
 * The one way native code fails: an errno value, the named step, a text. Fixed size and without pointers, so it works
 * after clone without malloc and crosses a socket as it is.
 */
#pragma once

#include <stddef.h>

struct error {
	int code; /* errno value; 0 when no system call is to blame */
	char stage[24]; /* one word: the step of the set-up that failed; "" outside of a set-up */
	char message[484];
};

/*
 * Sets *err (with an empty stage) and returns -1. When code is not 0 the message gets ": " and the text of code,
 * in the words of Go's syscall package, because clients of Docker compare them.
 */
__attribute__((format(printf, 3, 4))) int error_set(struct error *err, int code, const char *format, ...);

/* The same, with the message as it stands: code is carried along, and not put in words. */
__attribute__((format(printf, 3, 4))) int error_text(struct error *err, int code, const char *format, ...);

/* Puts "<text>: " before the message that is there. Returns -1. */
__attribute__((format(printf, 2, 3))) int error_prefix(struct error *err, const char *format, ...);

/* Names the step, unless a deeper one has named itself. Returns -1. */
int error_stage(struct error *err, const char *stage);

/* "no such file or directory" and so on: Go's text of an errno value, the C library's where Go has none. */
const char *errno_text(int code);

static inline int error_code(const struct error *err)
{
	return err->code;
}
