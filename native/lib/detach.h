/*
 * For the small programs that outlive the daemon: away from what it holds. The shim and the executor have their own ways. Needs
 * nothing else of this library.
 */
#pragma once

/* 0, 1 and 2 become /dev/null: whoever waits for the end of the daemon's output must not wait for us. Returns 0, or -1 with errno. */
int detach_streams(void);

/*
 * Moves this process into cgroups (directories, separated by commas): out of the daemon's service, whose end would be ours. One that
 * cannot be joined is passed over. Returns 0, or -1 when there was one.
 */
int detach_cgroups(const char *directories);
