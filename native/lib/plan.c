#include "plan.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "error.h"

/*
 * The shapes of what a plan holds, so that one walker can check every offset: for each struct, where its strings,
 * lists and blobs are, and what is in the lists.
 */
enum field_kind { FIELD_END, FIELD_STRING, FIELD_LIST, FIELD_BLOB };

struct shape;

struct field {
	enum field_kind kind;
	uint32_t at;
	const struct shape *item; /* of a list */
};

struct shape {
	uint32_t size;
	uint32_t align;
	const struct field *fields;
};

#define STRING(type, name) { FIELD_STRING, offsetof(struct type, name), NULL }
#define LIST(type, name, item) { FIELD_LIST, offsetof(struct type, name), &(item) }
#define BLOB(type, name) { FIELD_BLOB, offsetof(struct type, name), NULL }
#define END { FIELD_END, 0, NULL }
#define SHAPE(type, ...) { sizeof(type), _Alignof(type), (const struct field[]){ __VA_ARGS__ } }

static const struct shape number_shape = SHAPE(uint32_t, END);
static const struct shape text_shape = SHAPE(plan_string, { FIELD_STRING, 0, NULL }, END);
static const struct shape id_map_shape = SHAPE(struct plan_id_map, END);
static const struct shape namespace_shape = SHAPE(struct plan_namespace, STRING(plan_namespace, path), END);
static const struct shape mount_shape =
	SHAPE(struct plan_mount, STRING(plan_mount, destination), STRING(plan_mount, source),
	      STRING(plan_mount, type), STRING(plan_mount, data), LIST(plan_mount, uid_maps, id_map_shape),
	      LIST(plan_mount, gid_maps, id_map_shape), END);
static const struct shape device_shape = SHAPE(struct plan_device, STRING(plan_device, path), END);
static const struct shape pair_shape =
	SHAPE(struct plan_pair, STRING(plan_pair, key), STRING(plan_pair, value), END);
static const struct shape rlimit_shape = SHAPE(struct plan_rlimit, END);
static const struct shape hook_shape = SHAPE(struct plan_hook, STRING(plan_hook, path),
					     LIST(plan_hook, args, text_shape), LIST(plan_hook, env, text_shape), END);
static const struct shape rule_shape = SHAPE(struct plan_device_rule, END);
static const struct shape blkio_shape = SHAPE(struct plan_blkio_device, END);
static const struct shape hugetlb_shape = SHAPE(struct plan_hugetlb, STRING(plan_hugetlb, size), END);

#define HOOKS(point) { FIELD_LIST, offsetof(struct plan, hooks) + (point) * sizeof(struct plan_list), &hook_shape }

static const struct shape plan_shape =
	SHAPE(struct plan, STRING(plan, id), STRING(plan, bundle), STRING(plan, state_head), STRING(plan, rootfs),
	      STRING(plan, hostname), STRING(plan, domainname), STRING(plan, mount_label), STRING(plan, cgroup_path),
	      LIST(plan, namespaces, namespace_shape), LIST(plan, uid_maps, id_map_shape),
	      LIST(plan, gid_maps, id_map_shape), LIST(plan, mounts, mount_shape), LIST(plan, devices, device_shape),
	      LIST(plan, masked_paths, text_shape), LIST(plan, readonly_paths, text_shape),
	      LIST(plan, sysctls, pair_shape), HOOKS(HOOK_PRESTART), HOOKS(HOOK_CREATE_RUNTIME),
	      HOOKS(HOOK_CREATE_CONTAINER), HOOKS(HOOK_START_CONTAINER), HOOKS(HOOK_POSTSTART), HOOKS(HOOK_POSTSTOP),
	      STRING(plan, process.cwd), STRING(plan, process.apparmor), STRING(plan, process.selinux_label),
	      LIST(plan, process.args, text_shape), LIST(plan, process.env, text_shape),
	      LIST(plan, process.groups, number_shape), LIST(plan, process.rlimits, rlimit_shape),
	      STRING(plan, resources.cpus), STRING(plan, resources.mems), LIST(plan, resources.device_rules, rule_shape),
	      LIST(plan, resources.blkio_devices, blkio_shape), LIST(plan, resources.hugetlb, hugetlb_shape),
	      LIST(plan, resources.unified, pair_shape), LIST(plan, resources.net_priorities, pair_shape),
	      BLOB(plan, seccomp.filter), STRING(plan, seccomp.listener_path), STRING(plan, seccomp.listener_metadata),
	      END);

/* Lists nest two deep at most (hooks and mounts), so the recursion ends with the table. */
static int check_shape(const char *base, uint32_t size, uint32_t at, const struct shape *shape)
{
	for (const struct field *f = shape->fields; f->kind != FIELD_END; f++) {
		uint32_t offset;

		memcpy(&offset, base + at + f->at, sizeof(offset));
		if (f->kind == FIELD_STRING) {
			/* The last byte of a plan is NUL, so a string that starts inside ends inside. */
			if (offset && (offset < sizeof(struct plan) || offset >= size))
				return -1;
		} else if (f->kind == FIELD_BLOB) {
			struct plan_blob blob;

			memcpy(&blob, base + at + f->at, sizeof(blob));
			if (blob.size && (blob.at < sizeof(struct plan) || blob.at % 8 || blob.at > size ||
					  blob.size > size - blob.at))
				return -1;
		} else {
			struct plan_list list;

			memcpy(&list, base + at + f->at, sizeof(list));
			if (!list.count)
				continue;
			if (list.at < sizeof(struct plan) || list.at % f->item->align || list.at > size ||
			    list.count > (size - list.at) / f->item->size)
				return -1;
			for (uint32_t i = 0; i < list.count && f->item->fields->kind != FIELD_END; i++)
				if (check_shape(base, size, list.at + i * f->item->size, f->item))
					return -1;
		}
	}
	return 0;
}

