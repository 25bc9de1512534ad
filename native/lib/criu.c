#include "criu.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fd.h"
#include "sync.h"

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void put_bytes(struct criu_message *m, const void *bytes, size_t size)
{
	size_t wanted = m->size + size;

	if (wanted > m->room) {
		uint8_t *grown = realloc(m->bytes, wanted * 2);

		m->failed |= !grown;
		if (!grown)
			return;
		m->bytes = grown;
		m->room = wanted * 2;
	}
	if (size)
		memcpy(m->bytes + m->size, bytes, size);
	m->size = wanted;
}

static void put_varint(struct criu_message *m, uint64_t value)
{
	uint8_t bytes[10];
	size_t size = 0;

	for (; value > 0x7f; value >>= 7)
		bytes[size++] = (uint8_t)(value | 0x80);
	bytes[size++] = (uint8_t)value;
	put_bytes(m, bytes, size);
}

/* Source: protobuf's encoding, wire types 0 (varint) and 2 (length and bytes). */
enum { WIRE_VARINT = 0, WIRE_FIXED64 = 1, WIRE_BYTES = 2, WIRE_FIXED32 = 5 };

void criu_put_number(struct criu_message *m, unsigned field, uint64_t value)
{
	put_varint(m, field << 3 | WIRE_VARINT);
	put_varint(m, value);
}

static void put_sized(struct criu_message *m, unsigned field, const void *bytes, size_t size)
{
	put_varint(m, field << 3 | WIRE_BYTES);
	put_varint(m, size);
	put_bytes(m, bytes, size);
}

void criu_put_text(struct criu_message *m, unsigned field, const char *text)
{
	put_sized(m, field, text, strlen(text));
}

void criu_put_message(struct criu_message *m, unsigned field, const struct criu_message *inner)
{
	m->failed |= inner->failed;
	put_sized(m, field, inner->bytes, inner->size);
}

void criu_message_free(struct criu_message *m)
{
	free(m->bytes);
	*m = (struct criu_message){ 0 };
}

/* What is left of a message being read. */
struct rest {
	const uint8_t *at, *end;
};

struct field {
	unsigned number;
	uint64_t value; /* of a varint */
	struct rest bytes; /* of bytes */
};

static int take_varint(struct rest *rest, uint64_t *value)
{
	*value = 0;
	for (unsigned shift = 0; shift < 64 && rest->at < rest->end; shift += 7) {
		uint8_t byte = *rest->at++;

		*value |= (uint64_t)(byte & 0x7f) << shift;
		if (byte < 0x80)
			return 0;
	}
	return -1;
}

/* Returns 1 for a field, 0 at the end, -1 when there is none. */
static int take_field(struct rest *rest, struct field *field)
{
	uint64_t key, size = 0;

	*field = (struct field){ 0 };
	if (rest->at == rest->end)
		return 0;
	if (take_varint(rest, &key) || key >> 3 == 0 || key >> 3 > INT_MAX)
		return -1;
	field->number = (unsigned)(key >> 3);
	switch (key & 7) {
	case WIRE_VARINT:
		return take_varint(rest, &field->value) ? -1 : 1;
	case WIRE_BYTES:
		if (take_varint(rest, &size))
			return -1;
		break;
	case WIRE_FIXED64:
		size = 8;
		break;
	case WIRE_FIXED32:
		size = 4;
		break;
	default:
		return -1;
	}
	if (size > (uint64_t)(rest->end - rest->at))
		return -1;
	field->bytes = (struct rest){ rest->at, rest->at + size };
	rest->at += size;
	return 1;
}

static void copy_text(char *to, size_t room, const struct rest *from)
{
	size_t size = (size_t)(from->end - from->at);

	size = size < room - 1 ? size : room - 1;
	if (size)
		memcpy(to, from->at, size);
	to[size] = '\0';
}

/* criu_restore_resp {pid = 1} and criu_notify {script = 1, pid = 2}. */
static int take_inner(struct rest rest, bool notify, struct criu_answer *answer)
{
	struct field field;
	int result;

	while ((result = take_field(&rest, &field)) > 0) {
		if (notify && field.number == 1)
			copy_text(answer->script, sizeof(answer->script), &field.bytes);
		else if (field.number == (notify ? 2U : 1U))
			answer->pid = (pid_t)field.value;
	}
	return result;
}

