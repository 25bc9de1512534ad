/*
 * The executor's part in the tests of the shim, for Node can send no descriptors to a socket:
 *
 *   launch SHIM CONFIG key=value ...   starts SHIM with the launch message, prints its answer
 *   orphan SHIM CONFIG key=value ...   the same, but does not stay for the answer
 *   exec SOCKET PROCESS LINE           sends LINE with a plan and the JSON of an exec, prints the answer
 *   attach SOCKET LINE                 sends LINE with a socket, prints what arrives on that to its end
 *
 * CONFIG is a config.json, or - for another runtime; PROCESS the file of an OCI process object. Words are
 * sent as they are: encode them.
 */
#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "error.h"
#include "fd.h"
#include "plan_parse.h"

enum { FILE_MAX = 1 << 20, MESSAGE_MAX = 65536 };

static int fail(const char *what)
{
	perror(what);
	return 2;
}

static int plan_make(const char *file, const char *id, bool exec)
{
	struct error err = { 0 };
	char bundle[4096];
	size_t size;
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	char *text = fd < 0 ? NULL : fd_read_text(fd, FILE_MAX, &size, &err);
	struct json_object *json = text ? json_from_text(text, size, &err) : NULL;
	snprintf(bundle, sizeof(bundle), "%s", file);
	char *slash = strrchr(bundle, '/');
	if (slash)
		*slash = '\0';
	struct plan_options options = { .id = id, .bundle = bundle, .inherit_seccomp = exec };
	int plan = !json  ? -1
		   : exec ? plan_from_process(json, &options, &err)
			  : plan_from_spec(json, &options, &err);
	if (plan < 0)
		fprintf(stderr, "plan: %s\n", err.message);
	json_object_put(json);
	free(text);
	fd_close(&fd);
	return plan;
}

static const char *value_of(char **words, const char *key)
{
	size_t length = strlen(key);
	for (; *words; words++)
		if (!strncmp(*words, key, length) && (*words)[length] == '=')
			return *words + length + 1;
	return "";
}

static pid_t shim_start(const char *path, const char *id, int socket)
{
	pid_t pid = fork();
	if (pid == 0) {
		if (socket == 3)
			fcntl(3, F_SETFD, 0);
		else
			dup2(socket, 3);
		execl(path, "berth-shim", id, (char *)NULL);
		_exit(127);
	}
	return pid;
}

static int launch(const char *shim, const char *config, char **words, bool stay)
{
	static char message[MESSAGE_MAX], answer[8192];
	int sockets[2], plan = -1;
	const char *id = value_of(words, "id");
	if (strcmp(config, "-") && (plan = plan_make(config, id, false)) < 0)
		return 2;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets))
		return fail("socketpair");
	size_t used = 0;
	for (; *words; words++)
		used += (size_t)snprintf(message + used, sizeof(message) - used, "%s\n", *words);
	if (plan >= 0)
		used += (size_t)snprintf(message + used, sizeof(message) - used, "fds=plan\n");
	/* To be closed by the shim. */
	int stray = open("/etc/hostname", O_RDONLY);
	pid_t pid = shim_start(shim, id, sockets[1]);
	fd_close(&stray);
	close(sockets[1]);
	if (pid < 0 || fd_send(sockets[0], message, used, &plan, plan >= 0 ? 1 : 0))
		return fail("launch");
	if (!stay) {
		/* Now, not at the end of this process: sanitisers look for leaks first, and the answer would arrive. */
		close(sockets[0]);
		return 0;
	}
	waitpid(pid, NULL, 0);
	ssize_t n = read(sockets[0], answer, sizeof(answer));
	if (n <= 0)
		return fail("answer");
	fwrite(answer, 1, (size_t)n, stdout);
	return strncmp(answer, "ok", 2) ? 1 : 0;
}

static int shim_connect(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	return connect(fd, (struct sockaddr *)&address, sizeof(address)) ? -1 : fd;
}

/* Sends the line with descriptors and prints the answer. Returns 0, or 1 when it is no ok. */
static int ask(const char *path, const char *line, const int *fds, unsigned count)
{
	char text[MESSAGE_MAX], answer[4096];
	int shim = shim_connect(path);
	int n = snprintf(text, sizeof(text), "%s\n", line);
	if (shim < 0 || fd_send(shim, text, (size_t)n, fds, count))
		return fail("ask");
	ssize_t got = read(shim, answer, sizeof(answer) - 1);
	if (got <= 0)
		return fail("answer");
	answer[got] = '\0';
	fprintf(stderr, "%s", answer);
	close(shim);
	return strstr(answer, " ok") ? 0 : 1;
}

static int exec_make(const char *path, const char *file, const char *line)
{
	int fds[2] = { plan_make(file, "exec", true), open(file, O_RDONLY | O_CLOEXEC) };
	return fds[0] < 0 || fds[1] < 0 ? 2 : ask(path, line, fds, 2);
}

/* Copies standard input to the socket, and half-closes it at the end; the socket to standard output. */
static int attach(const char *path, const char *line)
{
	char bytes[65536];
	int sockets[2];
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) || ask(path, line, &sockets[1], 1))
		return 2;
	close(sockets[1]);
	pid_t pid = fork();
	if (pid == 0) {
		for (ssize_t n; (n = read(STDIN_FILENO, bytes, sizeof(bytes))) > 0;)
			if (fd_write_all(sockets[0], bytes, (size_t)n))
				break;
		shutdown(sockets[0], SHUT_WR);
		_exit(0);
	}
	for (ssize_t n; (n = read(sockets[0], bytes, sizeof(bytes))) > 0;)
		if (fd_write_all(STDOUT_FILENO, bytes, (size_t)n))
			return 2;
	waitpid(pid, NULL, 0);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc >= 4 && !strcmp(argv[1], "launch"))
		return launch(argv[2], argv[3], argv + 4, true);
	if (argc >= 4 && !strcmp(argv[1], "orphan"))
		return launch(argv[2], argv[3], argv + 4, false);
	if (argc == 5 && !strcmp(argv[1], "exec"))
		return exec_make(argv[2], argv[3], argv[4]);
	if (argc == 4 && !strcmp(argv[1], "attach"))
		return attach(argv[2], argv[3]);
	fprintf(stderr, "usage: see the head of shim-launch.c\n");
	return 2;
}
