/* Handing the terminal to whoever listens on --console-socket. */
#pragma once

struct error;

/* Connects, sends the descriptor, closes. Returns 0, or -1 with err set. */
int console_send(const char *socket_path, int master, struct error *err);
