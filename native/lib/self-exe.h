/*
 * Protection of the executable a container's init is a clone of (CVE-2019-5736): through /proc/<pid>/exe a container
 * could otherwise write to the host's file once nobody runs it.
 */
#pragma once

struct error;

/*
 * A descriptor to execute path by (execveat with AT_EMPTY_PATH, or fexecve): a read-only mount of the file alone,
 * attached nowhere, or where that cannot be had a sealed copy in memory. Returns it, or -1 with err set.
 */
int exe_open_protected(const char *path, struct error *err);

/* Executes this very program again, protected, unless it already is. Returns only when it is, or with -1 and err set. */
int exe_protect_self(char **argv, char **env, struct error *err);
