#include "request.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "executor.h"

static void request_end(struct request *r, struct json_object *answer)
{
	struct executor *e = r->executor;

	/* Unlinked first: once answered, its number may not be cancelled any more. */
	pthread_mutex_lock(&e->lock);
	*r->link = r->next;
	if (r->next)
		r->next->link = r->link;
	pthread_mutex_unlock(&e->lock);
	(void)channel_send(&e->channel, answer);
	json_object_put(answer);
	json_object_put(r->params);
	if (r->fd >= 0)
		close(r->fd);
	if (r->cancel >= 0)
		close(r->cancel);
	free(r);
}

void request_answer(struct request *r, struct json_object *result)
{
	struct json_object *answer = json_object_new_object();

	put_int(answer, "id", r->id);
	json_object_object_add(answer, "result", result ? result : json_object_new_object());
	request_end(r, answer);
}

static const char *kind_of(int code)
{
	switch (code) {
	case ENOENT:
		return "not-found";
	case EEXIST:
	case EADDRINUSE:
		return "conflict";
	case EINVAL:
	case ENAMETOOLONG:
		return "invalid-argument";
	case ECANCELED:
		return "cancelled";
	default:
		return "internal";
	}
}

void request_refuse(struct request *r, const char *kind, const struct error *err)
{
	struct json_object *answer = json_object_new_object(), *error = json_object_new_object();

	put_string(error, "kind", kind ? kind : kind_of(err->code));
	put_int(error, "errno", err->code);
	put_string(error, "stage", err->stage);
	put_string(error, "message", err->message);
	put_int(answer, "id", r->id);
	json_object_object_add(answer, "error", error);
	request_end(r, answer);
}

void request_fail(struct request *r, const char *kind, int code, const char *format, ...)
{
	struct error err = { .code = code };
	va_list args;

	va_start(args, format);
	vsnprintf(err.message, sizeof(err.message), format, args);
	va_end(args);
	request_refuse(r, kind, &err);
}

int request_cancelled(const struct request *r)
{
	struct pollfd p = { .fd = r->cancel, .events = POLLIN };

	return poll(&p, 1, 0) > 0;
}

static struct json_object *field(struct json_object *o, const char *name, json_type type)
{
	struct json_object *value;

	if (!o || !json_object_object_get_ex(o, name, &value) || !json_object_is_type(value, type))
		return NULL;
	return value;
}

const char *field_string(struct json_object *o, const char *name)
{
	struct json_object *value = field(o, name, json_type_string);
	const char *text = value ? json_object_get_string(value) : NULL;

	/* A NUL inside would make C see another string than the daemon checked. */
	return text && strlen(text) == (size_t)json_object_get_string_len(value) ? text : NULL;
}

int64_t field_int(struct json_object *o, const char *name)
{
	struct json_object *value = field(o, name, json_type_int);

	return value ? json_object_get_int64(value) : 0;
}

int field_bool(struct json_object *o, const char *name)
{
	struct json_object *value = field(o, name, json_type_boolean);

	return value ? json_object_get_boolean(value) : 0;
}

struct json_object *field_array(struct json_object *o, const char *name)
{
	return field(o, name, json_type_array);
}

struct json_object *field_object(struct json_object *o, const char *name)
{
	return field(o, name, json_type_object);
}

void put_string(struct json_object *o, const char *name, const char *value)
{
	json_object_object_add(o, name, json_object_new_string(value));
}

void put_int(struct json_object *o, const char *name, int64_t value)
{
	json_object_object_add(o, name, json_object_new_int64(value));
}