/* A list whose elements must all be there: absent strings in argv would end it early. */
static bool texts_present(const struct plan *plan, struct plan_list list)
{
	for (uint32_t i = 0; i < list.count; i++)
		if (!plan_text_at(plan, list, i))
			return false;
	return true;
}

static int check_present(const struct plan *plan)
{
	const struct plan_mount *mounts = plan_items(plan, plan->mounts);
	const struct plan_device *devices = plan_items(plan, plan->devices);
	const struct plan_pair *sysctls = plan_items(plan, plan->sysctls);

	if (!texts_present(plan, plan->process.args) || !texts_present(plan, plan->process.env) ||
	    !texts_present(plan, plan->masked_paths) || !texts_present(plan, plan->readonly_paths))
		return -1;
	for (uint32_t i = 0; i < plan->mounts.count; i++)
		if (!mounts[i].destination)
			return -1;
	for (uint32_t i = 0; i < plan->devices.count; i++)
		if (!devices[i].path)
			return -1;
	for (uint32_t i = 0; i < plan->sysctls.count; i++)
		if (!sysctls[i].key || !sysctls[i].value)
			return -1;
	for (int point = 0; point < HOOK_POINTS; point++) {
		const struct plan_hook *hooks = plan_items(plan, plan->hooks[point]);

		for (uint32_t i = 0; i < plan->hooks[point].count; i++)
			if (!hooks[i].path || !texts_present(plan, hooks[i].args) || !texts_present(plan, hooks[i].env))
				return -1;
	}
	return plan->seccomp.filter.size % 8 || !plan->id ? -1 : 0;
}

static int check_resources(const struct plan *plan)
{
	const struct plan_hugetlb *huge = plan_items(plan, plan->resources.hugetlb);
	const struct plan_list pairs[] = { plan->resources.unified, plan->resources.net_priorities };

	for (uint32_t i = 0; i < plan->resources.hugetlb.count; i++)
		if (!huge[i].size)
			return -1;
	for (int which = 0; which < 2; which++) {
		const struct plan_pair *pair = plan_items(plan, pairs[which]);

		for (uint32_t i = 0; i < pairs[which].count; i++)
			if (!pair[i].key || !pair[i].value)
				return -1;
	}
	return 0;
}

int plan_check(const void *memory, size_t size, struct error *err)
{
	const struct plan *plan = memory;

	if (size < sizeof(*plan) + 1 || size > PLAN_SIZE_MAX)
		return error_text(err, EINVAL, "plan of %zu bytes", size);
	if (plan->magic != PLAN_MAGIC || plan->version != PLAN_VERSION)
		return error_text(err, EINVAL, "not a plan of this version");
	if (plan->size != size || ((const char *)memory)[size - 1] != '\0')
		return error_text(err, EINVAL, "plan is cut off");
	if (plan->kind != PLAN_CONTAINER && plan->kind != PLAN_EXEC)
		return error_text(err, EINVAL, "plan of unknown kind %u", plan->kind);
	if (check_shape(memory, (uint32_t)size, 0, &plan_shape) || check_present(plan) || check_resources(plan))
		return error_text(err, EINVAL, "plan with an offset outside of it");
	return 0;
}

const struct plan *plan_map(int fd, struct error *err)
{
	const int needed = F_SEAL_SHRINK | F_SEAL_WRITE;
	struct stat status;
	void *memory;
	int seals = fcntl(fd, F_GET_SEALS);

	if (seals < 0 || (seals & needed) != needed) {
		error_text(err, EINVAL, "plan is not sealed");
		return NULL;
	}
	if (fstat(fd, &status)) {
		error_set(err, errno, "plan");
		return NULL;
	}
	if (status.st_size < (off_t)sizeof(struct plan) || status.st_size > PLAN_SIZE_MAX) {
		error_text(err, EINVAL, "plan of %lld bytes", (long long)status.st_size);
		return NULL;
	}
	memory = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_SHARED, fd, 0);
	if (memory == MAP_FAILED) {
		error_set(err, errno, "plan");
		return NULL;
	}
	if (plan_check(memory, (size_t)status.st_size, err)) {
		munmap(memory, (size_t)status.st_size);
		return NULL;
	}
	return memory;
}

void plan_unmap(const struct plan *plan)
{
	if (plan)
		munmap((void *)plan, plan->size);
}

char **plan_vector(const struct plan *plan, struct plan_list list, const char *before)
{
	char **vector = calloc((size_t)list.count + 2, sizeof(*vector));
	size_t n = 0;

	if (!vector)
		return NULL;
	if (before)
		vector[n++] = (char *)before;
	for (uint32_t i = 0; i < list.count; i++)
		vector[n++] = (char *)plan_text_at(plan, list, i);
	return vector;
}

const char *plan_namespace_path(const struct plan *plan, uint32_t type, bool *listed)
{
	const struct plan_namespace *ns = plan_items(plan, plan->namespaces);

	*listed = false;
	for (uint32_t i = 0; i < plan->namespaces.count; i++) {
		if (ns[i].type != type)
			continue;
		*listed = true;
		return plan_text(plan, ns[i].path);
	}
	return NULL;
}
