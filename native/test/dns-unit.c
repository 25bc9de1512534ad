/* Units of a container's resolver: messages, records. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../dns/message.h"
#include "../dns/records.h"
#include "tap.h"

static const uint8_t plain[] = "\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x03WeB\x01n\x00\x00\x01\x00\x01";
static const uint8_t edns[] =
	"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x01\x03web\x00\x00\x01\x00\x01\x00\x00\x29\x05\x00\x00\x00\x00\x00\x00\x00";

static void check_queries(void)
{
	static const uint8_t pointer[] = "\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\xc0\x0c\x00\x01\x00\x01";
	static const uint8_t dotted[] = "\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x03w.b\x00\x00\x01\x00\x01";
	struct dns_query q;
	uint8_t rcode = 0, copy[64];

	ok(dns_query_parse(plain, sizeof(plain) - 1, &q, &rcode) == 0 && strcmp(q.name, "web.n") == 0 && q.type == DNS_A &&
		   q.udp_size == 512,
	   "a query is read, its name in lower case");
	ok(dns_query_parse(edns, sizeof(edns) - 1, &q, &rcode) == 0 && q.udp_size == 1280, "EDNS says how much fits");
	ok(dns_query_parse(plain, 11, &q, &rcode) == -2, "less than a header is nothing");
	for (size_t len = 12; len < sizeof(plain) - 1; len++)
		if (dns_query_parse(plain, len, &q, &rcode) != -1 || rcode != DNS_FORMAT_ERROR)
			ok(false, "a query cut off at %zu is malformed", len);
	ok(dns_query_parse(pointer, sizeof(pointer) - 1, &q, &rcode) == -1, "a question has no compression");
	ok(dns_query_parse(dotted, sizeof(dotted) - 1, &q, &rcode) == 0 && q.name[0] == '\0',
	   "a dot in a label makes it nobody's name");
	memcpy(copy, plain, sizeof(plain) - 1);
	copy[2] |= 0x80;
	ok(dns_query_parse(copy, sizeof(plain) - 1, &q, &rcode) == -2, "a response is no query");
	copy[2] = 0x28;
	ok(dns_query_parse(copy, sizeof(plain) - 1, &q, &rcode) == -1 && rcode == DNS_NOT_IMPLEMENTED, "an update is refused");
}

static void check_answers(void)
{
	struct dns_address many[100];
	struct dns_query q;
	uint8_t rcode, out[DNS_MESSAGE_MOST];
	size_t len;

	for (unsigned i = 0; i < 100; i++)
		many[i] = (struct dns_address){ 4, { 10, 0, 0, (uint8_t)i } };
	dns_query_parse(plain, sizeof(plain) - 1, &q, &rcode);
	len = dns_answer_addresses(&q, many, 2, 1, out, 512);
	ok(len == q.len + 32 && out[7] == 2 && out[2] == 0x81 && out[3] == 0x80 && memcmp(out + q.len + 12, many[1].bytes, 4) == 0,
	   "two addresses, the second one first");
	ok(dns_is_answer(&q, 0x1234, out, len) && !dns_is_answer(&q, 0x1235, out, len), "it answers this question with this id");
	ok(dns_address_parse("fd00::1", &many[1]) == 0 && dns_answer_addresses(&q, many, 2, 0, out, q.len + 44) == q.len + 44 &&
		   out[q.len + 16 + 3] == DNS_AAAA && out[q.len + 16 + 11] == 16 && out[q.len + 43] == 1,
	   "an address of IPv6 is a record of its kind");
	many[1] = many[2];
	len = dns_answer_addresses(&q, many, 100, 0, out, 512);
	ok(len <= 512 && (out[2] & 2) && out[7] == (len - q.len) / 16, "what does not fit is left out, and said so");
	len = dns_answer_addresses(&q, NULL, 0, 0, out, 512);
	ok(len == q.len && dns_rcode(out) == DNS_NO_ERROR, "no address is an answer, too");
	len = dns_answer_name(&q, "web.net", out, 512);
	ok(len == q.len + 12 + 9 && memcmp(out + q.len + 12, "\3web\3net", 9) == 0, "a name is written as labels");
	ok(dns_answer_name(&q, "a..b", out, 512) == q.len, "one that is none is left out");
	len = dns_failure(edns, sizeof(edns) - 1, DNS_SERVER_FAILURE, out);
	ok(len == 12 + 9 && dns_rcode(out) == DNS_SERVER_FAILURE && out[5] == 1 && out[11] == 0, "a failure repeats the question");
}

static void check_reverse(void)
{
	struct dns_address a;

	ok(dns_reverse_parse("2.0.18.172.in-addr.arpa", &a) == 0 && a.size == 4 && !memcmp(a.bytes, "\254\022\0\002", 4), "a reverse name is read");
	ok(dns_reverse_parse("256.0.18.172.in-addr.arpa", &a) && dns_reverse_parse("0.18.172.in-addr.arpa", &a) &&
		   dns_reverse_parse("2.0.18.172.in-addr.arpa.x", &a),
	   "others are none");
	ok(dns_reverse_parse("2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.a.0.d.f.ip6.arpa", &a) == 0 && a.size == 16 &&
		   a.bytes[0] == 0xfd && a.bytes[1] == 0x0a && a.bytes[15] == 2,
	   "one of IPv6 is read digit by digit");
	ok(dns_reverse_parse("2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.g.0.d.f.ip6.arpa", &a) &&
		   dns_reverse_parse("2.0.0.ip6.arpa", &a),
	   "other digits and lengths are none");
}

static size_t find(const struct records *r, const char *name, const char *first)
{
	struct dns_address out[RECORDS_ANSWERS];
	size_t count = records_addresses(r, name, out);

	struct dns_address expected;

	return count && dns_address_parse(first, &expected) == 0 && !memcmp(&out[0], &expected, sizeof(expected)) ? count : 0;
}

static void put(int directory, const char *path, const char *text)
{
	int fd = openat(directory, "new", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (write(fd, text, strlen(text)) < 0)
		abort();
	close(fd);
	renameat(directory, "new", directory, path);
}

static void check_records(void)
{
	char path[] = "/tmp/dns-unit-XXXXXX", name[256];
	struct dns_address address;
	struct records r = { 0 };
	int fd = open(mkdtemp(path), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	mkdirat(fd, "sandboxes", 0755);
	mkdirat(fd, "networks", 0755);
	records_refresh(&r, fd, "c");
	ok(r.network_count == 0 && find(&r, "web", "10.0.0.2") == 0, "without files nothing is known");
	put(fd, "sandboxes/c",
	    "forward\nserver host 10.9.9.9\nserver inside ::1\nserver host x\nnetwork one %4fne\nnetwork two tw.o\n"
	    "alias two db real\nalias nosuch a b\nnetwork ../x y\n");
	put(fd, "networks/one", "10.0.0.2 Web a%20b\n10.0.0.3 other web\nx y\n");
	put(fd, "networks/two", "10.1.0.2 web\n10.1.0.9 real\n10.1.0.8 db\n");
	records_refresh(&r, fd, "c");
	ok(r.forward && !r.ndots && r.server_count == 2 && r.servers[1].inside && r.network_count == 2 && r.alias_count == 1,
	   "lines that are none are passed over");
	ok(find(&r, "web", "10.0.0.2") == 2 || find(&r, "web", "10.0.0.3") == 2, "a name has all its addresses of the first network");
	ok(find(&r, "a b", "10.0.0.2") == 1, "names are decoded");
	ok(find(&r, "web.tw.o", "10.1.0.2") == 1 && find(&r, "web.one", "10.0.0.2") + find(&r, "web.one", "10.0.0.3") == 2,
	   "a network may be named");
	ok(find(&r, "db", "10.1.0.9") == 1, "an alias of one's own comes before everybody's name");
	dns_address_parse("10.0.0.3", &address);
	ok(records_name(&r, &address, name, sizeof(name)) == 0 && strcmp(name, "other.one") == 0,
	   "an address is called by its first name");
	put(fd, "networks/two", "10.1.0.77 fresh\nfd00::77 fresh\n");
	records_refresh(&r, fd, "c");
	ok(find(&r, "fresh", "10.1.0.77") + find(&r, "fresh", "fd00::77") == 2 && find(&r, "db", "10.1.0.9") == 0, "a file that was replaced is read again");
	unlinkat(fd, "networks/one", 0);
	records_refresh(&r, fd, "c");
	ok(find(&r, "other", "10.0.0.3") == 0, "one that is gone is empty");
	records_free(&r);
	unlinkat(fd, "networks/two", 0);
	unlinkat(fd, "sandboxes/c", 0);
	unlinkat(fd, "networks", AT_REMOVEDIR);
	unlinkat(fd, "sandboxes", AT_REMOVEDIR);
	close(fd);
	rmdir(path);
}

int main(void)
{
	check_queries();
	check_answers();
	check_reverse();
	check_records();
	return tap_done();
}
