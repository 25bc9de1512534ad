/*
 * Notices when somebody else removes the engine's nftables table or empties it (`nft flush ruleset`), and tells the
 * daemon, which knows what must be in it: {"event":"net.flushed"}.
 */
#ifndef BERTH_EXECUTOR_WATCH_H
#define BERTH_EXECUTOR_WATCH_H

struct error;
struct executor;

/* A socket that becomes readable when the firewall changes; -1 with err set. */
int watch_open(struct error *err);

/* Reads what the socket has and sends the event when our table is no longer whole. */
void watch_read(struct executor *e, int fd);

#endif