/* criu_version {major = 1, minor = 2}. */
static int take_version(struct rest rest, struct criu_answer *answer)
{
	struct field field;
	int result;

	while ((result = take_field(&rest, &field)) > 0)
		if ((field.number == 1 || field.number == 2) && field.value < 100)
			answer->version += (unsigned)field.value * (field.number == 1 ? 100 : 1);
	return result;
}

int criu_answer_parse(const uint8_t *bytes, size_t size, struct criu_answer *answer)
{
	struct rest rest = { bytes, bytes + size };
	struct field field;
	int result;

	*answer = (struct criu_answer){ 0 };
	while ((result = take_field(&rest, &field)) > 0) {
		switch (field.number) {
		case 1:
			answer->type = (unsigned)field.value;
			break;
		case 2:
			answer->success = field.value;
			break;
		case 4:
		case 5:
			if (take_inner(field.bytes, field.number == 5, answer))
				return -1;
			break;
		case 7:
			answer->code = (int)field.value;
			break;
		case 10:
			if (take_version(field.bytes, answer))
				return -1;
			break;
		case 9:
			copy_text(answer->message, sizeof(answer->message), &field.bytes);
			break;
		default: /* of no interest here */
			break;
		}
	}
	return result;
}

/* CRIU finds tar, which keeps the files of tmpfs, where it is itself or where tools are. */
static void execute(const char *path, int socket)
{
	char search[PATH_MAX + 80], number[16];
	int length = (int)(strrchr(path, '/') - path);
	char *const argv[] = { (char *)path, "swrk", number, NULL }, *const env[] = { search, NULL };

	snprintf(search, sizeof(search), "PATH=%.*s:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", length,
		 path);
	snprintf(number, sizeof(number), "%d", socket);
	execve(path, argv, env);
}

/* After what is to be inherited has been taken, which may have been these. */
static int null_streams(void)
{
	int null = open("/dev/null", O_RDWR);

	for (int i = 0; null >= 0 && i < 3; i++)
		if (dup2(null, i) < 0)
			return -1;
	if (null > 2)
		close(null);
	return null < 0 ? -1 : 0;
}

