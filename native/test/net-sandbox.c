/*
 * Sandboxes against the real kernel, inside a network namespace of the test's own that plays the host. Needs root;
 * without it everything is skipped. argv[1] is berth-nft.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "../lib/error.h"
#include "../lib/fd.h"
#include "../net/dns-sockets.h"
#include "../net/sandbox.h"
#include "../net/sysctl.h"
#include "../net/table.h"
#include "tap.h"

#define BRIDGE "brtest0"
#define TABLE "berth_test"

static const char *helper;

static void make_bridge(void)
{
	_Alignas(struct nlmsghdr) char buf[512];
	struct mac mac = { { 0x02, 0x42, 1, 2, 3, 4 } };
	struct cidr address;
	struct error err;
	struct nl_batch b;
	struct nl nl;

	ok(nl_open(&nl, NETLINK_ROUTE, &err) == 0, "a netlink socket opens");
	nl_batch_init(&b, buf, sizeof(buf));
	add_bridge(&b, BRIDGE, &mac, 1500);
	add_link_change(&b, 1, &(struct link_change){ .up = true });
	ok(nl_commit(&nl, &b, NULL, &err) == 0, "a bridge is made");
	cidr_parse("172.30.0.1/16", &address, &err);
	nl_batch_init(&b, buf, sizeof(buf));
	add_address(&b, link_index(BRIDGE), &address);
	add_link_change(&b, link_index(BRIDGE), &(struct link_change){ .up = true, .alias = "berth:test" });
	ok(nl_commit(&nl, &b, NULL, &err) == 0, "the bridge has an address and is up");
	nl_close(&nl);
	/* A new namespace starts with the machine's own value, and net.setup sees to forwarding in the engine. */
	ok(sysctl_write("net.ipv4.ip_forward", "1", &err) == 0, "the host forwards");
}

static void check_facts(void)
{
	struct link_facts facts;
	struct error err;
	struct nl nl;

	nl_open(&nl, NETLINK_ROUTE, &err);
	ok(link_facts(&nl, BRIDGE, &facts, &err) == 0 && facts.is_bridge && facts.up, "the bridge is seen as a bridge that is up");
	ok(strcmp(facts.alias, "berth:test") == 0, "its alias comes back");
	ok(link_facts(&nl, "nosuch0", &facts, &err) < 0 && err.code == ENODEV, "an unknown link is ENODEV");
	nl_close(&nl);
}

static void install_table(void)
{
	struct table_bridge bridge = { .name = BRIDGE, .masquerade = true, .icc = true };
	struct table table = { .name = TABLE, .bridges = &bridge, .bridge_count = 1 };
	struct table_count there;
	struct error err = { 0 };
	char *text;

	cidr_parse("172.30.0.0/16", &bridge.subnet, &err);
	text = table_text(&table);
	ok(table_apply(helper, text, &err) == 0, "the table is applied (%s)", err.message);
	ok(table_apply(helper, text, &err) == 0, "and again over itself");
	free(text);
	ok(table_count(TABLE, &there, &err) == 0 && there.chains == 6 && there.rules > 10,
	   "it has %u chains, %u rules, %u maps and sets", there.chains, there.rules, there.maps);
	ok(table_apply(helper, table_guard_text(), &err) == 0 && table_count(TABLE_GUARD, &there, &err) == 0 &&
		   there.chains == 1,
	   "the guard of forwarding is applied (%s)", err.message);
	ok(table_count("nosuch", &there, &err) == 0 && there.chains == 0 && there.rules == 0, "a table that is not there has none");
	ok(table_apply(helper, "table inet x { garbage }", &err) < 0 && strstr(err.message, "nftables: "), "a bad ruleset is refused: %s", err.message);
}

static struct endpoint endpoint_of(const char *address)
{
	struct endpoint e = { .bridge = BRIDGE, .if_name = "eth0", .mtu = 1500 };
	struct error err;

	cidr_parse(address, &e.addresses[e.address_count++], &err);
	cidr_parse("172.30.0.1", &e.gateways[e.gateway_count++], &err);
	e.mac = (struct mac){ { 0x02, 0x42 } };
	memcpy(e.mac.byte + 2, &e.addresses[0].v4, 4);
	return e;
}

