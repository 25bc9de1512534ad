#include "runtime-log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

enum { TAIL = 8192 };

/* Copies the JSON string that begins at text to out; \u escapes outside ASCII become '?'. */
static void unquote(const char *text, char *out, size_t room)
{
	size_t n = 0;
	for (; *text && *text != '"' && n + 1 < room; text++) {
		char c = *text;
		if (c == '\\' && text[1]) {
			c = *++text;
			if (c == 'u' && strspn(text + 1, "0123456789abcdefABCDEF") >= 4) {
				static const char digits[] = "0123456789abcdef";
				const char *high = strchr(digits, text[3] | 0x20),
					   *low = strchr(digits, text[4] | 0x20);
				bool ascii = text[1] == '0' && text[2] == '0' && high && low;
				c = ascii ? (char)((high - digits) << 4 | (low - digits)) : '?';
				text += 4;
			} else if (c == 'n') {
				c = '\n';
			} else if (c == 't') {
				c = '\t';
			}
		}
		out[n++] = c;
	}
	out[n] = '\0';
}

void runtime_log_error(const char *path, struct error *err)
{
	static const char key[] = "\"msg\":";
	char text[TAIL + 1], message[sizeof(err->message)] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	off_t end = fd < 0 ? 0 : lseek(fd, 0, SEEK_END);
	ssize_t n = fd < 0 ? -1 : pread(fd, text, TAIL, end > TAIL ? end - TAIL : 0);
	if (fd >= 0)
		close(fd);
	text[n > 0 ? n : 0] = '\0';
	for (char *at = text; (at = strstr(at, key));) {
		at += strlen(key);
		at += strspn(at, " ");
		if (*at == '"')
			unquote(at + 1, message, sizeof(message));
	}
	error_text(err, EIO, "%s", message);
}
