#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/bpf.h>
#include <string.h>
#include <sys/syscall.h>

#include "cgroup-file.h"
#include "fd.h"

#define RULES_MAX 512
#define ATTACHED_MAX 64

uint32_t cgroup_rules_start(const struct plan *plan, bool *allow)
{
	const struct plan_device_rule *rules = plan_items(plan, plan->resources.device_rules);
	uint32_t start = 0;

	*allow = false;
	for (uint32_t i = 0; i < plan->resources.device_rules.count; i++) {
		/* The kernel's v1 controller takes `a` as everything, whatever numbers are with it. */
		if (rules[i].type != 'a')
			continue;
		*allow = rules[i].allow;
		start = i + 1;
	}
	return start;
}

struct program {
	struct bpf_insn code[RULES_MAX * 8 + 16];
	unsigned length;
};

static void emit(struct program *p, uint8_t code, uint8_t dst, uint8_t src, int16_t off, int32_t imm)
{
	p->code[p->length++] =
		(struct bpf_insn){ .code = code, .dst_reg = dst & 15, .src_reg = src & 15, .off = off, .imm = imm };
}

static void emit_answer(struct program *p, bool allow)
{
	emit(p, BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_0, 0, 0, allow);
	emit(p, BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
}

/*
 * r2 type, r3 access, r4 major, r5 minor. An allowing rule must cover all that is asked; a denying one is hit by any
 * part of it. Every test that fails jumps behind the rule.
 */
static void emit_rule(struct program *p, const struct plan_device_rule *rule)
{
	unsigned jumps[5], count = 0;

	if (rule->type != 'a') {
		jumps[count++] = p->length;
		emit(p, BPF_JMP | BPF_JNE | BPF_K, BPF_REG_2, 0, 0,
		     rule->type == 'b' ? BPF_DEVCG_DEV_BLOCK : BPF_DEVCG_DEV_CHAR);
	}
	if ((rule->access & 7) != 7) {
		emit(p, BPF_ALU64 | BPF_MOV | BPF_X, BPF_REG_1, BPF_REG_3, 0, 0);
		emit(p, BPF_ALU64 | BPF_AND | BPF_K, BPF_REG_1, 0, 0, (int32_t)rule->access);
		jumps[count++] = p->length;
		if (rule->allow)
			emit(p, BPF_JMP | BPF_JNE | BPF_X, BPF_REG_1, BPF_REG_3, 0, 0);
		else
			emit(p, BPF_JMP | BPF_JEQ | BPF_K, BPF_REG_1, 0, 0, 0);
	}
	if (rule->major >= 0) {
		jumps[count++] = p->length;
		emit(p, BPF_JMP | BPF_JNE | BPF_K, BPF_REG_4, 0, 0, (int32_t)rule->major);
	}
	if (rule->minor >= 0) {
		jumps[count++] = p->length;
		emit(p, BPF_JMP | BPF_JNE | BPF_K, BPF_REG_5, 0, 0, (int32_t)rule->minor);
	}
	emit_answer(p, rule->allow);
	for (unsigned i = 0; i < count; i++)
		p->code[jumps[i]].off = (int16_t)(p->length - jumps[i] - 1);
}

static int write_program(struct program *p, const struct plan *plan, struct error *err)
{
	const struct plan_device_rule *rules = plan_items(plan, plan->resources.device_rules);
	bool allow;
	uint32_t start = cgroup_rules_start(plan, &allow), count = plan->resources.device_rules.count;

	if (count - start > RULES_MAX)
		return error_text(err, E2BIG, "more than %d device rules", RULES_MAX);
	p->length = 0;
	emit(p, BPF_LDX | BPF_W | BPF_MEM, BPF_REG_2, BPF_REG_1, offsetof(struct bpf_cgroup_dev_ctx, access_type), 0);
	emit(p, BPF_ALU | BPF_MOV | BPF_X, BPF_REG_3, BPF_REG_2, 0, 0);
	emit(p, BPF_ALU | BPF_AND | BPF_K, BPF_REG_2, 0, 0, 0xffff);
	emit(p, BPF_ALU | BPF_RSH | BPF_K, BPF_REG_3, 0, 0, 16);
	emit(p, BPF_LDX | BPF_W | BPF_MEM, BPF_REG_4, BPF_REG_1, offsetof(struct bpf_cgroup_dev_ctx, major), 0);
	emit(p, BPF_LDX | BPF_W | BPF_MEM, BPF_REG_5, BPF_REG_1, offsetof(struct bpf_cgroup_dev_ctx, minor), 0);
	/* The last rule that fits decides, so it is asked first. */
	for (uint32_t i = count; i > start; i--)
		emit_rule(p, &rules[i - 1]);
	emit_answer(p, allow);
	return 0;
}

static int bpf(int command, union bpf_attr *attr)
{
	return (int)syscall(SYS_bpf, command, attr, sizeof(*attr));
}

static int load(const struct program *p, struct error *err)
{
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE,
		.insns = (uint64_t)(uintptr_t)p->code,
		.insn_cnt = p->length,
		.license = (uint64_t)(uintptr_t)"Apache-2.0",
	};
	int fd = bpf(BPF_PROG_LOAD, &attr);

	return fd < 0 ? error_set(err, errno, "unable to load the device filter") : fd;
}

/* The programs that were there before. */
static unsigned attached(int cgroup, uint32_t *ids)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.query.target_fd = (uint32_t)cgroup;
	attr.query.attach_type = BPF_CGROUP_DEVICE;
	attr.query.prog_ids = (uint64_t)(uintptr_t)ids;
	attr.query.prog_cnt = ATTACHED_MAX;
	return bpf(BPF_PROG_QUERY, &attr) ? 0 : attr.query.prog_cnt;
}

static void detach(int cgroup, uint32_t id)
{
	union bpf_attr attr;
	scoped_fd int program = -1;

	memset(&attr, 0, sizeof(attr));
	attr.prog_id = id;
	program = bpf(BPF_PROG_GET_FD_BY_ID, &attr);
	if (program < 0)
		return;
	memset(&attr, 0, sizeof(attr));
	attr.target_fd = (uint32_t)cgroup;
	attr.attach_bpf_fd = (uint32_t)program;
	attr.attach_type = BPF_CGROUP_DEVICE;
	bpf(BPF_PROG_DETACH, &attr);
}

int cgroup_devices_attach(const struct cgroup *cg, const struct plan *plan, struct error *err)
{
	char path[PATH_MAX];
	uint32_t before[ATTACHED_MAX];
	unsigned count;
	union bpf_attr attr;
	struct program program;
	scoped_fd int cgroup = -1;
	scoped_fd int fd = -1;

	if (cgroup_directory(cg, 0, path, sizeof(path)) < 0 || write_program(&program, plan, err))
		return -1;
	cgroup = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (cgroup < 0)
		return error_set(err, errno, "open %s", path);
	fd = load(&program, err);
	if (fd < 0)
		return -1;
	count = attached(cgroup, before);
	memset(&attr, 0, sizeof(attr));
	attr.target_fd = (uint32_t)cgroup;
	attr.attach_bpf_fd = (uint32_t)fd;
	attr.attach_type = BPF_CGROUP_DEVICE;
	attr.attach_flags = BPF_F_ALLOW_MULTI;
	if (bpf(BPF_PROG_ATTACH, &attr))
		return error_set(err, errno, "unable to attach the device filter");
	/* All programs must agree, so between the two calls only less is allowed, never more. */
	for (unsigned i = 0; i < count && i < ATTACHED_MAX; i++)
		detach(cgroup, before[i]);
	return 0;
}
