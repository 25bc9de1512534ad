/* Options of the command line, in the forms runc takes: --name value, --name=value, -n value, -n=value,
 * -name. */
#pragma once

#include <stdbool.h>

struct error;

enum option_kind { OPTION_FLAG, OPTION_TEXT, OPTION_LIST };

struct option_list {
	const char *items[256];
	unsigned count;
};

struct option {
	const char *name; /* long form without dashes */
	char letter;      /* short form; 0: none */
	enum option_kind kind;
	void *value; /* bool *, const char **, struct option_list * */
};

/* Takes the options in front off argv (argv[0] is skipped). Returns the index of the first argument, or -1
 * with err set. */
int options_parse(const struct option *options, int argc, char **argv, struct error *err);

/* The number in text. Returns 0, or -1 with err set. */
int number_parse(const char *name, const char *text, long long *number, struct error *err);

/*
 * How many descriptors from 3 up are to stay open for the process; NULL: none. To be asked before anything is opened:
 * each must have been there, or a file of ours would get its number, and go with them. Returns 0, or -1 with err set.
 */
int preserve_parse(const char *text, int *count, struct error *err);
