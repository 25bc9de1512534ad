/**
 * What a container sees of its specification: one specification and one command each, printed by every runtime and
 * compared. `same` cases must print what the reference prints; `expect` says what must be there in any case.
 */
import fs from 'node:fs';
import path from 'node:path';

const sh = (script) => ['sh', '-c', script];
const status = sh('grep -E "^(Cap|NoNewPrivs|Seccomp:|Groups|Uid|Gid)" /proc/self/status; umask');
/** Mounts as the container sees them; what a mask is made of is the runtime's own affair. */
const mounts = sh('cut -d" " -f2,3,4 /proc/mounts | grep -v -E "^/(proc|sys)/[a-z]*[^ ]* (tmpfs|devtmpfs)" | sort');

const errnoFor = (names, code) => ({
  defaultAction: 'SCMP_ACT_ALLOW',
  architectures: ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32'],
  syscalls: [{ names, action: 'SCMP_ACT_ERRNO', errnoRet: code }],
});

export const cases = [
  { name: 'root and its capabilities', args: status, expect: /CapBnd:\s+00000000a80425fb/ },
  {
    name: 'a user with groups has no capabilities',
    args: status,
    spec: (s) => (s.process.user = { uid: 1000, gid: 1000, additionalGids: [7, 1234], umask: 0o27 }),
    expect: /CapEff:\s+0000000000000000/,
  },
  {
    name: 'ambient capabilities reach a user',
    args: status,
    spec: (s) => {
      s.process.user = { uid: 1000, gid: 1000 };
      s.process.capabilities.inheritable = ['CAP_NET_RAW'];
      s.process.capabilities.ambient = ['CAP_NET_RAW'];
    },
    expect: /CapAmb:\s+0000000000002000/,
  },
  {
    name: 'without a word on capabilities there are none',
    args: status,
    spec: (s) => delete s.process.capabilities,
    expect: /CapBnd:\s+0000000000000000/,
  },
  {
    name: 'an overlay with many long layers',
    args: sh('cat /over/a /over/b; touch /over/c && echo written'),
    spec: (s, b) => {
      const layers = ['a', 'b'].concat([...'cdefghij']).map((name) => {
        const layer = b.host(`layers/${name.repeat(40)}`);
        if ('ab'.includes(name)) fs.writeFileSync(path.join(layer, name), `${name}\n`);
        return layer;
      });
      s.mounts.push({
        destination: '/over',
        type: 'overlay',
        source: 'overlay',
        options: [`lowerdir=${layers.join(':')}`, `upperdir=${b.host('upper')}`, `workdir=${b.host('work')}`],
      });
    },
    expect: /a\nb\nwritten/,
  },
  {
    name: 'no new privileges',
    args: status,
    spec: (s) => (s.process.noNewPrivileges = true),
    expect: /NoNewPrivs:\s+1/,
  },
  { name: 'the mounts of Docker', args: mounts, expect: /\/dev\/shm tmpfs/ },
  { name: 'the devices of Docker', args: sh('cd /dev; stat -c "%n %F %a %t:%T %u:%g %N" * | sort'), expect: /null/ },
  { name: 'the host name', args: sh('hostname'), expect: /box/ },
  {
    name: 'the domain name', // not yet in the reference of this machine
    args: sh('cat /proc/sys/kernel/domainname'),
    spec: (s) => (s.domainname = 'example'),
    expect: /example/,
    berthOnly: true,
  },
  { name: 'the loopback is up', args: sh('ip -o addr | sed "s/ valid.*//"'), expect: /127\.0\.0\.1/ },
  { name: 'the environment, with HOME of the user', args: sh('env | sort'), expect: /HOME=\/root/ },
  {
    name: 'HOME of another user',
    args: sh('env | sort; id'),
    spec: (s) => (s.process.user = { uid: 1000, gid: 1000 }),
    expect: /HOME=\/home\/user/,
  },
  {
    name: 'a working directory that is missing is made',
    args: sh('pwd; stat -c "%a %u" .'),
    spec: (s) => (s.process.cwd = '/made/for/us'),
    expect: /\/made\/for\/us\n755 0/,
  },
  {
    name: 'limits',
    args: sh('grep -E "open files|processes|core" /proc/self/limits'),
    spec: (s) =>
      (s.process.rlimits = [
        { type: 'RLIMIT_NOFILE', soft: 1000, hard: 2000 },
        { type: 'RLIMIT_CORE', soft: 0, hard: 18446744073709551615n },
      ]),
    expect: /1000\s+2000/,
  },
  {
    name: 'the OOM score',
    args: sh('cat /proc/self/oom_score_adj'),
    spec: (s) => (s.process.oomScoreAdj = 321),
    expect: /321/,
  },
  {
    name: 'a read-only root',
    args: sh('touch /x; touch /tmp/x && echo written; mkdir /dev/shm/x && echo shm'),
    spec: (s) => {
      s.root.readonly = true;
      s.mounts.push({ destination: '/tmp', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'noexec', 'size=1m'] });
    },
    expect: /written\nshm/,
  },
  {
    name: 'a read-only /dev',
    args: sh('touch /dev/x && echo written; echo y > /dev/null && echo null'),
    spec: (s) => s.mounts[1].options.push('ro'),
    expect: /^null/,
  },
  {
    name: 'a bound directory, a bound file, both read-only',
    args: sh('cat /data/a /etc/conf; touch /data/b; echo x > /etc/conf; grep -E " /(data|etc/conf) " /proc/mounts | cut -d" " -f2,4'),
    spec: (s, b) => {
      b.host('shared/a', 'one\n');
      s.mounts.push(
        { destination: '/data', type: 'bind', source: path.join(b.path, 'shared'), options: ['rbind', 'rprivate', 'ro'] },
        { destination: '/etc/conf', type: 'bind', source: b.host('conf', 'two\n'), options: ['bind', 'ro'] },
      );
    },
    expect: /one\ntwo/,
  },
  {
    name: 'a bound directory can be written, without programs',
    args: sh('echo hello > /data/new; cat /data/new; cp /bin/busybox /data/run; /data/run true; echo $?'),
    spec: (s, b) =>
      s.mounts.push({ destination: '/data', type: 'bind', source: b.host('rw'), options: ['rbind', 'nosuid', 'noexec'] }),
    expect: /hello/,
  },
  {
    name: 'a destination through links of the image stays inside',
    args: sh('cat /inside/link/a; ls /real'),
    spec: (s, b) => {
      b.host('shared2/a', 'linked\n');
      fs.mkdirSync(path.join(b.rootfs, 'real'), { recursive: true });
      fs.mkdirSync(path.join(b.rootfs, 'inside'), { recursive: true });
      fs.rmSync(path.join(b.rootfs, 'inside/link'), { force: true });
      fs.symlinkSync('/../../../real', path.join(b.rootfs, 'inside/link'));
      s.mounts.push({ destination: '/inside/link', type: 'bind', source: path.join(b.path, 'shared2'), options: ['bind'] });
    },
    expect: /linked/,
  },
  {
    name: 'a file and a directory on links to what is missing',
    args: sh('cat /etc/resolv.conf; ls -l /etc/resolv.conf | sed "s/.*resolv/resolv/"; cat /run/there/resolv.conf; ls /deep/dir /etc/dirlink/'),
    spec: (s, b) => {
      fs.rmSync(path.join(b.rootfs, 'etc/resolv.conf'), { force: true });
      fs.symlinkSync('../run/there/resolv.conf', path.join(b.rootfs, 'etc/resolv.conf'));
      fs.rmSync(path.join(b.rootfs, 'etc/dirlink'), { force: true });
      fs.symlinkSync('/deep/../../deep', path.join(b.rootfs, 'etc/dirlink'));
      b.host('given/a', 'x');
      s.mounts.push(
        { destination: '/etc/resolv.conf', type: 'bind', source: b.host('names', 'nameserver\n'), options: ['bind'] },
        { destination: '/etc/dirlink/dir', type: 'bind', source: path.join(b.path, 'given'), options: ['bind'] },
      );
    },
    expect: /nameserver\n.*\nnameserver/,
  },
  {
    name: 'a tmpfs with the mode of the directory it covers',
    args: sh('stat -c "%a" /tmp; grep " /tmp " /proc/mounts | cut -d" " -f2,3,4'),
    spec: (s) => s.mounts.push({ destination: '/tmp', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'nodev'] }),
    expect: /1777/,
  },
  {
    name: 'a tmpfs begins with what the image has there',
    args: sh('cat /filled/inside; stat -c %a /filled/inside; touch /filled/x && echo ok; grep -c " /filled tmpfs" /proc/mounts'),
    spec: (s) => s.mounts.push({ destination: '/filled', type: 'tmpfs', source: 'tmpfs', options: ['tmpcopyup'] }),
    expect: /from the image\n640\nok\n1/,
  },
  {
    name: 'proc cannot be covered',
    args: ['true'],
    spec: (s, b) => s.mounts.push({ destination: '/proc/sys', type: 'bind', source: b.host('fake'), options: ['bind'] }),
    fails: /cannot be mounted because it is inside \/proc/,
  },
  {
    name: 'proc must be on an ordinary directory',
    args: ['true'],
    spec: (s, b) => {
      fs.rmSync(path.join(b.rootfs, 'proc'), { recursive: true, force: true });
      fs.symlinkSync('/tmp', path.join(b.rootfs, 'proc'));
    },
    fails: /must be mounted on ordinary directory/,
  },
  {
    name: 'masked and read-only paths',
    args: sh('cat /proc/keys | wc -c; ls /proc/scsi | wc -l; echo 1 > /proc/sys/kernel/msgmax; echo $?; touch /sys/firmware/x; true'),
  },
  {
    name: 'a mask leaves the null device of the host alone',
    args: sh('chmod 600 /proc/keys; stat -c %a /dev/null'),
    spec: (s) => s.linux.maskedPaths.push('/etc/plain'),
    expect: /666/,
    berthOnly: true,
  },
  {
    name: 'system controls of its namespaces',
    args: sh('cat /proc/sys/net/ipv4/ip_forward /proc/sys/kernel/shmmni'),
    spec: (s) => (s.linux.sysctl = { 'net.ipv4.ip_forward': '1', 'kernel.shmmni': '4000' }),
    expect: /1\n4000/,
  },
  {
    name: 'system controls of the machine are refused',
    args: ['true'],
    spec: (s) => (s.linux.sysctl = { 'vm.swappiness': '1' }),
    fails: /is not in a separate kernel namespace/,
  },
  {
    name: 'the device rules of the cgroup',
    args: sh('sort /sys/fs/cgroup/devices/devices.list 2>/dev/null | uniq'),
    spec: (s) =>
      s.linux.resources.devices.push(
        { allow: true, type: 'c', major: 10, minor: 5, access: 'rwm' },
        { allow: false, type: 'c', major: 10, minor: 5, access: 'w' },
        { allow: true, type: 'b', major: 7, access: 'r' },
        { allow: false, type: 'c', major: 10, minor: 229, access: 'rwm' },
        { allow: true, type: 'c', major: 1, minor: 3, access: 'rwm' },
      ),
  },
  {
    name: 'extra devices, and those that are denied',
    args: sh('stat -c "%n %a %t:%T %u:%g" /dev/mine; head -c1 /dev/mine | wc -c; mknod /tmp/kmsg c 1 11; cat /tmp/kmsg; true'),
    spec: (s) => {
      s.linux.devices = [{ path: '/dev/mine', type: 'c', major: 1, minor: 9, fileMode: 0o640, uid: 5, gid: 6 }];
    },
    expect: /mine 640 1:9 5:6/,
  },
  {
    name: 'a filter answers with its errno',
    args: sh('mkdir /tmp/d; rm -r /tmp/d 2>/dev/null; grep Seccomp: /proc/self/status'),
    spec: (s) => (s.linux.seccomp = errnoFor(['mkdir', 'mkdirat'], 38)),
    expect: /Seccomp:\s+2/,
  },
  {
    name: 'a filter for a user with no new privileges',
    args: sh('mkdir /tmp/d; id -u; grep Seccomp: /proc/self/status'),
    spec: (s) => {
      s.process.user = { uid: 1000, gid: 1000 };
      s.process.noNewPrivileges = true;
      s.linux.seccomp = errnoFor(['mkdir', 'mkdirat'], 1);
    },
    expect: /1000\nSeccomp:\s+2/,
  },
  {
    name: 'a cgroup namespace',
    args: sh('cut -d: -f2,3 /proc/self/cgroup | sort; ls /sys/fs/cgroup | sort'),
    spec: (s) => s.linux.namespaces.push({ type: 'cgroup' }),
  },
  {
    name: 'the namespaces are new, the network joined',
    args: sh('readlink /proc/self/ns/net'),
    spec: (s) => (s.linux.namespaces.find((ns) => ns.type === 'network').path = '/proc/self/ns/net'),
    expect: new RegExp(fs.readlinkSync('/proc/self/ns/net').replace(/[[\]]/g, '\\$&')),
  },
  {
    name: "the host's namespaces",
    args: sh('for ns in pid net ipc uts cgroup user time; do readlink /proc/self/ns/$ns; done'),
    spec: (s) => {
      s.linux.namespaces = [{ type: 'mount' }];
      delete s.hostname;
    },
    expect: new RegExp(fs.readlinkSync('/proc/self/ns/pid').replace(/[[\]]/g, '\\$&')),
  },
  {
    name: 'a limit that cannot be set',
    args: ['true'],
    spec: (s) => (s.process.rlimits = [{ type: 'RLIMIT_NOFILE', soft: 2000, hard: 1000 }]),
    fails: /error setting rlimits for ready process: error setting rlimit type 7: invalid argument/,
  },
  {
    name: 'a user namespace',
    args: sh('id -u; cat /proc/self/uid_map; touch /tmp/file && stat -c %u /tmp/file; stat -c "%a %t:%T" /dev/null; echo x > /dev/null && echo ok'),
    spec: (s, b) => {
      s.linux.namespaces.push({ type: 'user' });
      s.linux.uidMappings = s.linux.gidMappings = [{ containerID: 0, hostID: 100000, size: 65536 }];
      fs.chownSync(b.rootfs, 100000, 100000);
      for (const entry of fs.readdirSync(b.rootfs)) fs.lchownSync(path.join(b.rootfs, entry), 100000, 100000);
    },
    expect: /0\n\s+0\s+100000\s+65536\n0\n666 1:3\nok/,
  },
  {
    name: 'a bound directory in a user namespace',
    args: sh('cat /data/a; stat -c %u /data/a'),
    spec: (s, b) => {
      s.linux.namespaces.push({ type: 'user' });
      s.linux.uidMappings = s.linux.gidMappings = [{ containerID: 0, hostID: 100000, size: 65536 }];
      fs.chownSync(b.rootfs, 100000, 100000);
      b.host('mapped/a', 'seen\n');
      fs.chmodSync(path.join(b.path, 'mapped'), 0o755);
      s.mounts.push({ destination: '/data', type: 'bind', source: path.join(b.path, 'mapped'), options: ['rbind', 'ro'] });
    },
    expect: /seen\n65534/,
  },
  {
    name: 'an idmapped mount',
    args: sh('stat -c %u /data/a'),
    spec: (s, b) => {
      b.host('idmap/a', 'x');
      s.mounts.push({
        destination: '/data',
        type: 'bind',
        source: path.join(b.path, 'idmap'),
        options: ['bind'],
        uidMappings: [{ containerID: 0, hostID: 5000, size: 10 }],
        gidMappings: [{ containerID: 0, hostID: 5000, size: 10 }],
      });
    },
    expect: /5000/,
    berthOnly: true,
    unsupported: /MOUNT_ATTR_IDMAP.*invalid argument/, // tmpfs before Linux 6.3
  },
  {
    name: 'a time namespace with offsets',
    args: sh('readlink /proc/self/ns/time; cat /proc/self/timens_offsets; test $(cut -d. -f1 /proc/uptime) -gt 900000 && echo later'),
    spec: (s) => {
      s.linux.namespaces.push({ type: 'time' });
      s.linux.timeOffsets = { boottime: { secs: 1000000, nanosecs: 0 }, monotonic: { secs: 5, nanosecs: 0 } };
    },
    expect: /later/,
    berthOnly: true,
  },
  ...['slave', 'rslave', 'private', 'rprivate'].map((kind) => ({
    name: `a root that is ${kind}`,
    args: sh('for at in / /proc /dev /data; do grep " $at " /proc/self/mountinfo | grep -o -E "shared:|master:"; echo at $at; done'),
    spec: (s, b) => {
      s.linux.rootfsPropagation = kind;
      s.mounts.push({ destination: '/data', type: 'bind', source: b.host('shown'), options: ['rbind', 'rslave'] });
    },
    expect: /at \/data/,
  })),
  {
    name: 'recursive read-only',
    args: sh('touch /data/x; touch /data/sub/y; echo done'),
    spec: (s, b) => {
      b.host('tree/sub');
      s.mounts.push({ destination: '/data', type: 'bind', source: path.join(b.path, 'tree'), options: ['rbind', 'rro'] });
    },
    expect: /done/,
  },
  { name: 'the exit code', args: sh('exit 7'), code: 7 },
  { name: 'a program that is not there', args: ['nope'], fails: /exec: "nope": executable file not found in \$PATH/ },
  { name: 'a path that is not there', args: ['/nope'], fails: /(exec: "\/nope": )?stat \/nope: no such file or directory/ },
  { name: 'a file that is no program', args: ['/etc/plain'], fails: /exec: "\/etc\/plain": permission denied/ },
  { name: 'a directory is no program', args: ['/etc'], fails: /exec: "\/etc": is a directory: permission denied/ },
  {
    name: 'a file on a directory',
    args: ['true'],
    spec: (s, b) => s.mounts.push({ destination: '/etc', type: 'bind', source: b.host('afile', 'x'), options: ['bind'] }),
    fails: /error mounting ".*afile" to rootfs at "\/etc": .*not a directory/,
  },
  {
    name: 'a directory on a file',
    args: ['true'],
    spec: (s, b) => s.mounts.push({ destination: '/etc/plain', type: 'bind', source: b.host('adir'), options: ['bind'] }),
    fails: /error mounting ".*adir" to rootfs at "\/etc\/plain": .*not a directory/,
  },
  {
    name: 'a program of an unknown format',
    args: ['/etc/strange'],
    spec: (s, b) => fs.writeFileSync(path.join(b.rootfs, 'etc/strange'), 'junk', { mode: 0o755 }),
    fails: /exec format error/,
    referenceSucceeds: true,
  },
  {
    name: 'a working directory that is a file',
    args: ['true'],
    spec: (s) => (s.process.cwd = '/etc/plain'),
    fails: /not a directory/,
  },
  {
    name: 'a working directory through a descriptor of the runtime',
    args: ['true'],
    spec: (s) => (s.process.cwd = '/proc/self/fd/7'),
    fails: /no such file or directory|not a directory|outside of container|too many levels of symbolic links/,
  },
];
