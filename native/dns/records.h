/*
 * What a container's resolver knows: one file of its own, and one for each network it is on, all written by the daemon and
 * replaced whole (rename). They are read again when one has been replaced; the daemon need not be there.
 *
 *   sandboxes/<container>        networks/<network>
 *     forward                      172.18.0.2 web alias 0123456789ab
 *     ndots                        172.18.0.3 db
 *     server host 10.0.0.53
 *     server inside 192.0.2.53     fd00::2 web alias 0123456789ab
 *     network <id> <name>
 *     alias <id> <alias> <target>
 *
 * Words are percent-encoded. `forward`: names nobody here has may be asked for outside. `ndots`: names without a dot may not.
 * `server` says from which network namespace it is asked. Networks are in the order in which a name is looked for. The first
 * name of an address is what it is called.
 */
#ifndef BERTH_DNS_RECORDS_H
#define BERTH_DNS_RECORDS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "message.h"

#define RECORDS_SERVERS 3
#define RECORDS_NETWORKS 64
#define RECORDS_ANSWERS 256

struct dns_server {
	bool inside; /* asked from the container's network, not the host's */
	struct sockaddr_storage address; /* port 53 */
};

struct dns_entry {
	const char *name;
	struct dns_address address;
};

struct dns_alias {
	const char *alias, *target;
	size_t network; /* index */
};

/* A file as it was read; `text` is cut into words in place. */
struct dns_file {
	char *text;
	struct stat seen;
};

struct dns_network {
	const char *id, *name;
	struct dns_file file;
	struct dns_entry *by_name; /* sorted by name */
	size_t count;
	struct dns_entry *primary; /* the first name of each address, sorted by address */
	size_t primary_count;
};

struct records {
	struct dns_file file;
	bool forward, ndots;
	struct dns_server servers[RECORDS_SERVERS];
	size_t server_count;
	struct dns_network networks[RECORDS_NETWORKS];
	size_t network_count;
	struct dns_alias *aliases;
	size_t alias_count;
};

/* Cuts a file of a sandbox or of a network, whose text it takes over. A line that is none is passed over. */
void records_parse_sandbox(struct records *r, char *text);
void records_parse_network(struct dns_network *n, char *text);
void records_free(struct records *r);

/* Reads what has changed below directory `fd`. A file that is not there counts as empty; an unreadable one is kept as it was. */
void records_refresh(struct records *r, int fd, const char *sandbox);

/*
 * Addresses of a name, as the container may call it: `web`, `web.network`, or an alias of its own. Returns how many were
 * written to `out`, 0 when it is nobody's.
 */
size_t records_addresses(const struct records *r, const char *name, struct dns_address out[RECORDS_ANSWERS]);

/* What an address is called: `web.network`. Returns 0, or -1 when it is nobody's. */
int records_name(const struct records *r, const struct dns_address *address, char *out, size_t size);

#endif
