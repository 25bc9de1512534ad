/* The record of a container's end that outlives the shim. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct exit_status {
	int code;    /* as Docker counts: 128 + signal when killed */
	int signal;  /* 0: exited by itself */
	uint64_t at; /* ns since the epoch */
	int oom;     /* the kernel killed something of the container for memory */
};

/* The status of a wait status; oom is left 0. */
struct exit_status exit_status_of(int wait_status, uint64_t at);

/* Takes the room for the record while there is some. Returns 0, or -1 with errno. */
int exit_file_reserve(const char *directory);

/*
 * Writes `<directory>/exit` so that it is there whole or not at all; with sync also after a power cut.
 * Returns 0, or -1 with errno. Source: native/PROTOCOL.md section 2.
 */
int exit_file_write(const char *directory, const struct exit_status *status, bool sync);
