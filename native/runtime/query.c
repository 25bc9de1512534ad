#include <dirent.h>
#include <errno.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "fd.h"
#include "options.h"
#include "runtime.h"
#include "state.h"

int command_state(const struct globals *g, int argc, char **argv, struct error *err)
{
	const struct option none[] = { { 0 } };
	struct container c;
	struct json_object *json;
	int at = options_parse(none, argc, argv, err);

	if (at < 0 || argc - at != 1)
		return at < 0 ? -1 : error_text(err, EINVAL, "state: \"state\" requires exactly 1 argument(s)");
	if (state_load(g, argv[at], &c, err))
		return -1;
	json = state_document(&c);
	puts(json_object_to_json_string_ext(json, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(json);
	state_close(&c);
	return 0;
}

static void list_row(const struct container *c)
{
	enum container_status status = state_status(c);

	printf("%-11s %-11d %-11s %-11s %-30s root\n", c->id, status == STATUS_STOPPED ? 0 : (int)c->pid,
	       status_name(status), c->bundle, c->created);
}

int command_list(const struct globals *g, int argc, char **argv, struct error *err)
{
	const char *format = "table";
	bool quiet = false;
	const struct option flags[] = { { "format", 'f', OPTION_TEXT, &format }, { "quiet", 'q', OPTION_FLAG, &quiet }, { 0 } };
	struct json_object *all = json_object_new_array();
	struct dirent *entry;
	bool json = false;
	DIR *dir;

	if (options_parse(flags, argc, argv, err) < 0) {
		json_object_put(all);
		return -1;
	}
	json = !strcmp(format, "json");
	if (!json && !quiet)
		printf("%-11s %-11s %-11s %-11s %-30s OWNER\n", "ID", "PID", "STATUS", "BUNDLE", "CREATED");
	dir = opendir(g->root);
	while (dir && (entry = readdir(dir))) {
		struct container c;
		struct error ignored;

		if (entry->d_name[0] == '.' || state_load(g, entry->d_name, &c, &ignored))
			continue;
		if (quiet)
			puts(c.id);
		else if (json)
			json_object_array_add(all, state_document(&c));
		else
			list_row(&c);
		state_close(&c);
	}
	if (dir)
		closedir(dir);
	if (json)
		puts(json_object_to_json_string_ext(all, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(all);
	return 0;
}

static bool is_listed(const pid_t *pids, int count, long pid)
{
	for (int i = 0; i < count; i++)
		if (pids[i] == pid)
			return true;
	return false;
}

/* ps(1) knows best how to print; its PID column tells which lines are the container's. */
static int print_table(const pid_t *pids, int count, int argc, char **argv, struct error *err)
{
	char command[4096] = "ps";
	char line[8192];
	int column = -1, at = 0;
	FILE *ps;

	for (int i = 0; i < argc; i++) {
		if (strspn(argv[i], "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-=,._:%+") != strlen(argv[i]) ||
		    strlen(command) + strlen(argv[i]) + 2 > sizeof(command))
			return error_text(err, EINVAL, "invalid ps option %s", argv[i]);
		strcat(strcat(command, " "), argv[i]);
	}
	if (!argc)
		strcat(command, " -ef");
	ps = popen(command, "re");
	if (!ps)
		return error_set(err, errno, "ps");
	while (fgets(line, sizeof(line), ps)) {
		char copy[8192], *rest = NULL, *word;

		strcpy(copy, line);
		word = strtok_r(copy, " \t\n", &rest);
		if (column < 0) {
			for (at = 0; word && strcmp(word, "PID"); at++)
				word = strtok_r(NULL, " \t\n", &rest);
			column = word ? at : 0;
			fputs(line, stdout);
			continue;
		}
		for (at = 0; word && at < column; at++)
			word = strtok_r(NULL, " \t\n", &rest);
		if (word && is_listed(pids, count, atol(word)))
			fputs(line, stdout);
	}
	return pclose(ps) ? error_text(err, ECHILD, "ps failed") : 0;
}

static void print_json(const pid_t *pids, int count)
{
	putchar('[');
	for (int i = 0; i < count; i++)
		printf("%s%d", i ? "," : "", (int)pids[i]);
	puts("]");
}

int command_ps(const struct globals *g, int argc, char **argv, struct error *err)
{
	const char *format = "table";
	const struct option flags[] = { { "format", 'f', OPTION_TEXT, &format }, { 0 } };
	struct container c;
	pid_t pids[32768];
	int count, result = 0, at = options_parse(flags, argc, argv, err);

	if (at < 0 || argc - at < 1)
		return at < 0 ? -1 : error_text(err, EINVAL, "ps: \"ps\" requires a minimum of 1 argument");
	if (state_load(g, argv[at], &c, err))
		return -1;
	count = cgroup_pids(&c.cgroup, pids, sizeof(pids) / sizeof(pids[0]), err);
	state_close(&c);
	if (count < 0)
		return -1;
	if (count > (int)(sizeof(pids) / sizeof(pids[0])))
		count = (int)(sizeof(pids) / sizeof(pids[0]));
	if (!strcmp(format, "json"))
		print_json(pids, count);
	else if (!strcmp(format, "table"))
		result = print_table(pids, count, argc - at - 1, argv + at + 1, err);
	else
		result = error_text(err, EINVAL, "invalid format option");
	return result;
}
