#include "error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int error_set(struct error *err, int code, const char *format, ...)
{
	va_list args;
	size_t used;

	err->code = code;
	err->stage[0] = '\0';
	va_start(args, format);
	vsnprintf(err->message, sizeof(err->message), format, args);
	va_end(args);
	if (code) {
		used = strlen(err->message);
		snprintf(err->message + used, sizeof(err->message) - used, ": %s", errno_text(code));
	}
	return -1;
}

int error_text(struct error *err, int code, const char *format, ...)
{
	va_list args;

	err->code = code;
	err->stage[0] = '\0';
	va_start(args, format);
	vsnprintf(err->message, sizeof(err->message), format, args);
	va_end(args);
	return -1;
}

int error_prefix(struct error *err, const char *format, ...)
{
	char text[sizeof(err->message)];
	va_list args;
	size_t used;

	memcpy(text, err->message, sizeof(text));
	va_start(args, format);
	vsnprintf(err->message, sizeof(err->message), format, args);
	va_end(args);
	used = strlen(err->message);
	snprintf(err->message + used, sizeof(err->message) - used, ": %s", text);
	return -1;
}

int error_stage(struct error *err, const char *stage)
{
	if (err->stage[0] == '\0')
		snprintf(err->stage, sizeof(err->stage), "%s", stage);
	return -1;
}
