#include "params.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static int name_fds(struct params *params, char *names, const int *fds, unsigned count, struct error *err)
{
	unsigned i = 0;
	params->plan = params->rootfs = params->netns = params->userns = params->forwarder = -1;
	for (char *name; (name = strsep(&names, ","));) {
		if (!*name)
			continue;
		if (i == count)
			return error_text(err, EINVAL, "fds names more descriptors than came");
		if (!strcmp(name, "plan"))
			params->plan = fds[i++];
		else if (!strcmp(name, "rootfs"))
			params->rootfs = fds[i++];
		else if (!strcmp(name, "netns"))
			params->netns = fds[i++];
		else if (!strcmp(name, "userns"))
			params->userns = fds[i++];
		else if (!strcmp(name, "forwarder"))
			params->forwarder = fds[i++];
		else if (!strncmp(name, "source:", 7))
			params->sources[params->source_count++] =
				(struct launch_source){ (uint32_t)strtoul(name + 7, NULL, 10), fds[i++] };
		else
			params->held[params->held_count++] = fds[i++];
	}
	return i == count ? 0 : error_text(err, EINVAL, "more descriptors came than fds names");
}

static int numbers_read(struct params *params, const struct line *line, struct error *err)
{
	uint64_t h, w, files, owner, group;
	if (line_number(line, "h", 0, UINT16_MAX, &h) || line_number(line, "w", 0, UINT16_MAX, &w) ||
	    line_number(line, "logmax", 0, INT64_MAX, &params->log.max_size) ||
	    line_number(line, "logfiles", 1, 100000, &files) || line_number(line, "owner", 0, UINT32_MAX - 1, &owner) ||
	    line_number(line, "group", 0, UINT32_MAX - 1, &group))
		return error_text(err, EINVAL, "a number of the launch message is out of range");
	params->height = (uint16_t)h;
	params->width = (uint16_t)w;
	params->log.max_files = (unsigned)files;
	params->owner = (uid_t)owner;
	params->group = (gid_t)group;
	return 0;
}

static void strings_read(struct params *params, const struct line *line)
{
	const char *driver = line_get(line, "log");
	const char *attrs = line_get(line, "logattrs");
	params->id = line_get(line, "id");
	params->socket = line_get(line, "socket");
	params->state_directory = line_get(line, "statedir");
	params->bundle = line_get(line, "bundle");
	params->spill_directory = line_get(line, "spilldir");
	params->cgroups = line_get(line, "cgroup");
	params->tty = line_flag(line, "tty");
	params->open_stdin = line_flag(line, "openstdin");
	params->stdin_once = line_flag(line, "stdinonce");
	params->log.raw = driver && !strcmp(driver, "local");
	params->logged = params->log.raw || (driver && !strcmp(driver, "json-file"));
	params->log.path = line_get(line, "logpath");
	params->log.attrs = attrs ? attrs : "";
	params->log_drops = line_flag(line, "logdrops");
	params->log.compress = line_flag(line, "logcompress");
	params->runtime = line_get(line, "runtime");
	params->runtime_root = line_get(line, "runtimeroot");
	params->restore = line_get(line, "restore");
	params->criu = line_get(line, "criu");
	for (unsigned i = 0; i < line->count && params->runtime_arg_count < PARAMS_RUNTIME_ARGS; i++)
		if (!strcmp(line->fields[i].key, "runtimearg"))
			params->runtime_args[params->runtime_arg_count++] = line->fields[i].value;
	if (!params->bundle)
		params->bundle = params->state_directory;
	if (!params->spill_directory)
		params->spill_directory = params->state_directory;
	if (params->runtime && !*params->runtime)
		params->runtime = NULL;
}

static int fields_read(struct params *params, const int *fds, unsigned count, struct error *err)
{
	struct line line;
	if (line_parse_fields(params->text, &line))
		return error_text(err, EINVAL, "the launch message cannot be read");
	strings_read(params, &line);
	if (!params->id || !params->socket || !params->state_directory)
		return error_text(err, EINVAL, "the launch message lacks id, socket or statedir");
	if (params->restore && !params->criu)
		return error_text(err, EINVAL, "the launch message lacks criu");
	if (params->logged && !params->log.path)
		return error_text(err, EINVAL, "the launch message lacks logpath");
	const char *given = line_get(&line, "fds");
	char *names = strdup(given ? given : "");
	if (!names)
		return error_text(err, ENOMEM, "no memory");
	int failed = numbers_read(params, &line, err) || name_fds(params, names, fds, count, err);
	/* Without a file: what only goes to the forwarder. */
	if (!params->logged)
		params->log.path = NULL;
	params->logged |= params->forwarder >= 0;
	free(names);
	if (!failed && params->plan < 0 && !params->runtime)
		return error_text(err, EINVAL, "the launch message has neither a plan nor a runtime");
	return failed ? -1 : 0;
}

int params_receive(struct params *params, int socket, struct error *err)
{
	union {
		char space[CMSG_SPACE(sizeof(int) * PARAMS_FDS)];
		struct cmsghdr align;
	} control;
	*params = (struct params){ 0 };
	params->text = malloc(LINE_MAX_BYTES + 1);
	if (!params->text)
		return error_text(err, ENOMEM, "no memory");
	struct iovec part = { .iov_base = params->text, .iov_len = LINE_MAX_BYTES };
	struct msghdr message = {
		.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof(control)
	};
	ssize_t n = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
	if (n <= 0 || (message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)))
		return error_set(err, n < 0 ? errno : EPROTO, "receive the launch message");
	params->text[n] = '\0';
	char *kept = realloc(params->text, (size_t)n + 1);
	params->text = kept ? kept : params->text;
	struct cmsghdr *c = CMSG_FIRSTHDR(&message);
	unsigned count =
		c && c->cmsg_type == SCM_RIGHTS ? (unsigned)((c->cmsg_len - CMSG_LEN(0)) / sizeof(int)) : 0;
	static const int none;
	return fields_read(params, count ? (const int *)CMSG_DATA(c) : &none, count, err);
}