static int listen_inside(void *arg, struct error *err)
{
	struct sockaddr_in any = { .sin_family = AF_INET, .sin_port = htons(80) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (bind(fd, (struct sockaddr *)&any, sizeof(any)) || listen(fd, 8))
		return error_set(err, errno, "listen");
	*(int *)arg = fd;
	return 0;
}

/* Connects to `address` and returns the peer as the server sees it; false when no connection is made in time. */
static bool reaches(int server, const char *address, uint16_t port)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port) };
	/* Long enough for a first packet that met an idle bridge, whose own carrier settles behind our back, to be sent again. */
	struct timeval second = { .tv_sec = 4 };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), peer;
	bool connected;

	inet_pton(AF_INET, address, &to.sin_addr);
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &second, sizeof(second));
	setsockopt(server, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof(second));
	connected = connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0;
	peer = connected ? accept(server, NULL, NULL) : -1;
	if (peer >= 0)
		close(peer);
	close(fd);
	return peer >= 0;
}

struct call {
	const char *address;
	uint16_t port;
	bool answered;
};

/* Runs inside the namespace of the server that is called. */
static int call_from_inside(void *arg, struct error *err __attribute__((unused)))
{
	struct sockaddr_in to = { .sin_family = AF_INET };
	struct timeval second = { .tv_sec = 1 };
	struct call *call = arg;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	to.sin_port = htons(call->port);
	inet_pton(AF_INET, call->address, &to.sin_addr);
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &second, sizeof(second));
	call->answered = connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0;
	close(fd);
	return 0;
}

static void check_published_port(struct pool *pool)
{
	struct sandbox_port port = { .host = { .proto = IPPROTO_TCP, .has_v4 = true }, .container_port = 80 };
	struct sandbox_port taken = { .host = { .proto = IPPROTO_TCP, .has_v4 = true }, .container_port = 80 };
	struct endpoint e = endpoint_of("172.30.0.2/16");
	struct sandbox_sysctl setting = { "net.ipv4.ip_forward", "1" };
	struct sandbox_spec spec = { &e, 1, &port, 1, &setting, 1, NULL };
	struct sandbox_spec again = { &e, 0, &taken, 1, NULL, 0, NULL };
	struct sandbox s, other;
	struct error err = { 0 };
	struct call call;
	size_t bad = 99;
	int server = -1;

	inet_pton(AF_INET, "172.30.0.2", &port.container);
	ok(sandbox_open(pool, TABLE, &spec, &s, &bad, &err) == 0, "a sandbox with a random port opens (%s)", err.message);
	ok(port.host.port >= 32768, "the port is an ephemeral one: %u", port.host.port);
	ok(netns_run(s.ns.fd, listen_inside, &server, &err) == 0, "a server listens inside");
	ok(reaches(server, "172.30.0.2", 80), "the host reaches the container's address");
	sysctl_write("net.ipv4.conf." BRIDGE ".route_localnet", "1", &err);
	ok(reaches(server, "127.0.0.1", port.host.port), "the host reaches the published port on 127.0.0.1");
	ok(reaches(server, "172.30.0.1", port.host.port), "and on its own address");
	call = (struct call){ "172.30.0.1", port.host.port, false };
	ok(netns_run(s.ns.fd, call_from_inside, &call, &err) == 0 && call.answered,
	   "the container reaches its own published port on the host's address");
	taken.host.first = taken.host.last = port.host.port;
	ok(sandbox_open(pool, TABLE, &again, &other, &bad, &err) < 0 && err.code == EADDRINUSE && bad == 0 &&
		   strcmp(err.stage, "bind") == 0,
	   "the same port twice is EADDRINUSE at bind: %s", err.message);
	sandbox_undo(&s, &spec);
	ok(!reaches(server, "127.0.0.1", port.host.port), "after undo the port is closed");
	ok(elements_remove(TABLE, &(struct port_map){ .proto = 6, .host_port = 1 }, 1, &err) == 0,
	   "removing what is not there is no error");
	close(server);
}

