/*
 * CRIU, which writes processes down and makes them again: one `criu swrk` carries out one request, spoken to in its
 * protobuf messages on a SOCK_SEQPACKET socket. Everything here waits, so it is for a process of its own.
 * Source: CRIU's images/rpc.proto.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "error.h"

/* A protobuf message being made. Without memory it becomes `failed`, which criu_ask reports. */
struct criu_message {
	uint8_t *bytes;
	size_t size, room;
	bool failed;
};

/* Fields of criu_opts, by their numbers in rpc.proto. */
enum criu_option {
	CRIU_IMAGES_FD = 1,
	CRIU_PID = 2,
	CRIU_LEAVE_RUNNING = 3,
	CRIU_FILE_LOCKS = 8,
	CRIU_LOG_LEVEL = 9,
	CRIU_LOG_FILE = 10,
	CRIU_NOTIFY = 12,
	CRIU_ROOT = 13,
	CRIU_WORK_FD = 17,
	CRIU_SIBLING = 26,
	CRIU_INHERIT_FD = 27,
	CRIU_CGROUP_MODE = 34,
	CRIU_EXTERNAL = 37,
	CRIU_FREEZE_CGROUP = 44,
	CRIU_ORPHAN_TERMINAL = 50,
	CRIU_NETWORK_LOCK = 64,
};

enum { CRIU_CGROUPS_IGNORE = 0, CRIU_NETWORK_LOCK_NFTABLES = 2, CRIU_NETWORK_LOCK_SKIP = 3 };

enum criu_request { CRIU_DUMP = 1, CRIU_RESTORE = 2, CRIU_NOTIFIED = 6, CRIU_VERSION = 10 };

void criu_put_number(struct criu_message *m, unsigned field, uint64_t value);
void criu_put_text(struct criu_message *m, unsigned field, const char *text);

/* A message as a field of another. */
void criu_put_message(struct criu_message *m, unsigned field, const struct criu_message *inner);

void criu_message_free(struct criu_message *m);

/* What CRIU said: the answer to the request, or (type CRIU_NOTIFIED) that it has come to a point and waits. */
struct criu_answer {
	unsigned type; /* enum criu_request */
	bool success;
	int code; /* errno value of a failure, 0: unknown */
	unsigned version; /* of CRIU, when that was asked: 317 for 3.17 */
	pid_t pid; /* of the restored init, where known */
	char script[32]; /* the point */
	char message[256];
};

/* Reads a message of CRIU's. Returns 0, or -1 when it is malformed. */
int criu_answer_parse(const uint8_t *bytes, size_t size, struct criu_answer *answer);

/* A CRIU that has been started. */
struct criu {
	pid_t pid;
	int socket;
	unsigned seconds; /* all it gets */
	uint64_t until; /* monotonic ms */
};

/*
 * Starts the program at path; prepare runs in the new process before it executes (its failure is reported), and may make
 * descriptors inheritable. It gets so many seconds for all. Returns 0, or -1 with
 * err set.
 */
int criu_open(struct criu *criu, const char *path, unsigned seconds, int (*prepare)(void *, struct error *), void *argument,
	      struct error *err);

/* Asks for dump, restore or (options NULL) the version. Returns 0, or -1 with err set. */
int criu_ask(const struct criu *criu, enum criu_request request, const struct criu_message *options, struct error *err);

/* Lets CRIU go on from the point it has told. Returns 0, or -1 with err set. */
int criu_go_on(const struct criu *criu, struct error *err);

/* Waits for what CRIU says next. *fd is a descriptor that came along, or -1. Returns 0, or -1 with err set. */
int criu_listen(const struct criu *criu, struct criu_answer *answer, int *fd, struct error *err);

/* Ends CRIU and waits for it. */
void criu_close(struct criu *criu);

/* Why a request failed: the last errors of CRIU's log, or else its answer. Sets err. */
void criu_failure(int directory, const char *log, const struct criu_answer *answer, struct error *err);

/* The last errors of a log of CRIU's, in one line, in err. Returns false when there are none. */
bool criu_log_errors(int directory, const char *log, struct error *err);
