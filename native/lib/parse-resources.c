#include "parse-resources.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/*
 * The devices every container may use, whatever the rules before say. Source: the runtime specification, default devices;
 * tun, of which only the node is missing, is the reference's.
 */
static const struct plan_device_rule default_rules[] = {
	{ 1, 'c', -1, -1, 1, 0 }, /* making nodes of any kind ... */
	{ 1, 'b', -1, -1, 1, 0 }, /* ... is not using them */
	{ 1, 'c', 1, 3, 7, 0 }, /* null */
	{ 1, 'c', 1, 8, 7, 0 }, /* random */
	{ 1, 'c', 1, 7, 7, 0 }, /* full */
	{ 1, 'c', 5, 0, 7, 0 }, /* tty */
	{ 1, 'c', 1, 5, 7, 0 }, /* zero */
	{ 1, 'c', 1, 9, 7, 0 }, /* urandom */
	{ 1, 'c', 136, -1, 7, 0 }, /* pts */
	{ 1, 'c', 5, 2, 7, 0 }, /* ptmx */
	{ 1, 'c', 10, 200, 7, 0 }, /* tun */
};

#define DEFAULT_RULES (sizeof(default_rules) / sizeof(default_rules[0]))

static void device_rule(struct parse *p, struct json_object *item, struct plan_device_rule *rule)
{
	const char *type = json_text(p, item, "type"), *access = json_text(p, item, "access");

	rule->allow = json_flag(p, item, "allow");
	rule->type = type && *type ? (uint32_t)type[0] : 'a';
	rule->major = rule->minor = -1;
	json_i64(p, item, "major", &rule->major);
	json_i64(p, item, "minor", &rule->minor);
	for (; access && *access; access++) {
		const char *bit = strchr("mrw", *access);

		if (bit)
			rule->access |= 1U << (bit - "mrw");
		else
			parse_fail(p, EINVAL, "device access %s", json_text(p, item, "access"));
	}
	if (!rule->access)
		rule->access = 7;
	if ((rule->type != 'a' && rule->type != 'b' && rule->type != 'c') || (type && *type && type[1]))
		parse_fail(p, EINVAL, "invalid device type %s", type);
	if (rule->major < -1 || rule->minor < -1 || rule->major > UINT32_MAX || rule->minor > UINT32_MAX)
		parse_fail(p, EINVAL, "device number out of range");
}

static void parse_rules(struct parse *p, struct json_object *resources, bool whole)
{
	struct plan_resources *out = &builder_plan(&p->build)->resources;
	struct json_object *array = json_member(p, resources, "devices", json_type_array);
	uint32_t listed = json_count(array);
	struct plan_device_rule *rules;

	if (!whole && !array)
		return;
	out->present |= RES_DEVICES;
	out->device_rules =
		builder_list(&p->build, listed + (uint32_t)DEFAULT_RULES, sizeof(*rules), (void **)&rules);
	if (!rules)
		return;
	for (uint32_t i = 0; i < listed && !p->failed; i++)
		device_rule(p, json_element(p, array, i, json_type_object), &rules[i]);
	memcpy(rules + listed, default_rules, sizeof(default_rules));
}

static void take_i64(struct parse *p, struct json_object *parent, const char *key, uint32_t bit, int64_t *value)
{
	if (json_i64(p, parent, key, value))
		builder_plan(&p->build)->resources.present |= bit;
}

static void take_u64(struct parse *p, struct json_object *parent, const char *key, uint32_t bit, uint64_t *value)
{
	if (json_u64(p, parent, key, value))
		builder_plan(&p->build)->resources.present |= bit;
}

