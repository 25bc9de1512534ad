/* Unix sockets at paths of any length. */
#pragma once

/*
 * Binds fd to path with mode 0600, replacing what is there. Through the directory's descriptor: sun_path
 * holds 107 bytes, an exec root may be longer. Returns 0, or -1 with errno (EINVAL: no absolute path, or its
 * last part is longer than 64 bytes).
 */
int socket_bind(int fd, const char *path);
