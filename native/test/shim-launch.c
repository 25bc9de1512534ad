/*
 * The executor's part in the tests of the shim: `shim-launch SHIM [--plan CONFIG.JSON] key=value ...` starts SHIM with the
 * launch message and prints its answer. Values are taken as they are: encode them.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fd.h"

#ifdef WITH_PLAN
#include <json-c/json.h>

#include "error.h"
#include "plan_parse.h"

static int plan_make(const char *config, const char *id)
{
	struct error err = { 0 };
	char bundle[4096];
	char *slash;
	size_t size;
	int file = open(config, O_RDONLY | O_CLOEXEC);
	char *text = file < 0 ? NULL : fd_read_text(file, 1 << 20, &size, &err);
	struct json_object *spec = text ? json_from_text(text, size, &err) : NULL;
	snprintf(bundle, sizeof(bundle), "%s", config);
	if ((slash = strrchr(bundle, '/')))
		*slash = '\0';
	struct plan_options options = { .id = id, .bundle = bundle };
	bool exec = id && !strncmp(id, "exec:", 5);
	int plan = !spec ? -1 : exec ? plan_from_process(spec, &options, &err) : plan_from_spec(spec, &options, &err);
	if (plan < 0)
		fprintf(stderr, "plan: %s\n", err.message);
	return plan;
}
#endif

static const char *value_of(char **words, const char *key)
{
	size_t length = strlen(key);
	for (; *words; words++)
		if (!strncmp(*words, key, length) && (*words)[length] == '=')
			return *words + length + 1;
	return NULL;
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

int main(int argc, char **argv)
{
	char message[65536] = "", answer[8192];
	int sockets[2], plan = -1, first = 2;
	if (argc < 3 || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets))
		return 2;
	const char *id = value_of(argv + first, "id");
#ifdef WITH_PLAN
	if (!strcmp(argv[2], "--plan")) {
		first = 4;
		plan = plan_make(argv[3], id);
		if (plan < 0)
			return 2;
	}
#endif
	for (int i = first; i < argc; i++) {
		strncat(message, argv[i], sizeof(message) - strlen(message) - 2);
		strcat(message, "\n");
	}
	if (plan >= 0)
		strcat(message, "fds=plan\n");
	pid_t pid = shim_start(argv[1], id ? id : "", sockets[1]);
	close(sockets[1]);
	if (pid < 0 || fd_send(sockets[0], message, strlen(message), &plan, plan >= 0 ? 1 : 0))
		return 2;
	waitpid(pid, NULL, 0);
	ssize_t n = read(sockets[0], answer, sizeof(answer));
	if (n <= 0)
		return 1;
	fwrite(answer, 1, (size_t)n, stdout);
	return strncmp(answer, "ok", 2) ? 1 : 0;
}
