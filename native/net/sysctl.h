/* Kernel settings under /proc/sys, in the calling thread's network namespace. */
#ifndef BERTH_NET_SYSCTL_H
#define BERTH_NET_SYSCTL_H

#include <stddef.h>

struct error;

/*
 * Writes "net.ipv4.ip_forward" and the like. A dot separates, a slash stands for a dot inside an interface's name (as
 * sysctl(8)). Only names below `net.` are taken. Returns 0, or -1 with err set (EINVAL for any other name).
 */
int sysctl_write(const char *name, const char *value, struct error *err);

/* Reads one into `out`, without its newline. Returns 0, or -1 with err set. */
int sysctl_read(const char *name, char *out, size_t size, struct error *err);

#endif