/* Two containers of one bridge: neighbours, or strangers. */
static void check_isolation(struct pool *pool)
{
	for (int isolated = 0; isolated < 2; isolated++) {
		struct endpoint first = endpoint_of("172.30.0.21/16"), second = endpoint_of("172.30.0.22/16");
		struct sandbox_spec a = { &first, 1, NULL, 0, NULL, 0, NULL }, b = { &second, 1, NULL, 0, NULL, 0, NULL };
		struct call call = { "172.30.0.21", 80, false };
		struct sandbox sa, sb;
		struct error err = { 0 };
		int server = -1;
		size_t bad;

		first.isolated = second.isolated = isolated;
		ok(sandbox_open(pool, TABLE, &a, &sa, &bad, &err) == 0 && sandbox_open(pool, TABLE, &b, &sb, &bad, &err) == 0 &&
			   netns_run(sa.ns.fd, listen_inside, &server, &err) == 0 &&
			   netns_run(sb.ns.fd, call_from_inside, &call, &err) == 0,
		   "two containers are on the bridge (%s)", err.message);
		ok(call.answered == !isolated, isolated ? "isolated ones do not reach each other" : "and reach each other");
		ok(reaches(server, "172.30.0.21", 80), "the host reaches both kinds");
		close(server);
		sandbox_undo(&sa, &a);
		sandbox_undo(&sb, &b);
	}
}

static int serve_datagrams(void *arg, struct error *err)
{
	struct sockaddr_in any = { .sin_family = AF_INET, .sin_port = htons(53) };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (bind(fd, (struct sockaddr *)&any, sizeof(any)))
		return error_set(err, errno, "bind");
	*(int *)arg = fd;
	return 0;
}

static bool datagram_arrives(int client, int server)
{
	struct timeval half = { .tv_usec = 500000 };
	char text[8];

	setsockopt(server, SOL_SOCKET, SO_RCVTIMEO, &half, sizeof(half));
	return send(client, "x", 1, 0) == 1 && recv(server, text, sizeof(text), 0) == 1;
}

/* One client that never changes its port, two containers after each other. */
static void check_flows(struct pool *pool)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(5300) };
	struct sandbox_port port = { .host = { .proto = IPPROTO_UDP, .has_v4 = true, .first = 5300, .last = 5300 },
				     .container_port = 53 };
	int client = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), server = -1;
	size_t bad;

	inet_pton(AF_INET, "172.30.0.1", &to.sin_addr);
	connect(client, (struct sockaddr *)&to, sizeof(to));
	for (int round = 0; round < 2; round++) {
		struct endpoint e = endpoint_of(round ? "172.30.0.8/16" : "172.30.0.7/16");
		struct sandbox_spec spec = { &e, 1, &port, 1, NULL, 0, NULL };
		struct error err = { 0 };
		struct sandbox s;

		/* Sent before anybody is there: the kernel remembers that it went nowhere. */
		(void)!send(client, "x", 1, MSG_NOSIGNAL);
		inet_pton(AF_INET, round ? "172.30.0.8" : "172.30.0.7", &port.container);
		ok(sandbox_open(pool, TABLE, &spec, &s, &bad, &err) == 0 && netns_run(s.ns.fd, serve_datagrams, &server, &err) == 0,
		   "a server of datagrams is published (%s)", err.message);
		ok(datagram_arrives(client, server) || datagram_arrives(client, server), "and gets them, round %d", round + 1);
		close(server);
		sandbox_undo(&s, &spec);
	}
	close(client);
}

/* What a client inside says to 127.0.0.11:53 arrives, while somebody else has port 53 on every address. */
static int ask_resolver(void *arg, struct error *err)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(53) };
	int own = -1, fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (serve_datagrams(&own, err))
		return -1;
	inet_pton(AF_INET, "127.0.0.11", &to.sin_addr);
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)) || send(fd, "ask", 3, 0) != 3)
		return error_set(err, errno, "ask");
	close(own);
	*(int *)arg = fd;
	return 0;
}

