#include <json-c/json.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>

#include "capability.h"
#include "runtime.h"

static const char *const hooks[] = {
	"prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop", NULL
};
static const char *const mount_options[] = { "async",
					     "atime",
					     "bind",
					     "defaults",
					     "dev",
					     "diratime",
					     "dirsync",
					     "exec",
					     "idmap",
					     "iversion",
					     "lazytime",
					     "mand",
					     "noatime",
					     "nodev",
					     "nodiratime",
					     "noexec",
					     "noiversion",
					     "nolazytime",
					     "nomand",
					     "norelatime",
					     "nostrictatime",
					     "nosuid",
					     "nosymfollow",
					     "private",
					     "ratime",
					     "rbind",
					     "rdev",
					     "rdiratime",
					     "relatime",
					     "remount",
					     "rexec",
					     "ridmap",
					     "rnoatime",
					     "rnodev",
					     "rnodiratime",
					     "rnoexec",
					     "rnorelatime",
					     "rnostrictatime",
					     "rnosuid",
					     "rnosymfollow",
					     "ro",
					     "rprivate",
					     "rrelatime",
					     "rro",
					     "rrw",
					     "rshared",
					     "rslave",
					     "rstrictatime",
					     "rsuid",
					     "rsymfollow",
					     "runbindable",
					     "rw",
					     "shared",
					     "silent",
					     "slave",
					     "strictatime",
					     "suid",
					     "symfollow",
					     "sync",
					     "tmpcopyup",
					     "unbindable",
					     NULL };
static const char *const namespaces[] = { "cgroup", "ipc",  "mount", "network", "pid",
					  "time",   "user", "uts",   NULL };
static const char *const actions[] = { "SCMP_ACT_ALLOW",       "SCMP_ACT_ERRNO",
				       "SCMP_ACT_KILL",        "SCMP_ACT_KILL_PROCESS",
				       "SCMP_ACT_KILL_THREAD", "SCMP_ACT_LOG",
				       "SCMP_ACT_NOTIFY",      "SCMP_ACT_TRACE",
				       "SCMP_ACT_TRAP",        NULL };
static const char *const operators[] = { "SCMP_CMP_EQ", "SCMP_CMP_GE",        "SCMP_CMP_GT", "SCMP_CMP_LE",
					 "SCMP_CMP_LT", "SCMP_CMP_MASKED_EQ", "SCMP_CMP_NE", NULL };
static const char *const archs[] = { "SCMP_ARCH_AARCH64",  "SCMP_ARCH_ARM",         "SCMP_ARCH_MIPS",
				     "SCMP_ARCH_MIPS64",   "SCMP_ARCH_MIPS64N32",   "SCMP_ARCH_MIPSEL",
				     "SCMP_ARCH_MIPSEL64", "SCMP_ARCH_MIPSEL64N32", "SCMP_ARCH_PPC",
				     "SCMP_ARCH_PPC64",    "SCMP_ARCH_PPC64LE",     "SCMP_ARCH_RISCV64",
				     "SCMP_ARCH_S390",     "SCMP_ARCH_S390X",       "SCMP_ARCH_X32",
				     "SCMP_ARCH_X86",      "SCMP_ARCH_X86_64",      NULL };
static const char *const filter_flags[] = { "SECCOMP_FILTER_FLAG_TSYNC", "SECCOMP_FILTER_FLAG_LOG",
					    "SECCOMP_FILTER_FLAG_SPEC_ALLOW",
					    "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", NULL };

static struct json_object *texts(const char *const *list)
{
	struct json_object *array = json_object_new_array();

	for (; *list; list++)
		json_object_array_add(array, json_object_new_string(*list));
	return array;
}

static struct json_object *enabled(bool yes)
{
	struct json_object *object = json_object_new_object();

	json_object_object_add(object, "enabled", json_object_new_boolean(yes));
	return object;
}

static struct json_object *seccomp_features(void)
{
	struct json_object *seccomp = enabled(true);

	json_object_object_add(seccomp, "actions", texts(actions));
	json_object_object_add(seccomp, "operators", texts(operators));
	json_object_object_add(seccomp, "archs", texts(archs));
	json_object_object_add(seccomp, "knownFlags", texts(filter_flags));
	json_object_object_add(seccomp, "supportedFlags", texts(filter_flags + 1));
	return seccomp;
}

static struct json_object *linux_features(void)
{
	struct json_object *object = json_object_new_object(), *cgroup = json_object_new_object(),
			   *idmap = json_object_new_object(), *capabilities = json_object_new_array();

	for (int i = 0; capability_name(i) && i <= capability_last(); i++)
		json_object_array_add(capabilities, json_object_new_string(capability_name(i)));
	json_object_object_add(object, "namespaces", texts(namespaces));
	json_object_object_add(object, "capabilities", capabilities);
	json_object_object_add(cgroup, "v1", json_object_new_boolean(true));
	json_object_object_add(cgroup, "v2", json_object_new_boolean(true));
	json_object_object_add(cgroup, "systemd", json_object_new_boolean(false));
	json_object_object_add(cgroup, "systemdUser", json_object_new_boolean(false));
	json_object_object_add(cgroup, "rdma", json_object_new_boolean(false));
	json_object_object_add(object, "cgroup", cgroup);
	json_object_object_add(object, "seccomp", seccomp_features());
	json_object_object_add(object, "apparmor", enabled(true));
	json_object_object_add(object, "selinux", enabled(true));
	json_object_object_add(object, "intelRdt", enabled(false));
	json_object_object_add(idmap, "idmap", enabled(true));
	json_object_object_add(object, "mountExtensions", idmap);
	return object;
}

int command_features(const struct globals *g, int argc, char **argv, struct error *err)
{
	struct json_object *features = json_object_new_object(), *annotations = json_object_new_object();

	(void)g;
	(void)argc;
	(void)argv;
	(void)err;
	json_object_object_add(features, "ociVersionMin", json_object_new_string("1.0.0"));
	json_object_object_add(features, "ociVersionMax", json_object_new_string(OCI_VERSION));
	json_object_object_add(features, "hooks", texts(hooks));
	json_object_object_add(features, "mountOptions", texts(mount_options));
	json_object_object_add(features, "linux", linux_features());
	json_object_object_add(annotations, "org.berth.runtime.version",
			       json_object_new_string(RUNTIME_VERSION));
	json_object_object_add(features, "annotations", annotations);
	puts(json_object_to_json_string_ext(features,
					    JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(features);
	return 0;
}
