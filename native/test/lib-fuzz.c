/*
 * Feeds the parsers of native/lib: a libFuzzer target (-DWITH_LIBFUZZER, TARGET one of the functions), or a program that
 * mutates good inputs a fixed number of times under the sanitisers.
 */
#include <json-c/json.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "criu.h"
#include "error.h"
#include "plan.h"
#include "plan_parse.h"
#include "user.h"

int fuzz_plan(const uint8_t *data, size_t size);
int fuzz_user(const uint8_t *data, size_t size);
int fuzz_spec(const uint8_t *data, size_t size);
int fuzz_criu(const uint8_t *data, size_t size);

/* A plan that passes can be read to its last string. */
static void read_all(const struct plan *plan)
{
	char **argv = plan_vector(plan, plan->process.args, NULL);
	size_t total = 0;

	for (size_t i = 0; argv && argv[i]; i++)
		total += strlen(argv[i]);
	for (uint32_t i = 0; i < plan->mounts.count; i++) {
		const struct plan_mount *m = (const struct plan_mount *)plan_items(plan, plan->mounts) + i;

		total += strlen(plan_text(plan, m->destination));
		if (m->data)
			total += strlen(plan_text(plan, m->data));
	}
	if (total == SIZE_MAX)
		abort();
	free(argv);
}

int fuzz_plan(const uint8_t *data, size_t size)
{
	/* On the heap and aligned, so that the sanitiser sees the first byte behind. */
	void *copy = malloc(size ? size : 1);
	struct error err;

	memcpy(copy, data, size);
	if (!plan_check(copy, size, &err))
		read_all(copy);
	free(copy);
	return 0;
}

int fuzz_user(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	size_t third = size / 3;
	const char *extra[1];
	struct user user;
	struct error err;
	char *spec, *group;

	memcpy(text, data, size);
	text[size] = '\0';
	spec = strndup(text, third > 64 ? 64 : third);
	group = strndup(text + third, third);
	extra[0] = spec;
	user_resolve_text(text + 2 * third, group, spec, extra, 1, &user, &err);
	free(group);
	free(spec);
	free(text);
	return 0;
}

int fuzz_spec(const uint8_t *data, size_t size)
{
	struct plan_options options = { .id = "fuzz", .bundle = "/b" };
	struct error err;
	struct json_object *json = json_from_text((const char *)data, size, &err);
	int fd;

	if (!json)
		return 0;
	fd = plan_from_spec(json, &options, &err);
	if (fd >= 0) {
		const struct plan *plan = plan_map(fd, &err);

		if (!plan)
			abort(); /* what we write we must be able to read */
		read_all(plan);
		plan_unmap(plan);
		close(fd);
	}
	json_object_put(json);
	return 0;
}

int fuzz_criu(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1);
	struct criu_answer answer;

	memcpy(copy, data, size);
	if (!criu_answer_parse(copy, size, &answer) && strlen(answer.script) + strlen(answer.message) > 400)
		abort();
	free(copy);
	return 0;
}

#ifdef WITH_LIBFUZZER
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return TARGET(data, size);
}
#else
#include "tap.h"

static const char spec_seed[] =
	"{\"ociVersion\":\"1.2.0\",\"process\":{\"cwd\":\"/\",\"args\":[\"a\"],\"env\":[\"X=1\"],\"user\":{\"uid\":5},"
	"\"rlimits\":[{\"type\":\"RLIMIT_CORE\",\"soft\":1,\"hard\":2}],\"scheduler\":{\"policy\":\"SCHED_IDLE\"}},"
	"\"root\":{\"path\":\"r\"},\"mounts\":[{\"destination\":\"/d\",\"type\":\"tmpfs\",\"options\":[\"ro\",\"x=1\"]}],"
	"\"hooks\":{\"poststop\":[{\"path\":\"/x\",\"args\":[\"y\"],\"timeout\":3}]},"
	"\"linux\":{\"namespaces\":[{\"type\":\"mount\"},{\"type\":\"network\"}],\"sysctl\":{\"net.a.b\":\"1\"},"
	"\"devices\":[{\"path\":\"/dev/a\",\"type\":\"c\",\"major\":1,\"minor\":2}],"
	"\"resources\":{\"unified\":{\"memory.max\":\"1\"},\"blockIO\":{\"weightDevice\":[{\"major\":8,\"minor\":0,"
	"\"weight\":3}]},\"devices\":[{\"allow\":false,\"type\":\"b\",\"major\":-1,\"access\":\"rw\"}]}}}";
static const char user_seed[] = "bob:wheel,12:x:99 root:x:0:0::/:\nwheel:x:7:bob,x\nbob:x:1000:1001:B:/home/bob:/bin/sh\n:::::\n";

/* {type, success, dump {}, restore {pid}, notify {script, pid}, code, message} */
static const uint8_t criu_seed[] = { 0x08, 0x02, 0x10, 0x01, 0x1a, 0x00, 0x22, 0x03, 0x08, 0xac, 0x02, 0x2a, 0x07, 0x0a, 0x02,
				     'x',  'y',  0x10, 0xac, 0x02, 0x38, 0x10, 0x4a, 0x05, 'e',	 'r',  'r',  'o',  'r' };

static void mutate(const char *name, int (*target)(const uint8_t *, size_t), const void *seed, size_t size, int rounds)
{
	uint8_t *copy = malloc(size);

	for (int i = 0; i < rounds; i++) {
		size_t used = rand() % 4 ? size : (size_t)rand() % (size + 1);

		memcpy(copy, seed, size);
		for (int edits = rand() % 6; edits >= 0 && used; edits--)
			copy[(size_t)rand() % used] = rand() % 3 ? (uint8_t)rand() : (uint8_t) "{}[]\",:/09-"[rand() % 11];
		target(copy, used);
	}
	free(copy);
	ok(true, "%s: %d mutated inputs", name, rounds);
}

int main(void)
{
	struct error err;
	struct plan_options options = { .id = "seed", .bundle = "/b" };
	struct json_object *json = json_from_text(spec_seed, strlen(spec_seed), &err);
	int fd = json ? plan_from_spec(json, &options, &err) : -1;
	const struct plan *plan = fd < 0 ? NULL : plan_map(fd, &err);

	if (!ok(plan != NULL, "the seed is a plan (%s)", err.message))
		return tap_done();
	srand(11);
	mutate("plan", fuzz_plan, plan, plan->size, 30000);
	mutate("user", fuzz_user, user_seed, sizeof(user_seed) - 1, 30000);
	mutate("criu", fuzz_criu, criu_seed, sizeof(criu_seed), 30000);
	mutate("spec", fuzz_spec, spec_seed, sizeof(spec_seed) - 1, 8000);
	plan_unmap(plan);
	close(fd);
	json_object_put(json);
	return tap_done();
}
#endif
