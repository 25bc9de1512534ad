#include "oci-command.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fd.h"
#include "runtime-log.h"

void oci_file(const struct oci_command *c, char path[PATH_MAX], const char *what)
{
	snprintf(path, PATH_MAX, "%s/oci-%u.%s", c->shim->params.state_directory, c->number, what);
}

void oci_word(struct oci_command *c, const char *word)
{
	if (c->word_count < OCI_WORDS - 1)
		c->words[c->word_count++] = word;
}

struct oci_command *oci_command_make(struct shim *shim, const char *name, oci_done *done)
{
	const struct params *params = &shim->params;
	struct oci_command *c = calloc(1, sizeof(*c));
	if (!c)
		return NULL;
	c->shim = shim;
	c->done = done;
	c->number = ++shim->command_number;
	c->console = c->console_directory = c->resources = -1;
	c->ours = (struct io_fds){ -1, -1, -1 };
	oci_file(c, c->log, "log");
	oci_word(c, params->runtime);
	if (params->runtime_root) {
		oci_word(c, "--root");
		oci_word(c, params->runtime_root);
	}
	oci_word(c, "--log");
	oci_word(c, c->log);
	oci_word(c, "--log-format");
	oci_word(c, "json");
	for (unsigned i = 0; i < params->runtime_arg_count; i++)
		oci_word(c, params->runtime_args[i]);
	oci_word(c, name);
	return c;
}

static void command_free(struct oci_command *c)
{
	io_fds_close(&c->ours);
	if (c->console >= 0) {
		char path[PATH_MAX];
		oci_file(c, path, "tty");
		unlink(path);
		fd_close(&c->console);
	}
	fd_close(&c->console_directory);
	fd_close(&c->resources);
	unlink(c->log);
	if (*c->pid_file)
		unlink(c->pid_file);
	if (c->process)
		c->process->launch = NULL;
	free(c);
}

void oci_failed(struct oci_command *c, int code, const char *stage)
{
	struct error err = { 0 };
	error_set(&err, code, "%s", c->shim->params.runtime);
	error_stage(&err, stage);
	c->done(c, &err);
	command_free(c);
}

static void command_ended(struct child *child, int status)
{
	struct oci_command *c = (struct oci_command *)child;
	struct error err = { 0 };
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
		c->done(c, NULL);
	} else {
		runtime_log_error(c->log, &err);
		if (!*err.message)
			error_text(&err, EIO, "%s: ended with status %d", c->shim->params.runtime,
				   exit_status_of(status, 0).code);
		error_stage(&err, "runtime");
		c->done(c, &err);
	}
	command_free(c);
}

void oci_run(struct oci_command *c, const struct command_fds *fds)
{
	if (command_start(&c->shim->children, &c->child, c->words, fds, c->criu, command_ended))
		oci_failed(c, errno, "start");
}

void oci_run_on_container(struct oci_command *c)
{
	static const struct command_fds none = { -1, -1, -1 };
	oci_word(c, c->shim->params.id);
	oci_run(c, &none);
}
