/* The relay between real sockets: bytes both ways, half-closes, datagrams, its end. argv[1] is berth-relay. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../executor/program.h"
#include "../lib/error.h"
#include "tap.h"

#define MEGABYTES 16
#define CLIENTS 20

static int bound(int family, int type, uint16_t *port)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_addr = in6addr_loopback };
	struct sockaddr *address = family == AF_INET ? (struct sockaddr *)&v4 : (struct sockaddr *)&v6;
	socklen_t size = family == AF_INET ? sizeof(v4) : sizeof(v6);
	int fd = socket(family, type | SOCK_CLOEXEC | (family == AF_INET6 ? SOCK_NONBLOCK : 0), 0);

	if (fd < 0 || bind(fd, address, size) || (type == SOCK_STREAM && listen(fd, 64)) || getsockname(fd, address, &size))
		return -1;
	*port = ntohs(family == AF_INET ? v4.sin_port : v6.sin6_port);
	return fd;
}

/* Reads to the end, then answers with the number of bytes, then closes. */
static void *count_one(void *arg)
{
	int fd = (int)(intptr_t)arg;
	static char sink[65536];
	uint64_t total = 0;
	ssize_t n;

	while ((n = read(fd, sink, sizeof(sink))) > 0)
		total += (uint64_t)n;
	if (write(fd, &total, sizeof(total)) < 0)
		perror("answer");
	close(fd);
	return NULL;
}

static void *count_server(void *arg)
{
	int listener = *(int *)arg, fd;

	while ((fd = accept(listener, NULL, NULL)) >= 0) {
		pthread_t thread;

		pthread_create(&thread, NULL, count_one, (void *)(intptr_t)fd);
		pthread_detach(thread);
	}
	return NULL;
}

static void *echo_server(void *arg)
{
	struct sockaddr_in from;
	socklen_t size = sizeof(from);
	char text[2048];
	ssize_t n;

	while ((n = recvfrom(*(int *)arg, text, sizeof(text), 0, (struct sockaddr *)&from, &size)) >= 0) {
		sendto(*(int *)arg, text, (size_t)n, 0, (struct sockaddr *)&from, size);
		size = sizeof(from);
	}
	return NULL;
}

static int call(int type, uint16_t port)
{
	struct sockaddr_in6 to = { .sin6_family = AF_INET6, .sin6_addr = in6addr_loopback, .sin6_port = htons(port) };
	int fd = socket(AF_INET6, type | SOCK_CLOEXEC, 0);

	if (connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0)
		return fd;
	close(fd);
	return -1;
}

/* Sends, closes its half, and returns what the server counted. */
static uint64_t send_megabytes(uint16_t port, unsigned count)
{
	static char block[1 << 20];
	uint64_t counted = 0;
	int fd = call(SOCK_STREAM, port);

	if (fd < 0)
		return 0;
	for (unsigned i = 0; i < count; i++)
		for (size_t at = 0; at < sizeof(block);) {
			ssize_t n = write(fd, block + at, sizeof(block) - at);

			if (n < 0) {
				close(fd);
				return 0;
			}
			at += (size_t)n;
		}
	shutdown(fd, SHUT_WR);
	if (recv(fd, &counted, sizeof(counted), MSG_WAITALL) != sizeof(counted))
		counted = 0;
	close(fd);
	return counted;
}

static void *one_client(void *arg)
{
	return (void *)(uintptr_t)send_megabytes(*(uint16_t *)arg, 1);
}

static bool many_at_once(uint16_t port)
{
	pthread_t threads[CLIENTS];
	bool all = true;

	for (int i = 0; i < CLIENTS; i++)
		pthread_create(&threads[i], NULL, one_client, &port);
	for (int i = 0; i < CLIENTS; i++) {
		void *counted;

		pthread_join(threads[i], &counted);
		all &= (uintptr_t)counted == 1u << 20;
	}
	return all;
}

static bool echoes(int fd, const char *text)
{
	struct timeval second = { .tv_sec = 2 };
	char got[64] = "";

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof(second));
	return send(fd, text, strlen(text), 0) > 0 && recv(fd, got, sizeof(got) - 1, 0) > 0 && strcmp(got, text) == 0;
}

int main(int argc, char **argv)
{
	uint16_t tcp_port, udp_port, tcp6_port, udp6_port;
	int tcp = bound(AF_INET, SOCK_STREAM, &tcp_port), udp = bound(AF_INET, SOCK_DGRAM, &udp_port);
	int tcp6 = bound(AF_INET6, SOCK_STREAM, &tcp6_port), udp6 = bound(AF_INET6, SOCK_DGRAM, &udp6_port);
	char tcp_target[32], udp_target[32];
	char *args[] = { (char *)"berth-relay", (char *)"", tcp_target, udp_target, NULL };
	int life[2], first, second;
	pthread_t thread;
	struct error err;
	pid_t pid;

	if (argc < 2 || tcp6 < 0 || udp6 < 0 || pipe2(life, O_CLOEXEC)) {
		puts("1..0 # SKIP needs the path of berth-relay, and IPv6");
		return 0;
	}
	snprintf(tcp_target, sizeof(tcp_target), "tcp:127.0.0.1:%u", tcp_port);
	snprintf(udp_target, sizeof(udp_target), "udp:127.0.0.1:%u", udp_port);
	pthread_create(&thread, NULL, count_server, &tcp);
	pthread_create(&thread, NULL, echo_server, &udp);
	ok(spawn_program(argv[1], args, (struct spawn_fd[]){ { life[0], 3 }, { tcp6, 4 }, { udp6, 5 } }, 3, true, &pid, &err) == 0,
	   "the relay starts");
	ok(spawn_collect(pid) == 0, "and goes on without its parent");
	close(life[0]);
	close(tcp6);
	close(udp6);
	ok(send_megabytes(tcp6_port, MEGABYTES) == (uint64_t)MEGABYTES << 20, "%d MiB arrive, and the answer after the half-close",
	   MEGABYTES);
	ok(many_at_once(tcp6_port), "%d clients at once are kept apart", CLIENTS);
	first = call(SOCK_DGRAM, udp6_port);
	second = call(SOCK_DGRAM, udp6_port);
	ok(echoes(first, "one") && echoes(second, "two") && echoes(first, "three"), "datagrams find their way back");
	close(life[1]);
	/* Its sockets close when it ends; until then a call succeeds. */
	for (int tries = 0; tries < 2000 && (first = call(SOCK_STREAM, tcp6_port)) >= 0; tries++) {
		close(first);
		poll(NULL, 0, 1);
	}
	ok(first < 0, "it ends with its pipe");
	return tap_done();
}
