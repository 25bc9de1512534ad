/* The terminal another runtime makes and sends. Source: runc's docs/terminals.md. */
#pragma once

#include "oci-command.h"

/*
 * Listens for the terminal and adds the words that tell the runtime where. The runtime connects by way of our
 * descriptor of the state directory, since a socket address holds 107 bytes only. Returns 0, or -1 with
 * errno.
 */
int oci_console_open(struct oci_command *c);

/* Receives the terminal that has been sent; its connection waits in the listening socket. Returns it, or -1.
 */
int oci_console_receive(const struct oci_command *c);
