#include "wire.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { HOST_MAX = 256 };

/* "host:port", "[v6]:port". Returns 0, or -1 when there is no port. */
static int split(const char *address, char host[HOST_MAX], const char **port)
{
	const char *colon = strrchr(address, ':');
	size_t n = colon ? (size_t)(colon - address) : 0;

	if (!colon || n >= HOST_MAX)
		return -1;
	*port = colon + 1;
	if (n >= 2 && address[0] == '[' && address[n - 1] == ']') {
		address++;
		n -= 2;
	}
	memcpy(host, address, n);
	host[n] = '\0';
	return 0;
}

static int await_connect(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };
	socklen_t size = sizeof(int);
	int code = 0, n;

	do
		n = poll(&p, 1, WIRE_CONNECT_MS);
	while (n < 0 && errno == EINTR);
	if (n == 0)
		return ETIMEDOUT;
	return n < 0 || getsockopt(fd, SOL_SOCKET, SO_ERROR, &code, &size) ? errno : code;
}

/* Connects and leaves the socket blocking. Returns 0 or an errno value. */
static int connect_to(int *out, int family, int type, const struct sockaddr *address, socklen_t size)
{
	int fd = socket(family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), code = 0;

	if (fd < 0)
		return errno;
	if (connect(fd, address, size))
		code = errno == EINPROGRESS ? await_connect(fd) : errno;
	if (code == 0 && fcntl(fd, F_SETFL, 0))
		code = errno;
	if (code)
		close(fd);
	else
		*out = fd;
	return code;
}

static int fail(struct error *err, int code, const char *network, const char *where)
{
	if (code == ETIMEDOUT)
		return error_text(err, code, "dial %s %s: i/o timeout", network, where);
	return error_set(err, code, "dial %s %s: connect", network, where);
}

static void address_text(const struct sockaddr *address, char *text, size_t size)
{
	char ip[INET6_ADDRSTRLEN] = "";

	if (address->sa_family == AF_INET) {
		const struct sockaddr_in *in = (const struct sockaddr_in *)address;

		inet_ntop(AF_INET, &in->sin_addr, ip, sizeof(ip));
		snprintf(text, size, "%s:%u", ip, ntohs(in->sin_port));
	} else {
		const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)address;

		inet_ntop(AF_INET6, &in6->sin6_addr, ip, sizeof(ip));
		snprintf(text, size, "[%s]:%u", ip, ntohs(in6->sin6_port));
	}
}

static int dial_inet(int *fd, const char *network, const char *address, char host[HOST_MAX], struct error *err)
{
	int type = strcmp(network, "udp") == 0 ? SOCK_DGRAM : SOCK_STREAM, code;
	struct addrinfo hints = { .ai_socktype = type, .ai_flags = AI_ADDRCONFIG | AI_NUMERICSERV }, *list;
	const char *port, *shown = type == SOCK_DGRAM ? "udp" : "tcp";
	char *end, where[HOST_MAX + 16];
	unsigned long number;

	if (split(address, host, &port))
		return error_text(err, EINVAL, "dial %s: address %s: missing port in address", shown, address);
	number = strtoul(port, &end, 10);
	if (*end || end == port || number > 65535)
		return error_text(err, EINVAL, "dial %s: address %s: invalid port", shown, port);
	code = getaddrinfo(*host ? host : "localhost", port, &hints, &list);
	if (code == EAI_NONAME || code == EAI_ADDRFAMILY) {
		hints.ai_flags = AI_NUMERICSERV;
		code = getaddrinfo(*host ? host : "localhost", port, &hints, &list);
	}
	if (code)
		return error_text(err, EHOSTUNREACH, "dial %s: lookup %s: %s", shown, host,
				  code == EAI_NONAME ? "no such host" : gai_strerror(code));
	code = EADDRNOTAVAIL;
	for (struct addrinfo *a = list; a; a = a->ai_next) {
		if (*host)
			address_text(a->ai_addr, where, sizeof(where));
		else
			snprintf(where, sizeof(where), ":%s", port);
		code = connect_to(fd, a->ai_family, type, a->ai_addr, a->ai_addrlen);
		if (code == 0)
			break;
	}
	freeaddrinfo(list);
	return code ? fail(err, code, shown, where) : 0;
}

static int dial_unix(int *fd, const char *network, const char *path, struct error *err)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int type = strcmp(network, "unixgram") == 0 ? SOCK_DGRAM : SOCK_STREAM, code;

	if (strlen(path) >= sizeof(address.sun_path))
		return fail(err, EINVAL, network, path);
	strcpy(address.sun_path, path);
	code = connect_to(fd, AF_UNIX, type, (struct sockaddr *)&address, sizeof(address));
	return code ? fail(err, code, network, path) : 0;
}

static int tls_failed(SSL *ssl, int result, struct error *err)
{
	long verify = SSL_get_verify_result(ssl);
	unsigned long code = ERR_peek_last_error();

	switch (verify) {
	case X509_V_OK:
		break;
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
	case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
		return error_text(err, EPROTO,
				  "tls: failed to verify certificate: x509: certificate signed by unknown authority");
	default:
		return error_text(err, EPROTO, "tls: failed to verify certificate: x509: %s",
				  X509_verify_cert_error_string(verify));
	}
	if (SSL_get_error(ssl, result) == SSL_ERROR_SYSCALL)
		return errno ? error_set(err, errno, "tls: handshake") : error_text(err, EPROTO, "EOF");
	return error_text(err, EPROTO, "tls: %s", code ? ERR_reason_error_string(code) : "handshake failed");
}

