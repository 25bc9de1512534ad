/* Linux capabilities: names and numbers, and putting the five sets in place. */
#pragma once

#include <stdint.h>

struct error;
struct plan_process;

/* The number of "CAP_SYS_ADMIN" or "SYS_ADMIN", in any case; -1 when it is none. */
int capability_number(const char *name);

/* "CAP_SYS_ADMIN"; NULL beyond the last known one. */
const char *capability_name(int number);

/* The highest capability of the running kernel. */
int capability_last(void);

/* Drops from the bounding set what is not in the mask. Needs CAP_SETPCAP. Returns 0, or -1 with err set. */
int capability_bound(uint64_t bounding, struct error *err);

/* Sets effective, permitted and inheritable. Returns 0, or -1 with errno. */
int capability_set(uint64_t effective, uint64_t permitted, uint64_t inheritable);

/* Makes all that is permitted effective, after a change of user took it away. Returns 0, or -1 with errno. */
int capability_raise(void);

/* Clears the ambient set and raises these; what is not permitted and inheritable is left out. Returns 0, or -1 with errno. */
int capability_ambient(uint64_t ambient);