static void check_name_server(struct pool *pool)
{
	struct sandbox_spec spec = { 0 };
	struct sockaddr_in from;
	socklen_t size = sizeof(from);
	struct error err = { 0 };
	int udp = -1, tcp = -1, client = -1, again[2] = { -1, -1 };
	struct call call = { "127.0.0.11", 53, false };
	struct sandbox s;
	char text[8] = "";
	size_t bad;

	ok(sandbox_open(pool, TABLE, &spec, &s, &bad, &err) == 0 && dns_sockets_open(s.ns.fd, &udp, &tcp, &err) == 0,
	   "sockets of a name server open inside (%s)", err.message);
	ok(netns_run(s.ns.fd, ask_resolver, &client, &err) == 0 &&
		   recvfrom(udp, text, sizeof(text), 0, (struct sockaddr *)&from, &size) == 3,
	   "port 53 of 127.0.0.11 leads to them, though the container has one of its own (%s)", err.message);
	ok(sendto(udp, "yes", 3, 0, (struct sockaddr *)&from, size) == 3 && recv(client, text, sizeof(text), 0) == 3 &&
		   memcmp(text, "yes", 3) == 0,
	   "and the answer comes from there");
	ok(netns_run(s.ns.fd, call_from_inside, &call, &err) == 0 && call.answered, "over TCP too");
	ok(dns_sockets_open(s.ns.fd, &again[0], &again[1], &err) == 0, "a second one takes over (%s)", err.message);
	close(client);
	close(udp);
	close(tcp);
	close(again[0]);
	close(again[1]);
	sandbox_undo(&s, &spec);
}

static int has_default_route(int index, const struct cidr *destination, void *arg)
{
	(void)index;
	*(bool *)arg |= destination->family == AF_INET && destination->prefix == 0;
	return 0;
}

static void check_plugging(struct pool *pool)
{
	struct endpoint e = endpoint_of("172.30.0.41/16"), taken = endpoint_of("172.30.0.42/16");
	struct sandbox_spec spec = { 0 };
	char link[IF_NAMESIZE] = "", none[IF_NAMESIZE];
	struct error err = { 0 };
	bool route = false;
	struct sandbox s;
	int server = -1;
	size_t bad;

	ok(sandbox_open(pool, TABLE, &spec, &s, &bad, &err) == 0 && sandbox_plug(&s.ns, &e, NULL, 0, link, &err) == 0,
	   "an endpoint is plugged into a namespace in use (%s)", err.message);
	ok(link_index(link) > 0 && netns_run(s.ns.fd, listen_inside, &server, &err) == 0 && reaches(server, "172.30.0.41", 80),
	   "and reached by its address");
	ok(route_walk(&s.ns.nl, has_default_route, &route, &err) == 0 && route, "its gateway is the default route");
	ok(sandbox_plug(&s.ns, &taken, NULL, 0, none, &err) < 0 && err.code == EEXIST, "a name that is taken is refused: %s",
	   err.message);
	ok(sandbox_unplug(&s.ns, "eth0", &err) == 0 && link_index(link) == 0, "unplugged, it is gone on both sides");
	ok(sandbox_unplug(&s.ns, "eth0", &err) == 0, "and may be unplugged again");
	ok(sandbox_route(&s.ns, "eth0", &e.gateways[0], &err) < 0 && err.code == ENODEV, "nothing leads out over what is gone");
	close(server);
	sandbox_undo(&s, &spec);
}

static void check_failures_leave_nothing(struct pool *pool)
{
	struct sandbox_port port = { .host = { .proto = IPPROTO_TCP, .has_v4 = true, .first = 7001, .last = 7001 }, .container_port = 80 };
	struct endpoint e = endpoint_of("172.30.0.3/16");
	struct sandbox_spec spec = { &e, 1, &port, 1, NULL, 0, NULL };
	struct sandbox s;
	struct error err;
	size_t bad;

	ok(sandbox_open(pool, "nosuchtable", &spec, &s, &bad, &err) < 0 && err.code == ENOENT &&
		   strcmp(err.stage, "publish") == 0,
	   "a missing table is ENOENT at publish: %s", err.message);
	ok(sandbox_open(pool, TABLE, &spec, &s, &bad, &err) == 0, "and the port is free again");
	sandbox_undo(&s, &spec);
	strcpy(e.bridge, "nosuch0");
	ok(sandbox_open(pool, TABLE, &spec, &s, &bad, &err) < 0 && strcmp(err.stage, "endpoint") == 0, "a missing bridge: %s", err.message);
}

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int by_value(const void *a, const void *b)
{
	double d = *(const double *)a - *(const double *)b;

	return d > 0 ? 1 : d < 0 ? -1 : 0;
}

static ino_t number_of(int fd)
{
	struct stat st;

	return fd < 0 || fstat(fd, &st) ? 0 : st.st_ino;
}

static ino_t owner_of(int netns)
{
	int user = ioctl(netns, NS_GET_USERNS);
	ino_t number = number_of(user);

	fd_close(&user);
	return number;
}

