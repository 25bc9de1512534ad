#include "records.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define FILE_MOST (16u << 20)
#define PORT 53

static int hex(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* In place: percent-decoded, lower case. A NUL cannot be part of a name. */
static char *decode(char *word)
{
	char *out = word;

	for (const char *in = word; *in; in++) {
		int high = *in == '%' ? hex(in[1]) : -1, low = high >= 0 ? hex(in[2]) : -1;
		char c = *in;

		if (low >= 0 && (high || low)) {
			c = (char)(high << 4 | low);
			in += 2;
		}
		*out++ = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
	}
	*out = '\0';
	return word;
}

/* The next word of a line, NULL when there is none. */
static char *word_of(char **line)
{
	char *word;

	while ((word = strsep(line, " ")) != NULL)
		if (*word)
			return word;
	return NULL;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct dns_entry *)a)->name, ((const struct dns_entry *)b)->name);
}

static int by_address(const void *a, const void *b)
{
	return memcmp(&((const struct dns_entry *)a)->address, &((const struct dns_entry *)b)->address, sizeof(struct dns_address));
}

static size_t count_of(const char *text, const char *marks)
{
	size_t count = 1;

	for (; (text = strpbrk(text, marks)) != NULL; text++)
		count++;
	return count;
}

static void network_free(struct dns_network *n)
{
	free(n->file.text);
	free(n->by_name);
	free(n->primary);
}

void records_parse_network(struct dns_network *n, char *text)
{
	char *rest = text, *line;

	free(n->by_name);
	free(n->primary);
	free(n->file.text);
	n->file.text = text;
	n->count = n->primary_count = 0;
	n->by_name = calloc(count_of(text, " \n"), sizeof(*n->by_name));
	n->primary = calloc(count_of(text, "\n"), sizeof(*n->primary));
	if (!n->by_name || !n->primary)
		return;
	while ((line = strsep(&rest, "\n")) != NULL) {
		const char *address = word_of(&line);
		struct dns_entry entry;
		char *word;

		if (!address || dns_address_parse(address, &entry.address))
			continue;
		for (unsigned i = 0; (word = word_of(&line)) != NULL; i++) {
			entry.name = decode(word);
			n->by_name[n->count++] = entry;
			if (i == 0)
				n->primary[n->primary_count++] = entry;
		}
	}
	qsort(n->by_name, n->count, sizeof(*n->by_name), by_name);
	qsort(n->primary, n->primary_count, sizeof(*n->primary), by_address);
}

