/*
 * Processes that serve the container from beside it: its name server, the relay of its ports, the forwarder of its log. The executor
 * starts them and hands over what they are made of; from then on the shim starts them again when they die, for as long as the
 * container is there. Source: native/PROTOCOL.md section 5.
 */
#pragma once

#include <stdbool.h>

#include "children.h"
#include "loop.h"

struct helper;

/* Told when a helper has died, and when it has been started again. */
typedef void helper_changed(void *owner, const char *kind, bool up);

struct helpers {
	struct loop *loop;
	struct children *children;
	struct helper *first;
	helper_changed *changed;
	void *owner;
};

/*
 * Takes over what is in the parcel (a socket, which stays the caller's) and watches the helper. One that has died meanwhile is started
 * again. Returns 0, or -1 with errno: EPROTO when it is no parcel.
 */
int helper_keep(struct helpers *helpers, int parcel);

/* Nothing is started again, and name server and relay end. */
void helpers_close(struct helpers *helpers);
