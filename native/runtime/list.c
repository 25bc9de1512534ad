#include <dirent.h>
#include <errno.h>
#include <json-c/json.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "options.h"
#include "runtime.h"
#include "state.h"

/* The columns of the table: heading, field of the state document. */
static const struct column {
	const char *heading, *key;
} columns[] = {
	{ "ID", "id" },         { "PID", "pid" },         { "STATUS", "status" },
	{ "BUNDLE", "bundle" }, { "CREATED", "created" }, { "OWNER", "owner" },
};

#define COLUMNS (sizeof(columns) / sizeof(columns[0]))

static const char *cell(struct json_object *document, size_t column)
{
	struct json_object *value = NULL;

	json_object_object_get_ex(document, columns[column].key, &value);
	return value ? json_object_get_string(value) : "";
}

static void print_table(struct json_object *all)
{
	size_t rows = json_object_array_length(all);
	int widths[COLUMNS] = { 12, 12, 12, 12, 12, 0 };

	for (size_t row = 0; row < rows; row++)
		for (size_t i = 0; i + 1 < COLUMNS; i++) {
			int width = (int)strlen(cell(json_object_array_get_idx(all, row), i)) + 3;

			widths[i] = width > widths[i] ? width : widths[i];
		}
	for (size_t i = 0; i < COLUMNS; i++)
		printf("%-*s", widths[i], columns[i].heading);
	for (size_t row = 0; row < rows; row++) {
		putchar('\n');
		for (size_t i = 0; i < COLUMNS; i++)
			printf("%-*s", widths[i], cell(json_object_array_get_idx(all, row), i));
	}
	putchar('\n');
}

static void add_owner(struct json_object *document, const struct container *c)
{
	struct stat status;
	struct passwd *user = stat(c->directory, &status) ? NULL : getpwuid(status.st_uid);

	json_object_object_add(document, "owner", json_object_new_string(user ? user->pw_name : ""));
}

/* All there are, by name. A directory that holds no state yet is none. */
static struct json_object *containers(const struct globals *g)
{
	struct json_object *all = json_object_new_array();
	struct dirent **names;
	int count = scandir(g->root, &names, NULL, alphasort);

	for (int i = 0; i < count; i++) {
		struct container c;
		struct error ignored;

		if (!state_load(g, names[i]->d_name, &c, &ignored)) {
			struct json_object *document = state_document(&c);

			add_owner(document, &c);
			json_object_array_add(all, document);
			state_close(&c);
		}
		free(names[i]);
	}
	if (count >= 0)
		free(names);
	return all;
}

int command_list(const struct globals *g, int argc, char **argv, struct error *err)
{
	const char *format = "table";
	bool quiet = false;
	const struct option flags[] = { { "format", 'f', OPTION_TEXT, &format },
					{ "quiet", 'q', OPTION_FLAG, &quiet },
					{ 0 } };
	struct json_object *all;

	if (options_parse(flags, argc, argv, err) < 0)
		return -1;
	if (strcmp(format, "table") && strcmp(format, "json"))
		return error_text(err, EINVAL, "invalid format option");
	all = containers(g);
	if (quiet)
		for (size_t i = 0; i < json_object_array_length(all); i++)
			puts(cell(json_object_array_get_idx(all, i), 0));
	else if (!strcmp(format, "table"))
		print_table(all);
	else if (json_object_array_length(all))
		puts(json_object_to_json_string_ext(all,
						    JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
	else
		puts("null"); /* as runc */
	json_object_put(all);
	return 0;
}
