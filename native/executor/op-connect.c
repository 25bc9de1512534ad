/* net.connect, net.disconnect: endpoints of containers that run. native/net/README.md. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/fd.h"
#include "../net/conntrack.h"
#include "../net/sandbox.h"
#include "bridge-json.h"
#include "dns-start.h"
#include "executor.h"
#include "sandbox-json.h"
#include "shim-call.h"

#define HELLO_MS 5000

/* The container's init, by what its shim says; -1 when it does not run. */
static pid_t init_of(const char *socket, struct error *err)
{
	char answer[512], state[32] = "", number[24] = "0";

	if (shim_call(socket, "hello", NULL, 0, HELLO_MS, answer, sizeof(answer), err))
		return -1;
	(void)shim_value(answer, "state", state, sizeof(state));
	(void)shim_value(answer, "pid", number, sizeof(number));
	if (strcmp(state, "running") != 0 && strcmp(state, "paused") != 0)
		return error_text(err, ESRCH, "the container does not run");
	return (pid_t)atol(number);
}

/*
 * The container's namespace. Its init is asked for twice: what is still running afterwards has had its number all the
 * time, so that it is not another process's namespace that was opened.
 */
static int open_namespace(const char *socket, struct netns *ns, struct error *err)
{
	pid_t pid = init_of(socket, err), again;
	char path[64];
	int fd;

	if (pid <= 0)
		return -1;
	snprintf(path, sizeof(path), "/proc/%d/ns/net", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return error_set(err, errno, "open the container's network namespace");
	again = init_of(socket, err);
	if (again != pid) {
		close(fd);
		return again < 0 ? -1 : error_text(err, ESRCH, "the container does not run");
	}
	return netns_adopt(ns, fd, err);
}

/* Ports that lead elsewhere from now on: they are held by the shim as before. */
static int move_ports(struct request *r, struct error *err)
{
	struct port_map *old = NULL, *new = NULL;
	const char *table = NULL;
	size_t old_count, new_count;
	int result = -1;

	if (!field_array(r->params, "unpublish") && !field_array(r->params, "publish"))
		return 0;
	if (table_name(r, &table, err) == 0 &&
	    port_maps_from_json(field_array(r->params, "unpublish"), &old, &old_count, err) == 0 &&
	    port_maps_from_json(field_array(r->params, "publish"), &new, &new_count, err) == 0 &&
	    elements_remove(table, old, old_count, err) == 0 && conntrack_forget(old, old_count, err) == 0 &&
	    elements_add(table, new, new_count, err) == 0)
		result = 0;
	free(old);
	free(new);
	return result ? error_stage(err, "publish") : 0;
}

static int start_resolver(struct request *r, struct json_object *dns, int netns_fd, struct keeping *keeping, struct error *err)
{
	struct error late;
	pid_t pid = 0;
	int result = dns_start(r->executor->programs.dns, r->executor->shim_place, dns, netns_fd, keeping, &pid, err);

	if (dns_finish(&pid, result ? &late : err))
		result = -1;
	return result ? error_stage(err, "dns") : 0;
}

static int connect_endpoint(struct request *r, struct netns *ns, char link[IF_NAMESIZE], struct error *err)
{
	struct json_object *dns = field_object(r->params, "dns");
	const struct sandbox_sysctl *sysctls = NULL;
	struct endpoint endpoint = { 0 };
	struct keeping keeping = { 0 };
	struct error ignored;
	size_t count = 0;
	int result;

	if (endpoint_from_json(field_object(r->params, "endpoint"), &endpoint, err) ||
	    sysctls_from_json(field_object(r->params, "sysctls"), &sysctls, &count, err))
		result = -1;
	else
		result = sandbox_plug(ns, &endpoint, sysctls, count, link, err);
	free((void *)sysctls);
	if (result)
		return error_stage(err, "endpoint");
	if ((dns && start_resolver(r, dns, ns->fd, &keeping, err)) || move_ports(r, err) ||
	    keep_hand_over(&keeping, field_string(r->params, "socket"), err)) {
		keep_drop(&keeping);
		(void)sandbox_unplug(ns, endpoint.if_name, &ignored);
		return -1;
	}
	return 0;
}

void op_net_connect(struct request *r)
{
	const char *socket = field_string(r->params, "socket");
	struct json_object *result;
	struct error err = { 0 };
	char link[IF_NAMESIZE] = "";
	struct netns ns;
	int failed;

	if (!socket) {
		request_fail(r, "invalid-argument", EINVAL, "socket is needed");
		return;
	}
	failed = open_namespace(socket, &ns, &err);
	if (!failed) {
		failed = connect_endpoint(r, &ns, link, &err);
		netns_close(&ns);
	}
	if (failed) {
		request_refuse(r, NULL, &err);
		return;
	}
	result = json_object_new_object();
	put_string(result, "link", link);
	request_answer(r, result);
}

static int new_route(struct json_object *gateway, struct netns *ns, struct error *err)
{
	const char *if_name = field_string(gateway, "ifName"), *address = field_string(gateway, "address");
	struct cidr parsed;

	if (!if_name || !address)
		return error_text(err, EINVAL, "a gateway has ifName and address");
	return cidr_parse(address, &parsed, err) ? -1 : sandbox_route(ns, if_name, &parsed, err);
}

static int new_routes(struct json_object *gateways, struct netns *ns, struct error *err)
{
	for (size_t i = 0; gateways && i < json_object_array_length(gateways); i++)
		if (new_route(json_object_array_get_idx(gateways, i), ns, err))
			return -1;
	return 0;
}

static int disconnect_endpoint(struct request *r, struct netns *ns, struct error *err)
{
	const char *if_name = field_string(r->params, "ifName"), *link = field_string(r->params, "link");

	if (!if_name)
		return error_text(err, EINVAL, "ifName is needed");
	/* First of all: nothing gets through any more, whatever fails below. */
	if (link && strlen(link) < IF_NAMESIZE)
		sandbox_cut(&link, 1);
	return sandbox_unplug(ns, if_name, err) || new_routes(field_array(r->params, "gateways"), ns, err) ? -1 :
													     move_ports(r, err);
}

void op_net_disconnect(struct request *r)
{
	const char *socket = field_string(r->params, "socket");
	struct error err = { 0 };
	struct netns ns;
	int failed;

	if (!socket) {
		request_fail(r, "invalid-argument", EINVAL, "socket is needed");
		return;
	}
	failed = open_namespace(socket, &ns, &err);
	if (!failed) {
		failed = disconnect_endpoint(r, &ns, &err);
		netns_close(&ns);
	}
	if (failed)
		request_refuse(r, NULL, &err);
	else
		request_answer(r, NULL);
}