static int tls_begin(struct wire *w, const char *host, SSL_CTX *settings, struct error *err)
{
	const char *name = *host ? host : "localhost";
	struct timeval patience = { .tv_sec = WIRE_CONNECT_MS / 1000 };
	unsigned char ip[16];
	int result;

	w->ssl = SSL_new(settings);
	if (!w->ssl || !SSL_set_fd(w->ssl, w->fd))
		return error_text(err, ENOMEM, "tls: no memory");
	if (inet_pton(AF_INET, name, ip) == 1 || inet_pton(AF_INET6, name, ip) == 1)
		X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(w->ssl), name);
	else if (!SSL_set1_host(w->ssl, name) || !SSL_set_tlsext_host_name(w->ssl, name))
		return error_text(err, EINVAL, "tls: no server name");
	setsockopt(w->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	ERR_clear_error();
	errno = 0;
	result = SSL_connect(w->ssl);
	if (result != 1)
		return tls_failed(w->ssl, result, err);
	patience.tv_sec = 0;
	setsockopt(w->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	return 0;
}

static int readable(const char *path, struct error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return error_set(err, errno, "open %s", path);
	close(fd);
	return 0;
}

SSL_CTX *wire_tls_settings(const struct wire_tls *tls, const char **what, struct error *err)
{
	SSL_CTX *settings = SSL_CTX_new(TLS_client_method());

	if (!settings) {
		error_text(err, ENOMEM, "tls: no memory");
		return NULL;
	}
	SSL_CTX_set_min_proto_version(settings, TLS1_2_VERSION);
	SSL_CTX_set_mode(settings, SSL_MODE_AUTO_RETRY);
	SSL_CTX_set_default_verify_paths(settings);
	SSL_CTX_set_verify(settings, tls->skip_verify ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, NULL);
	*what = "ca";
	if (*tls->ca && readable(tls->ca, err))
		goto failed;
	if (*tls->ca && !SSL_CTX_load_verify_locations(settings, tls->ca, NULL)) {
		error_text(err, EINVAL, "failed to append certificates from PEM file: \"%s\"", tls->ca);
		goto failed;
	}
	*what = "pair";
	if (!*tls->cert && !*tls->key)
		return settings;
	if (readable(tls->cert, err) || readable(tls->key, err))
		goto failed;
	if (SSL_CTX_use_certificate_chain_file(settings, tls->cert) == 1 &&
	    SSL_CTX_use_PrivateKey_file(settings, tls->key, SSL_FILETYPE_PEM) == 1)
		return settings;
	error_text(err, EINVAL, "tls: failed to find any PEM data in certificate input");
failed:
	SSL_CTX_free(settings);
	return NULL;
}

int wire_dial(struct wire *w, const char *network, const char *address, SSL_CTX *settings, struct error *err)
{
	char host[HOST_MAX];

	*w = (struct wire){ .fd = -1 };
	if (strncmp(network, "unix", 4) == 0)
		return dial_unix(&w->fd, network, address, err);
	if (dial_inet(&w->fd, network, address, host, err))
		return -1;
	if (strcmp(network, "tls") == 0 && tls_begin(w, host, settings, err)) {
		wire_close(w);
		return -1;
	}
	return 0;
}

void wire_write_timeout(struct wire *w, long long ms)
{
	struct timeval t = { .tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000 };

	if (ms > 0)
		setsockopt(w->fd, SOL_SOCKET, SO_SNDTIMEO, &t, sizeof(t));
}

static long write_some(struct wire *w, const char *bytes, size_t n)
{
	int result;

	if (!w->ssl)
		return send(w->fd, bytes, n, MSG_NOSIGNAL);
	ERR_clear_error();
	result = SSL_write(w->ssl, bytes, n > 1 << 20 ? 1 << 20 : (int)n);
	if (result <= 0 && errno == 0)
		errno = EPIPE;
	return result > 0 ? result : -1;
}

size_t wire_stream(struct wire *w, const void *bytes, size_t n)
{
	const char *at = bytes;
	size_t sent = 0;
	bool told = false;

	if (w->fd < 0) {
		errno = ENOTCONN;
		return 0;
	}
	while (sent < n) {
		long done = write_some(w, at + sent, n - sent);

		if (done < 0 && errno == EINTR)
			continue;
		/* Of a datagram before this one, which has not been sent. */
		if (done < 0 && errno == ECONNREFUSED && !told) {
			told = true;
			continue;
		}
		if (done < 0)
			break;
		sent += (size_t)done;
	}
	return sent;
}

int wire_send(struct wire *w, const void *bytes, size_t n)
{
	return wire_stream(w, bytes, n) == n && w->fd >= 0 ? 0 : -1;
}

long wire_receive(struct wire *w, void *bytes, size_t n)
{
	ssize_t got;

	if (w->ssl) {
		int result = SSL_read(w->ssl, bytes, (int)n);

		return result > 0 ? result : SSL_get_error(w->ssl, result) == SSL_ERROR_ZERO_RETURN ? 0 : -1;
	}
	do
		got = recv(w->fd, bytes, n, 0);
	while (got < 0 && errno == EINTR);
	return got;
}

bool wire_is_over(struct wire *w)
{
	struct pollfd p = { .fd = w->fd, .events = POLLIN | POLLRDHUP };

	return poll(&p, 1, 0) > 0 && (p.revents & (POLLRDHUP | POLLHUP | POLLERR));
}

void wire_close(struct wire *w)
{
	if (w->ssl) {
		(void)SSL_shutdown(w->ssl);
		SSL_free(w->ssl);
	}
	if (w->fd >= 0)
		close(w->fd);
	*w = (struct wire){ .fd = -1 };
}