static void parse_memory(struct parse *p, struct json_object *memory, struct plan_resources *out)
{
	uint64_t number;

	take_i64(p, memory, "limit", RES_MEMORY, &out->memory);
	take_i64(p, memory, "reservation", RES_MEMORY_RESERVATION, &out->memory_reservation);
	take_i64(p, memory, "swap", RES_MEMORY_SWAP, &out->memory_swap);
	take_i64(p, memory, "kernelTCP", RES_MEMORY_KERNEL_TCP, &out->memory_kernel_tcp);
	if (json_u64(p, memory, "swappiness", &number)) {
		if (number > 100)
			parse_fail(p, EINVAL, "invalid memory swappiness value: %llu (valid range is 0-100)",
				   (unsigned long long)number);
		out->present |= RES_SWAPPINESS;
		out->swappiness = (uint32_t)number;
	}
	if (json_member(p, memory, "disableOOMKiller", json_type_boolean)) {
		out->present |= RES_OOM_DISABLE;
		out->oom_disable = json_flag(p, memory, "disableOOMKiller");
	}
	if (json_flag(p, memory, "checkBeforeUpdate"))
		out->present |= RES_CHECK_BEFORE_UPDATE;
}

static void parse_cpu(struct parse *p, struct json_object *cpu, struct plan_resources *out)
{
	take_u64(p, cpu, "shares", RES_CPU_SHARES, &out->cpu_shares);
	take_i64(p, cpu, "quota", RES_CPU_QUOTA, &out->cpu_quota);
	take_u64(p, cpu, "burst", RES_CPU_BURST, &out->cpu_burst);
	take_u64(p, cpu, "period", RES_CPU_PERIOD, &out->cpu_period);
	take_i64(p, cpu, "realtimeRuntime", RES_CPU_RT_RUNTIME, &out->cpu_rt_runtime);
	take_u64(p, cpu, "realtimePeriod", RES_CPU_RT_PERIOD, &out->cpu_rt_period);
	take_i64(p, cpu, "idle", RES_CPU_IDLE, &out->cpu_idle);
	out->cpus = json_plan_text(p, cpu, "cpus");
	out->mems = json_plan_text(p, cpu, "mems");
}

static const struct {
	const char *key;
	enum plan_blkio_kind kind;
} throttles[] = {
	{ "throttleReadBpsDevice", BLKIO_READ_BPS },
	{ "throttleWriteBpsDevice", BLKIO_WRITE_BPS },
	{ "throttleReadIOPSDevice", BLKIO_READ_IOPS },
	{ "throttleWriteIOPSDevice", BLKIO_WRITE_IOPS },
};

static struct json_object *blkio_device(struct parse *p, struct json_object *array, uint32_t i,
					struct plan_blkio_device *out)
{
	struct json_object *item = json_element(p, array, i, json_type_object);

	out->major = json_u32(p, item, "major", 0);
	out->minor = json_u32(p, item, "minor", 0);
	return item;
}

static void parse_blkio(struct parse *p, struct json_object *blkio, struct plan_resources *out)
{
	struct json_object *weights = json_member(p, blkio, "weightDevice", json_type_array);
	struct plan_blkio_device *devices;
	uint32_t count = 2 * json_count(weights), n = 0;

	if (json_member(p, blkio, "weight", json_type_int))
		out->present |= RES_BLKIO_WEIGHT;
	out->blkio_weight = json_u32(p, blkio, "weight", 0);
	if (json_member(p, blkio, "leafWeight", json_type_int))
		out->present |= RES_BLKIO_LEAF_WEIGHT;
	out->blkio_leaf_weight = json_u32(p, blkio, "leafWeight", 0);
	for (size_t t = 0; t < sizeof(throttles) / sizeof(throttles[0]); t++)
		count += json_count(json_member(p, blkio, throttles[t].key, json_type_array));
	out->blkio_devices = builder_list(&p->build, count, sizeof(*devices), (void **)&devices);
	if (!devices)
		return;
	for (uint32_t i = 0; i < json_count(weights) && !p->failed; i++) {
		struct json_object *item = blkio_device(p, weights, i, &devices[n]);

		devices[n].kind = BLKIO_WEIGHT;
		if (json_u64(p, item, "weight", &devices[n].value))
			n++;
		blkio_device(p, weights, i, &devices[n]);
		devices[n].kind = BLKIO_LEAF_WEIGHT;
		if (json_u64(p, item, "leafWeight", &devices[n].value))
			n++;
	}
	for (size_t t = 0; t < sizeof(throttles) / sizeof(throttles[0]); t++) {
		struct json_object *array = json_member(p, blkio, throttles[t].key, json_type_array);

		for (uint32_t i = 0; i < json_count(array) && !p->failed; i++, n++) {
			struct json_object *item = blkio_device(p, array, i, &devices[n]);

			devices[n].kind = throttles[t].kind;
			json_u64(p, item, "rate", &devices[n].value);
		}
	}
	out->blkio_devices.count = n;
}

