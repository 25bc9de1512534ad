#include "bundle.h"

#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "error.h"
#include "fd.h"
#include "plan_parse.h"
#include "runtime.h"
#include "user.h"

struct json_object *json_load(const char *path, struct error *err)
{
	size_t size;
	struct json_object *json;
	scoped_memory char *text = NULL;
	scoped_fd int fd =
		strcmp(path, "-") ? open(path, O_RDONLY | O_CLOEXEC) : fcntl(0, F_DUPFD_CLOEXEC, 3);

	if (fd < 0) {
		error_set(err, errno, "open %s", path);
		return NULL;
	}
	text = fd_read_text(fd, 16u << 20, &size, err);
	json = text ? json_from_text(text, size, err) : NULL;
	if (!json)
		error_prefix(err, "%s", path);
	return json;
}

const char *seccomp_cache(const struct globals *g, char *buf, size_t size)
{
	int n = snprintf(buf, size, "%s.seccomp", g->root);

	return n > 0 && (size_t)n < size ? buf : NULL;
}

const char *home_of(const char *rootfs, unsigned uid, char *buf, size_t size)
{
	char name[16];
	struct user user;
	struct error ignored;
	scoped_fd int root = open(rootfs, O_PATH | O_DIRECTORY | O_CLOEXEC);

	snprintf(name, sizeof(name), "%u", uid);
	snprintf(buf, size, "/");
	if (root >= 0 && !user_resolve(root, name, NULL, 0, &user, &ignored))
		snprintf(buf, size, "%s", user.home);
	return buf;
}

static unsigned spec_uid(struct json_object *spec)
{
	struct json_object *process, *user, *uid;

	if (!json_object_object_get_ex(spec, "process", &process) ||
	    !json_object_object_get_ex(process, "user", &user) ||
	    !json_object_object_get_ex(user, "uid", &uid))
		return 0;
	return (unsigned)json_object_get_int64(uid);
}

static const char *spec_rootfs(struct json_object *spec, const char *bundle, char *buf, size_t size)
{
	struct json_object *root, *path;
	const char *text;

	if (!json_object_object_get_ex(spec, "root", &root) ||
	    !json_object_object_get_ex(root, "path", &path) || !(text = json_object_get_string(path)))
		return "";
	snprintf(buf, size, "%s%s%s", text[0] == '/' ? "" : bundle, text[0] == '/' ? "" : "/", text);
	return buf;
}

int bundle_load(const struct globals *g, const struct bundle_options *options, struct bundle *b,
		struct error *err)
{
	char config[4200], cache[4096], home[256], rootfs[8200];
	struct plan_options plan = {
		.id = options->id,
		.bundle = b->path,
		.seccomp_cache = seccomp_cache(g, cache, sizeof(cache)),
		.no_pivot = options->no_pivot,
		.no_new_keyring = options->no_new_keyring,
	};

	*b = (struct bundle){ .plan = -1 };
	if (!realpath(options->path ? options->path : ".", b->path))
		return error_set(err, errno, "bundle %s", options->path ? options->path : ".");
	snprintf(config, sizeof(config), "%s/config.json", b->path);
	b->spec = json_load(config, err);
	if (!b->spec)
		return error_code(err) == ENOENT
			       ? error_text(err, ENOENT, "JSON specification file config.json not found")
			       : -1;
	plan.home = home_of(spec_rootfs(b->spec, b->path, rootfs, sizeof(rootfs)), spec_uid(b->spec), home,
			    sizeof(home));
	b->plan = plan_from_spec(b->spec, &plan, err);
	return b->plan < 0 ? -1 : 0;
}

void bundle_close(struct bundle *b)
{
	fd_close(&b->plan);
	json_object_put(b->spec);
	b->spec = NULL;
}
