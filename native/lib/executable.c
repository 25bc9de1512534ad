#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "child.h"
#include "fd.h"

/* As Go's exec.LookPath judges a candidate, with the credentials the process will have. Returns 0 or an errno value. */
static int judge(const char *path)
{
	struct stat status;

	if (stat(path, &status))
		return errno;
	if (S_ISDIR(status.st_mode))
		return EISDIR;
	if (!faccessat(AT_FDCWD, path, X_OK, AT_EACCESS))
		return 0;
	/* Some kernels and C libraries cannot ask for effective ids: the mode bits then decide. */
	if (errno != ENOSYS && errno != EPERM && errno != EINVAL)
		return errno;
	return status.st_mode & 0111 ? 0 : EACCES;
}

/* Quoted as Go's %q would, as far as names of programs go. */
static const char *quoted(const char *name, char *buf, size_t size)
{
	size_t n = 0;

	buf[n++] = '"';
	for (; *name && n + 6 < size; name++) {
		unsigned char ch = (unsigned char)*name;

		if (ch == '"' || ch == '\\') {
			buf[n++] = '\\';
			buf[n++] = (char)ch;
		} else if (ch == '\n' || ch == '\t' || ch == '\r') {
			buf[n++] = '\\';
			buf[n++] = ch == '\n' ? 'n' : ch == '\t' ? 't' : 'r';
		} else if (ch < 0x20 || ch == 0x7f) {
			n += (size_t)snprintf(buf + n, size - n, "\\x%02x", ch);
		} else {
			buf[n++] = (char)ch;
		}
	}
	buf[n++] = '"';
	buf[n] = '\0';
	return buf;
}

static const char *search_path(const struct plan *plan)
{
	const char *path = "";

	/* The last one counts, as in the environment of the process. */
	for (uint32_t i = 0; i < plan->process.env.count; i++) {
		const char *entry = plan_text_at(plan, plan->process.env, i);

		if (!strncmp(entry, "PATH=", 5))
			path = entry + 5;
	}
	return path;
}

int child_find_executable(struct child *c, struct error *err)
{
	const char *name = plan_text_at(c->plan, c->plan->process.args, 0);
	char quote[420];

	if (strchr(name, '/')) {
		int code = judge(name);

		if (code == ENOENT || code == ENOTDIR || code == ELOOP || code == ENAMETOOLONG)
			return error_set(err, code, "exec: %s: stat %s", quoted(name, quote, sizeof(quote)), name);
		if (code == EISDIR)
			return error_text(err, EACCES, "exec: %s: is a directory: permission denied",
					  quoted(name, quote, sizeof(quote)));
		if (code)
			return error_set(err, code, "exec: %s", quoted(name, quote, sizeof(quote)));
		if ((size_t)snprintf(c->executable, sizeof(c->executable), "%s", name) >= sizeof(c->executable))
			return error_set(err, ENAMETOOLONG, "exec: %s", quoted(name, quote, sizeof(quote)));
		return 0;
	}
	for (const char *dir = search_path(c->plan), *end; *dir && *name; dir = end + (*end == ':')) {
		int n;

		end = dir + strcspn(dir, ":");
		n = snprintf(c->executable, sizeof(c->executable), "%.*s%s%s", (int)(end - dir), dir,
			     end > dir ? "/" : "./", name);
		if (n > 0 && (size_t)n < sizeof(c->executable) && !judge(c->executable))
			return 0;
	}
	return error_text(err, ENOENT, "exec: %s: executable file not found in $PATH", quoted(name, quote, sizeof(quote)));
}

void child_exec_error(const struct child *c, int code, struct error *err)
{
	error_set(err, code, "exec %s", c->executable);
	error_stage(err, "exec");
}
