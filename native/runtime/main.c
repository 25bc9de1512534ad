/*
 * berth-runtime: the OCI runtime as a command, with runc's command line, so that it serves under containerd,
 * dockerd and podman, and can be compared with runc and crun over the same bundles.
 */
#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "fd.h"
#include "options.h"
#include "runtime.h"
#include "self-exe.h"

#define DEFAULT_ROOT "/run/berth-runtime"

static const struct command {
	const char *name, *help;
	command_run *run;
	bool launches; /* clones into containers, and so needs its executable protected */
} commands[] = {
	{ "checkpoint", "write a running container to disk, by CRIU", command_checkpoint, false },
	{ "create", "create a container", command_create, true },
	{ "delete", "delete what a container leaves", command_delete, false },
	{ "exec", "run another process in a container", command_exec, true },
	{ "features", "show the enabled features", command_features, false },
	{ "kill", "send a signal to a container's init", command_kill, false },
	{ "list", "list the containers of this root", command_list, false },
	{ "pause", "suspend all processes of a container", command_pause, false },
	{ "ps", "show the processes of a container", command_ps, false },
	{ "restore", "let a container go on from where it was written to disk", command_restore, true },
	{ "resume", "let a paused container go on", command_resume, false },
	{ "run", "create and start a container", command_run_container, true },
	{ "spec", "write a specification to begin with", command_spec, false },
	{ "start", "let a created container execute its process", command_start, false },
	{ "state", "show the state of a container", command_state, false },
	{ "update", "change the resource limits of a container", command_update, false },
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void write_json(FILE *to, const char *when, const char *level, const char *message)
{
	struct json_object *json = json_object_new_object();

	json_object_object_add(json, "level", json_object_new_string(level));
	json_object_object_add(json, "msg", json_object_new_string(message));
	json_object_object_add(json, "time", json_object_new_string(when));
	fprintf(to, "%s\n",
		json_object_to_json_string_ext(json,
					       JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(json);
}

static void write_text(FILE *to, const char *when, const char *level, const char *message)
{
	fprintf(to, "time=\"%s\" level=%s msg=\"", when, level);
	for (; *message; message++) {
		if (*message == '\n') {
			fputs("\\n", to);
			continue;
		}
		if (*message == '"' || *message == '\\')
			fputc('\\', to);
		fputc(*message, to);
	}
	fputs("\"\n", to);
}

/* As runc: to the log, and when that is a file an error to stderr as well, without ornament. */
static void log_line(const struct globals *g, const char *level, const char *message)
{
	struct timespec now;
	struct tm utc;
	char when[40];
	FILE *log = g->log ? fopen(g->log, "ae") : NULL;

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &utc);
	strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%SZ", &utc);
	if (log && !strcmp(level, "error"))
		fprintf(stderr, "%s\n", message);
	(g->log_json ? write_json : write_text)(log ? log : stderr, when, level, message);
	if (log)
		fclose(log);
}

void log_error(const struct globals *g, const char *message)
{
	log_line(g, "error", message);
}

void log_warning(const struct globals *g, const char *message)
{
	log_line(g, "warning", message);
}

static int print_help(const char *program)
{
	printf("usage: %s [--root DIR] [--log FILE] [--log-format text|json] COMMAND [ARGUMENTS]\n\n",
	       program);
	for (size_t i = 0; i < COMMANDS; i++)
		printf("  %-10s %s\n", commands[i].name, commands[i].help);
	return 0;
}

static int run(struct globals *g, int argc, char **argv, char **env, struct error *err)
{
	bool help = false, version = false, systemd = false,
	     debug = false; /* there are no messages for --debug */
	const char *format = "text", *rootless = NULL, *criu = NULL;
	const struct option flags[] = {
		{ "root", 0, OPTION_TEXT, &g->root },
		{ "log", 0, OPTION_TEXT, &g->log },
		{ "log-format", 0, OPTION_TEXT, &format },
		{ "debug", 0, OPTION_FLAG, &debug },
		{ "systemd-cgroup", 0, OPTION_FLAG, &systemd },
		{ "rootless", 0, OPTION_TEXT, &rootless },
		{ "criu", 0, OPTION_TEXT, &criu },
		{ "help", 'h', OPTION_FLAG, &help },
		{ "version", 'v', OPTION_FLAG, &version },
		{ 0 },
	};
	int at = options_parse(flags, argc, argv, err);

	if (at < 0)
		return -1;
	g->log_json = !strcmp(format, "json");
	if (version) {
		printf("berth-runtime version %s\nspec: %s\n", RUNTIME_VERSION, OCI_VERSION);
		return 0;
	}
	if (help || at == argc)
		return print_help(g->program);
	if (systemd)
		return error_text(err, ENOTSUP,
				  "--systemd-cgroup is not supported: cgroups are managed directly");
	if (strcmp(format, "text") && strcmp(format, "json"))
		return error_text(err, EINVAL, "invalid log-format: %s", format);
	for (size_t i = 0; i < COMMANDS; i++) {
		if (strcmp(commands[i].name, argv[at]))
			continue;
		if (commands[i].launches && exe_protect_self(argv, env, err))
			return -1;
		return commands[i].run(g, argc - at, argv + at, err);
	}
	return error_text(err, EINVAL, "no command %s", argv[at]);
}

/* 0 to 2 are the container's. Where one is closed, a file of ours would get its number, and go with it. */
static int keep_streams(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd < 3);
	return fd < 0 ? -1 : close(fd);
}

int main(int argc, char **argv, char **env)
{
	const char *slash = strrchr(argv[0], '/');
	struct globals g = { .root = DEFAULT_ROOT, .program = slash ? slash + 1 : argv[0] };
	struct error err = { 0 };
	int code;

	if (keep_streams())
		return 1;
	code = run(&g, argc, argv, env, &err);
	if (code >= 0)
		return code;
	log_error(&g, err.message);
	return 1;
}
