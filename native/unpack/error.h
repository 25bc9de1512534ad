/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BERTH_UNPACK_ERROR_H
#define BERTH_UNPACK_ERROR_H

/* Why something failed. */
struct error {
	int code; /* errno value; 0 when no system call is to blame, but the archive */
	char message[512];
};

/* Sets *err and returns -1. The text of an errno value is added to the message. */
int error_set(struct error *err, int code, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
