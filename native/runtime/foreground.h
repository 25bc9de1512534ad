/* Staying with a process: its terminal, signals, and status. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

/*
 * Passes signals and, when console is not -1, terminal bytes both ways until the process has ended. Returns
 * its exit code, 128 + signal when killed. The caller has blocked the signals with foreground_prepare before
 * the process began.
 */
int foreground_wait(pid_t pid, int pidfd, int console);

/* As a subreaper this process gets the orphans of the container, where that shares its pid namespace, and
 * reaps them. */
void foreground_prepare(bool subreaper);

/* Gives the console the size of the caller's terminal, when that is one. Before the start, or the process
 * sees none. */
void foreground_size(int console);