static void check_user_namespaces(struct pool *pool)
{
	static const char uids[] = "0 100000 65536\n", gids[] = "0 200000 65536\n";
	struct netns_owner fresh = { -1, uids, gids }, joined = { -1, uids, gids };
	struct endpoint e = endpoint_of("172.30.0.51/16");
	struct sandbox_spec spec = { &e, 1, NULL, 0, NULL, 0, &fresh }, second = { NULL, 0, NULL, 0, NULL, 0, &joined };
	int server = -1;
	struct sandbox one, two, three;
	struct stat own;
	struct error err = { 0 };
	size_t bad;

	ok(sandbox_open(pool, TABLE, &spec, &one, &bad, &err) == 0, "a sandbox in a user namespace (%s)", err.message);
	ok(one.ns.user >= 0 && owner_of(one.ns.fd) == number_of(one.ns.user), "it belongs to the user namespace");
	ok(!stat("/proc/self/ns/user", &own) && number_of(one.ns.user) != own.st_ino, "which is a new one");
	ok(netns_run(one.ns.fd, listen_inside, &server, &err) == 0 && reaches(server, "172.30.0.51", 80), "the host reaches it");
	fd_close(&server);
	joined.user = one.ns.user;
	ok(sandbox_open(pool, TABLE, &second, &two, &bad, &err) == 0 && owner_of(two.ns.fd) == number_of(one.ns.user) &&
		   number_of(two.ns.fd) != number_of(one.ns.fd),
	   "another network for the same user namespace (%s)", err.message);
	pool_map_ids(pool, uids, gids);
	for (int i = 0; i < 3000 && pool_ready(pool) == 0; i++)
		usleep(1000);
	ok(sandbox_open(pool, TABLE, &spec, &three, &bad, &err) == 0 && three.ns.user >= 0 &&
		   owner_of(three.ns.fd) == number_of(three.ns.user),
	   "from the pool, too (%s)", err.message);
	sandbox_undo(&three, &spec);
	sandbox_undo(&two, &second);
	sandbox_undo(&one, &spec);
	spec.owner = NULL;
	ok(sandbox_open(pool, TABLE, &spec, &one, &bad, &err) == 0 && one.ns.user < 0, "one without, past the pool (%s)", err.message);
	sandbox_undo(&one, &spec);
}

static void measure(struct pool *pool)
{
	struct sandbox_port port = { .host = { .proto = IPPROTO_TCP, .has_v4 = true }, .container_port = 80 };
	double plain[40], published[40];
	struct endpoint e = endpoint_of("172.30.0.4/16");
	struct error err;
	size_t bad;

	inet_pton(AF_INET, "172.30.0.4", &port.container);
	for (int i = 0; i < 80; i++) {
		struct sandbox_spec spec = { &e, 1, &port, (size_t)i % 2, NULL, 0, NULL };
		struct sandbox s;
		double start;

		for (int tries = 0; pool_ready(pool) < 4 && tries < 1000; tries++)
			usleep(1000);
		start = now_ms();
		if (sandbox_open(pool, TABLE, &spec, &s, &bad, &err))
			break;
		(i % 2 ? published : plain)[i / 2] = now_ms() - start;
		sandbox_undo(&s, &spec);
	}
	qsort(plain, 40, sizeof(double), by_value);
	qsort(published, 40, sizeof(double), by_value);
	printf("# pooled sandbox: median %.3f ms, min %.3f; with a port: median %.3f, min %.3f\n", plain[20], plain[0],
	       published[20], published[0]);
}

int main(int argc, char **argv)
{
	struct error err;
	struct pool *pool;

	if (geteuid() != 0 || argc < 2 || unshare(CLONE_NEWNET)) {
		puts("1..0 # SKIP needs root and the path of berth-nft");
		return 0;
	}
	helper = argv[1];
	make_bridge();
	check_facts();
	install_table();
	pool = pool_start(4, 1, &err);
	ok(pool != NULL, "the pool starts");
	check_published_port(pool);
	check_isolation(pool);
	check_flows(pool);
	check_name_server(pool);
	check_plugging(pool);
	check_failures_leave_nothing(pool);
	measure(pool);
	check_user_namespaces(pool);
	pool_stop(pool);
	return tap_done();
}