static void parse_huge(struct parse *p, struct json_object *resources, struct plan_resources *out)
{
	struct json_object *array = json_member(p, resources, "hugepageLimits", json_type_array);
	struct plan_hugetlb *items;

	out->hugetlb = builder_list(&p->build, json_count(array), sizeof(*items), (void **)&items);
	for (uint32_t i = 0; i < out->hugetlb.count && !p->failed; i++) {
		struct json_object *item = json_element(p, array, i, json_type_object);
		const char *size = json_text(p, item, "pageSize");

		if (!size || strchr(size, '/') || strlen(size) > 32)
			parse_fail(p, EINVAL, "hugepageLimits[%u]: invalid pageSize", i);
		items[i].size = builder_text(&p->build, size);
		json_u64(p, item, "limit", &items[i].limit);
	}
}

static void parse_unified(struct parse *p, struct json_object *resources, struct plan_resources *out)
{
	struct json_object *map = json_member(p, resources, "unified", json_type_object);
	struct plan_pair *pairs;
	uint32_t n = 0;

	out->unified = builder_list(&p->build, map ? (uint32_t)json_object_object_length(map) : 0, sizeof(*pairs),
				    (void **)&pairs);
	if (!out->unified.count)
		return;
	json_object_object_foreach(map, key, value) {
		const char *text = json_text(p, map, key);

		if (!text || strchr(key, '/') || key[0] == '.' || !*key) {
			parse_fail(p, EINVAL, "unified resource \"%s\" must be a file name", key);
			(void)value;
			return;
		}
		pairs[n].key = builder_text(&p->build, key);
		pairs[n++].value = builder_text(&p->build, text);
	}
}

static void parse_net(struct parse *p, struct json_object *network, struct plan_resources *out)
{
	struct json_object *array = json_member(p, network, "priorities", json_type_array);
	struct plan_pair *pairs;

	out->net_class = json_u32(p, network, "classID", 0);
	out->net_priorities = builder_list(&p->build, json_count(array), sizeof(*pairs), (void **)&pairs);
	for (uint32_t i = 0; i < out->net_priorities.count && !p->failed; i++) {
		struct json_object *item = json_element(p, array, i, json_type_object);
		char number[16];

		snprintf(number, sizeof(number), "%u", json_u32(p, item, "priority", 0));
		pairs[i].key = json_plan_text(p, item, "name");
		pairs[i].value = builder_text(&p->build, number);
		if (!pairs[i].key)
			parse_fail(p, EINVAL, "network priority without a name");
	}
}

void parse_resources(struct parse *p, struct json_object *resources, bool whole)
{
	struct plan_resources *out = &builder_plan(&p->build)->resources;
	struct json_object *pids = json_member(p, resources, "pids", json_type_object);
	struct json_object *rdma = json_member(p, resources, "rdma", json_type_object);

	parse_memory(p, json_member(p, resources, "memory", json_type_object), out);
	parse_cpu(p, json_member(p, resources, "cpu", json_type_object), out);
	take_i64(p, pids, "limit", RES_PIDS, &out->pids);
	parse_blkio(p, json_member(p, resources, "blockIO", json_type_object), out);
	parse_huge(p, resources, out);
	parse_unified(p, resources, out);
	parse_net(p, json_member(p, resources, "network", json_type_object), out);
	parse_rules(p, resources, whole);
	if (rdma && json_object_object_length(rdma))
		parse_fail(p, ENOTSUP, "rdma limits are not supported");
}