static int parse_server(char *line, struct dns_server *out)
{
	const char *place = word_of(&line), *text = word_of(&line);
	struct sockaddr_in *v4 = (struct sockaddr_in *)&out->address;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&out->address;

	if (!place || !text)
		return -1;
	memset(out, 0, sizeof(*out));
	out->inside = strcmp(place, "inside") == 0;
	if (inet_pton(AF_INET, text, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		v4->sin_port = htons(PORT);
		return 0;
	}
	if (inet_pton(AF_INET6, text, &v6->sin6_addr) != 1)
		return -1;
	v6->sin6_family = AF_INET6;
	v6->sin6_port = htons(PORT);
	return 0;
}

static void parse_alias(struct records *r, char *line)
{
	const char *id = word_of(&line);
	char *alias = word_of(&line), *target = word_of(&line);

	for (size_t i = 0; target && i < r->network_count; i++)
		if (strcmp(r->networks[i].id, id) == 0) {
			r->aliases[r->alias_count++] = (struct dns_alias){ decode(alias), decode(target), i };
			return;
		}
}

static void parse_line(struct records *r, char *line)
{
	const char *word = word_of(&line);

	if (!word)
		return;
	if (strcmp(word, "forward") == 0)
		r->forward = true;
	else if (strcmp(word, "ndots") == 0)
		r->ndots = true;
	else if (strcmp(word, "server") == 0 && r->server_count < RECORDS_SERVERS)
		r->server_count += parse_server(line, &r->servers[r->server_count]) == 0;
	else if (strcmp(word, "alias") == 0)
		parse_alias(r, line);
	else if (strcmp(word, "network") == 0 && r->network_count < RECORDS_NETWORKS) {
		const char *id = word_of(&line);
		char *name = word_of(&line);

		/* It becomes part of a path. */
		if (name && !strchr(id, '/') && id[0] != '.')
			r->networks[r->network_count++] = (struct dns_network){ .id = id, .name = decode(name) };
	}
}

void records_free(struct records *r)
{
	for (size_t i = 0; i < r->network_count; i++)
		network_free(&r->networks[i]);
	free(r->aliases);
	free(r->file.text);
	memset(r, 0, sizeof(*r));
}

void records_parse_sandbox(struct records *r, char *text)
{
	char *rest = text, *line;

	records_free(r);
	r->file.text = text;
	r->aliases = calloc(count_of(text, "\n"), sizeof(*r->aliases));
	if (!r->aliases)
		return;
	while ((line = strsep(&rest, "\n")) != NULL)
		parse_line(r, line);
}

static char *read_all(int fd, size_t size)
{
	char *text = size <= FILE_MOST ? malloc(size + 1) : NULL;
	size_t used = 0;

	while (text && used < size) {
		ssize_t n = read(fd, text + used, size - used);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		used += (size_t)n;
	}
	if (text) {
		/* What follows a NUL would not be seen. */
		text[used] = '\0';
	}
	return text;
}

static bool is_same(const struct stat *a, const struct stat *b)
{
	return a->st_ino == b->st_ino && a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
	       a->st_size == b->st_size;
}

/* The text of a file that is not what was seen; NULL when it is, or cannot be read. `seen` becomes what was read. */
static char *read_changed(int directory, const char *path, struct stat *seen)
{
	struct stat now = { 0 };
	char *text;
	int fd;

	if (fstatat(directory, path, &now, AT_SYMLINK_NOFOLLOW) && errno != ENOENT)
		return NULL;
	if (is_same(&now, seen))
		return NULL;
	fd = now.st_ino ? openat(directory, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) : -1;
	if (fd < 0)
		text = now.st_ino ? NULL : calloc(1, 1);
	else
		text = fstat(fd, &now) ? NULL : read_all(fd, (size_t)now.st_size);
	if (fd >= 0)
		close(fd);
	if (text)
		*seen = now;
	return text;
}

void records_refresh(struct records *r, int fd, const char *sandbox)
{
	struct stat seen = r->file.seen;
	char path[256], *text;

	snprintf(path, sizeof(path), "sandboxes/%s", sandbox);
	text = read_changed(fd, path, &seen);
	if (text) {
		records_parse_sandbox(r, text);
		r->file.seen = seen;
	}
	for (size_t i = 0; i < r->network_count; i++) {
		struct dns_network *n = &r->networks[i];

		if (snprintf(path, sizeof(path), "networks/%s", n->id) >= (int)sizeof(path))
			continue;
		text = read_changed(fd, path, &n->file.seen);
		if (text)
			records_parse_network(n, text);
	}
}

static size_t look_up(const struct dns_network *n, const char *name, struct dns_address *out)
{
	size_t low = 0, high = n->count, found = 0;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(n->by_name[middle].name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < n->count && found < RECORDS_ANSWERS && strcmp(n->by_name[low].name, name) == 0; low++)
		out[found++] = n->by_name[low].address;
	return found;
}

static const char *alias_of(const struct records *r, size_t network, const char *name)
{
	for (size_t i = 0; i < r->alias_count; i++)
		if (r->aliases[i].network == network && strcmp(r->aliases[i].alias, name) == 0)
			return r->aliases[i].target;
	return NULL;
}

/* In one network (or, without a name of one, in the first that knows it): the container's own aliases first. */
static size_t resolve(const struct records *r, const char *name, const char *network, struct dns_address *out)
{
	size_t found;

	for (int own = 1; own >= 0; own--)
		for (size_t i = 0; i < r->network_count; i++) {
			const struct dns_network *n = &r->networks[i];
			const char *target = alias_of(r, i, name);

			if ((network && strcmp(n->name, network) != 0) || (target != NULL) != own)
				continue;
			found = look_up(n, target ? target : name, out);
			if (found)
				return found;
		}
	return 0;
}

size_t records_addresses(const struct records *r, const char *name, struct dns_address out[RECORDS_ANSWERS])
{
	char host[256];
	size_t found = *name ? resolve(r, name, NULL, out) : 0;

	if (strlen(name) >= sizeof(host))
		return 0;
	/* Names of containers and networks may both hold dots: the shortest network comes first. */
	for (const char *dot = strrchr(name, '.'); !found && dot;) {
		size_t len = (size_t)(dot - name);

		memcpy(host, name, len);
		host[len] = '\0';
		if (len > 0)
			found = resolve(r, host, dot + 1, out);
		dot = memrchr(name, '.', len);
	}
	return found;
}

int records_name(const struct records *r, const struct dns_address *address, char *out, size_t size)
{
	struct dns_entry key = { .address = *address };

	for (size_t i = 0; i < r->network_count; i++) {
		const struct dns_network *n = &r->networks[i];
		const struct dns_entry *e =
			n->primary_count ? bsearch(&key, n->primary, n->primary_count, sizeof(key), by_address) : NULL;

		if (e)
			return snprintf(out, size, "%s.%s", e->name, n->name) < (int)size ? 0 : -1;
	}
	return -1;
}
