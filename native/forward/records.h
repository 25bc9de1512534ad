/* Cutting the shim's bytes into lines. Pure. */
#pragma once

#include <stddef.h>

#include "log-record.h"

enum { RECORDS_BYTES = 64 * 1024 };

struct records {
	char bytes[RECORDS_BYTES];
	size_t start, length; /* what is held */
};

typedef void record_taken(void *owner, const struct log_record *head, const char *text);

/* Where the next bytes are to be put: *room bytes, never none. */
char *records_room(struct records *r, size_t *room);

/*
 * n bytes have been put there: hands on what is complete. Returns 0, or -1 when that is nothing a shim sends (nothing after it
 * can be understood).
 */
int records_added(struct records *r, size_t n, record_taken *take, void *owner);
