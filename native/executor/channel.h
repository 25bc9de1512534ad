/*
 * Node's child IPC channel, from the native end: a unix socket of JSON lines. A message that brings a descriptor is
 * wrapped, {"cmd":"NODE_HANDLE","type":..,"msg":{..}}, and Node holds every later message back until it has been
 * acknowledged. This is Node's internal form; a test pins it.
 */
#ifndef BERTH_EXECUTOR_CHANNEL_H
#define BERTH_EXECUTOR_CHANNEL_H

#include <json-c/json_object.h>
#include <pthread.h>

#include "frame.h"

#define CHANNEL_WAITING_FDS 16

struct channel {
	int fd;
	struct frame frame;
	struct json_tokener *tokener;
	/* Descriptors that came before the line they belong to was whole. */
	int fds[CHANNEL_WAITING_FDS];
	unsigned fd_count;
	pthread_mutex_t sending;
};

int channel_init(struct channel *c, int fd);
void channel_free(struct channel *c);

/* Called for each message: `message` is the callee's to put, `fd` its to close (-1: none came). */
typedef void channel_handler(struct json_object *message, int fd, void *arg);

/*
 * Reads what has arrived and hands out whole messages. Returns 1 to go on, 0 when the other end has closed, -1 when it
 * does not keep to the protocol (a line too long, not JSON, more descriptors than announced).
 */
int channel_read(struct channel *c, channel_handler *handle, void *arg);

/* Sends one message as a line. Any thread may. Returns 0, or -1 when the channel is gone. */
int channel_send(struct channel *c, struct json_object *message);

#endif
