/*
 * The one way native code fails: an errno value, the named step, a text. Fixed size and without pointers, so it works
 * after clone without malloc and crosses a socket as it is.
 */
#ifndef BERTH_LIB_ERROR_H
#define BERTH_LIB_ERROR_H

#include <stddef.h>

struct error {
	int code; /* errno value; 0 when none applies */
	char stage[24]; /* the step that failed: one word */
	char text[480];
};

/* Fills err in (stage empty) and returns -1, so that a failing function can `return error_set(...)`. */
__attribute__((format(printf, 3, 4))) int error_set(struct error *err, int code, const char *format, ...);

/* Names the step that failed, unless it has a name already. */
void error_stage(struct error *err, const char *stage);

/* Puts text before the message: "what: message". */
__attribute__((format(printf, 2, 3))) void error_wrap(struct error *err, const char *format, ...);

static inline int error_code(const struct error *err)
{
	return err->code;
}

#endif
