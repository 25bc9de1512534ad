#include "options.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"

static const struct option *find(const struct option *options, const char *name, size_t length)
{
	for (; options->name; options++)
		if ((strlen(options->name) == length && !strncmp(options->name, name, length)) ||
		    (length == 1 && options->letter == name[0]))
			return options;
	return NULL;
}

static int set_flag(const struct option *o, const char *value, struct error *err)
{
	if (value && strcmp(value, "true") && strcmp(value, "false"))
		return error_text(err, EINVAL, "invalid boolean value \"%s\" for -%s", value, o->name);
	*(bool *)o->value = !value || !strcmp(value, "true");
	return 0;
}

int options_parse(const struct option *options, int argc, char **argv, struct error *err)
{
	int i = 1;

	for (; i < argc && argv[i][0] == '-' && argv[i][1]; i++) {
		const char *name = argv[i] + 1 + (argv[i][1] == '-'), *value = strchr(name, '=');
		const struct option *o;

		if (!*name)
			return i + 1; /* "--" */
		o = find(options, name, value ? (size_t)(value - name) : strlen(name));
		if (!o)
			return error_text(err, EINVAL, "flag provided but not defined: %s", argv[i]);
		value = value ? value + 1 : NULL;
		if (o->kind == OPTION_FLAG) {
			if (set_flag(o, value, err))
				return -1;
			continue;
		}
		if (!value && ++i >= argc)
			return error_text(err, EINVAL, "flag needs an argument: -%s", o->name);
		value = value ? value : argv[i];
		if (o->kind == OPTION_TEXT) {
			*(const char **)o->value = value;
		} else {
			struct option_list *list = o->value;

			if (list->count == sizeof(list->items) / sizeof(list->items[0]))
				return error_text(err, E2BIG, "-%s is given too often", o->name);
			list->items[list->count++] = value;
		}
	}
	return i;
}

int number_parse(const char *name, const char *text, long long *number, struct error *err)
{
	char *end;

	errno = 0;
	*number = strtoll(text, &end, 10);
	if (errno || end == text || *end)
		return error_text(err, EINVAL, "invalid value \"%s\" for -%s", text, name);
	return 0;
}

int preserve_parse(const char *text, int *count, struct error *err)
{
	long long number = 0;

	if (text && number_parse("preserve-fds", text, &number, err))
		return -1;
	if (number < 0 || number > 1000)
		return error_text(err, EINVAL, "invalid value \"%s\" for -preserve-fds", text);
	for (int i = 0; i < number; i++)
		if (fcntl(3 + i, F_GETFD) < 0)
			return error_text(err, EBADF,
					  "unable to stat preserved-fd %d (of %lld): stat /proc/self/fd/%d: no such file "
					  "or directory",
					  i, number, 3 + i);
	*count = (int)number;
	return 0;
}
