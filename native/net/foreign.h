/*
 * Getting along with iptables rules (kept by iptables-nft in the table `ip filter`): a drop in any table is final, so where
 * its chain FORWARD is hooked in, the engine's bridges get two accept rules at its top, as Docker's have. What must not pass has been
 * dropped by the engine's own table. Rules are recognised by their comment, which is the name of that table.
 */
#ifndef BERTH_NET_FOREIGN_H
#define BERTH_NET_FOREIGN_H

#include <stddef.h>

struct error;

/* How many rules carry the mark. Returns 0, or -1 with err set. */
int foreign_count(const char *mark, unsigned *out, struct error *err);

/*
 * Makes the marked rules exactly those of `bridges` (none: removes them) by `helper`; nothing is done on a machine
 * without that chain. Returns 0, or -1 with err set.
 */
int foreign_set(const char *helper, const char *mark, const char *const *bridges, size_t count, struct error *err);

#endif