static _Noreturn void become(const char *path, int socket, int (*prepare)(void *, struct error *), void *argument)
{
	struct error err = { 0 };
	sigset_t none;
	int inherited;

	for (int i = 1; i < 65; i++)
		signal(i, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (fd_cloexec_from(3) == 0 && (!prepare || prepare(argument, &err) == 0)) {
		inherited = fcntl(socket, F_DUPFD, 10);
		if (inherited >= 0 && null_streams() == 0)
			execute(path, inherited);
		error_set(&err, errno, "%s", path);
	}
	sync_send(socket, SYNC_ERROR, &err, NULL, 0);
	_exit(1);
}

int criu_open(struct criu *criu, const char *path, unsigned seconds, int (*prepare)(void *, struct error *), void *argument,
	      struct error *err)
{
	int ends[2];

	*criu = (struct criu){ .pid = -1, .socket = -1, .seconds = seconds, .until = now_ms() + seconds * 1000ULL };
	if (path[0] != '/')
		return error_text(err, EINVAL, "the path of CRIU must be absolute: %s", path);
	if (sync_pair(ends))
		return error_set(err, errno, "socket for CRIU");
	criu->socket = ends[0];
	criu->pid = fork();
	if (criu->pid == 0)
		become(path, ends[1], prepare, argument);
	close(ends[1]);
	if (criu->pid > 0)
		return 0;
	error_set(err, errno, "start CRIU");
	criu_close(criu);
	return -1;
}

static int send_request(const struct criu *criu, struct criu_message *request, struct error *err)
{
	ssize_t n = -1;

	errno = ENOMEM;
	if (!request->failed)
		n = send(criu->socket, request->bytes, request->size, MSG_NOSIGNAL);
	if (n >= 0)
		criu_message_free(request);
	if (n >= 0)
		return 0;
	error_set(err, errno, "ask CRIU");
	criu_message_free(request);
	return -1;
}

int criu_ask(const struct criu *criu, enum criu_request type, const struct criu_message *options, struct error *err)
{
	struct criu_message request = { 0 };

	criu_put_number(&request, 1, type);
	if (options)
		criu_put_message(&request, 2, options);
	/* One that could not be started has told why, which is then heard. */
	if (send_request(criu, &request, err))
		return err->code == EPIPE ? 0 : -1;
	return 0;
}

int criu_go_on(const struct criu *criu, struct error *err)
{
	struct criu_message request = { 0 };

	criu_put_number(&request, 1, CRIU_NOTIFIED);
	criu_put_number(&request, 3, true);
	return send_request(criu, &request, err);
}

static int await(const struct criu *criu, struct error *err)
{
	for (;;) {
		struct pollfd wait = { .fd = criu->socket, .events = POLLIN };
		uint64_t now = now_ms();
		int n = now < criu->until ? poll(&wait, 1, (int)(criu->until - now)) : 0;

		if (n > 0)
			return 0;
		if (n == 0)
			return error_text(err, ETIMEDOUT, "CRIU did not answer in %u seconds", criu->seconds);
		if (errno != EINTR)
			return error_set(err, errno, "wait for CRIU");
	}
}

int criu_listen(const struct criu *criu, struct criu_answer *answer, int *fd, struct error *err)
{
	union {
		uint8_t bytes[8192];
		struct sync_message failed;
	} message;
	unsigned count = 0;
	ssize_t n;

	*fd = -1;
	if (await(criu, err))
		return -1;
	n = fd_receive(criu->socket, &message, sizeof(message), fd, 1, &count, 0);
	/* One that has ended without hearing the request may have said something before. */
	if (n < 0 && errno == ECONNRESET)
		n = fd_receive(criu->socket, &message, sizeof(message), fd, 1, &count, 0);
	if (n < 0 && errno != ECONNRESET)
		return error_set(err, errno, "listen to CRIU");
	if (n <= 0)
		return error_text(err, ECONNRESET, "CRIU ended without an answer");
	/* Nothing of CRIU's begins with the byte of this kind, nor has its size. */
	if (n == (ssize_t)sizeof(message.failed) && message.failed.kind == SYNC_ERROR) {
		*err = message.failed.err;
		return -1;
	}
	if (criu_answer_parse(message.bytes, (size_t)n, answer) == 0)
		return 0;
	fd_close(fd);
	return error_text(err, EPROTO, "CRIU's answer cannot be read");
}

void criu_close(struct criu *criu)
{
	fd_close(&criu->socket);
	if (criu->pid <= 0)
		return;
	/* With its request answered it is about to end by itself. */
	for (int i = 0; i < 1000 && waitpid(criu->pid, NULL, WNOHANG) == 0; i++)
		if (i == 999) {
			kill(criu->pid, SIGKILL);
			waitpid(criu->pid, NULL, 0);
		} else {
			nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
		}
	criu->pid = -1;
}

/* A line of the log is `[(<time>) ]Error (<file>:<line>): <text>`. Returns its text, or NULL for any other line. */
static char *error_of(char *line)
{
	static const char mark[] = "Error (";
	char *at = strstr(line, mark);

	if (!at || at - line > 24 || (at != line && *line != '('))
		return NULL;
	at = strstr(at + strlen(mark), "): ");
	return at ? at + 3 : NULL;
}

/* The last of a log: a dump of much writes much. */
static char *read_end(int directory, const char *log)
{
	enum { ENOUGH = 256 << 10 };
	struct error ignored;
	struct stat status;
	size_t size;
	scoped_fd int fd = openat(directory, log, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0 || fstat(fd, &status))
		return NULL;
	if (status.st_size > ENOUGH && lseek(fd, status.st_size - ENOUGH, SEEK_SET) < 0)
		return NULL;
	return fd_read_text(fd, ENOUGH, &size, &ignored);
}

bool criu_log_errors(int directory, const char *log, struct error *err)
{
	enum { KEPT = 3 };
	const char *last[KEPT] = { NULL };
	unsigned count = 0;
	scoped_memory char *text = read_end(directory, log);
	char *rest = text;

	for (char *line; rest && (line = strsep(&rest, "\n"));) {
		const char *what = error_of(line);

		if (what)
			last[count++ % KEPT] = what;
	}
	error_text(err, EIO, "%s", "");
	for (unsigned i = count > KEPT ? count - KEPT : 0; i < count; i++) {
		size_t used = strlen(err->message);

		snprintf(err->message + used, sizeof(err->message) - used, "%s%.140s", used ? "; " : "", last[i % KEPT]);
	}
	return count > 0;
}

void criu_failure(int directory, const char *log, const struct criu_answer *answer, struct error *err)
{
	/* What it answers is but the first line, often of something that did not matter. */
	if (criu_log_errors(directory, log, err))
		error_prefix(err, "criu failed");
	else if (*answer->message)
		error_text(err, EIO, "criu failed: %.*s", (int)strcspn(answer->message, "\n"), answer->message);
	else
		error_text(err, EIO, "criu failed, and does not say why");
	if (answer->code)
		err->code = answer->code;
}
