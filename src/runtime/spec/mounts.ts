import type { Mount } from '../../oci/runtime-spec.ts';
import type { SpecInput, SpecMount } from './input.ts';
import { initPath } from './process.ts';

/**
 * The mounts, in the order they are made: the kernel's filesystems (each unless the user mounts over it), the user's by
 * depth, then the files the engine keeps (hosts, resolv.conf, hostname) and the init program.
 */
export function mountsOf(input: SpecInput): Mount[] {
  const user = [...input.mounts].sort((a, b) => depth(a.destination) - depth(b.destination));
  const taken = new Set(user.map(({ destination }) => destination));
  const mounts = standardMounts(input).filter(
    ({ destination }) => !taken.has(destination) && !(taken.has('/dev') && destination.startsWith('/dev/')),
  );
  for (const mount of user) mounts.push(mount.kind === 'tmpfs' ? tmpfsMount(mount) : bindMount(mount));
  for (const file of engineFiles(input)) if (!taken.has(file.destination)) mounts.push(file);
  if (input.init)
    mounts.push({
      destination: initPath,
      type: 'bind',
      source: input.host.initPath,
      options: ['bind', 'ro'],
    });
  return mounts;
}

/**
 * What the executor opens for the mounts of a spec made from this input: sources that are part of a volume, an image, or
 * another container's.
 */
export function openedSources(input: SpecInput, mounts: readonly Mount[]): object[] {
  const opened = new Map(input.mounts.map(({ destination, opened: source }) => [destination, source]));
  if (input.shmOf !== null && !opened.has('/dev/shm')) opened.set('/dev/shm', { shmOf: input.shmOf });
  return mounts.flatMap(({ destination, type }, mount) => {
    const source = type === 'bind' ? opened.get(destination) : undefined;
    return source ? [{ mount, ...source }] : [];
  });
}

function standardMounts(input: SpecInput): Mount[] {
  const { hostConfig } = input;
  const writable = hostConfig.Privileged;
  const cgroup = ['nosuid', 'noexec', 'nodev'];
  if (hostConfig.CgroupnsMode === 'private' && input.host.cgroupVersion === 2) cgroup.push('relatime');
  const mounts: Mount[] = [
    { destination: '/proc', type: 'proc', source: 'proc', options: ['nosuid', 'noexec', 'nodev'] },
    {
      destination: '/dev',
      type: 'tmpfs',
      source: 'tmpfs',
      options: ['nosuid', 'strictatime', 'mode=755', 'size=65536k'],
    },
    {
      destination: '/dev/pts',
      type: 'devpts',
      source: 'devpts',
      options: ['nosuid', 'noexec', 'newinstance', 'ptmxmode=0666', 'mode=0620', 'gid=5'],
    },
    {
      destination: '/sys',
      type: 'sysfs',
      source: 'sysfs',
      options: ['nosuid', 'noexec', 'nodev', ...(writable ? [] : ['ro'])],
    },
    {
      destination: '/sys/fs/cgroup',
      type: 'cgroup',
      source: 'cgroup',
      options: [...(writable || input.security.writableCgroups || input.idMaps ? [] : ['ro']), ...cgroup],
    },
    { destination: '/dev/mqueue', type: 'mqueue', source: 'mqueue', options: ['nosuid', 'noexec', 'nodev'] },
  ];
  const shm = sharedMemory(input);
  return shm ? [...mounts, shm] : mounts;
}

/** /dev/shm: its own, the host's, one that others may join, or none. */
function sharedMemory({ hostConfig, shmOf }: SpecInput): Mount | undefined {
  const destination = '/dev/shm';
  if (hostConfig.IpcMode === 'host')
    return { destination, type: 'bind', source: destination, options: ['rbind', 'rprivate'] };
  if (shmOf !== null)
    return {
      destination,
      type: 'bind',
      source: destination,
      options: ['bind', 'nosuid', 'noexec', 'nodev', 'rprivate'],
    };
  if (hostConfig.IpcMode === 'none') return undefined;
  const options = ['nosuid', 'noexec', 'nodev', 'mode=1777', `size=${hostConfig.ShmSize}`];
  return { destination, type: 'tmpfs', source: 'shm', options };
}

function bindMount({
  source,
  destination,
  readOnly,
  readOnlyNonRecursive,
  nonRecursive,
  propagation,
}: SpecMount): Mount {
  const options = [nonRecursive ? 'bind' : 'rbind'];
  if (readOnly) options.push(readOnlyNonRecursive || nonRecursive ? 'ro' : 'rro');
  if (propagation !== '') options.push(propagation);
  return { destination, type: 'bind', source, options };
}

function tmpfsMount({ destination, readOnly, options }: SpecMount): Mount {
  const all = ['noexec', 'nosuid', 'nodev', 'rprivate', ...(readOnly ? ['ro'] : []), ...options];
  return { destination, type: 'tmpfs', source: 'tmpfs', options: mergeOptions(all) };
}

/** Pairs of which the later given wins. */
const opposites: Readonly<Record<string, string>> = {
  rw: 'ro',
  ro: 'rw',
  exec: 'noexec',
  noexec: 'exec',
  suid: 'nosuid',
  nosuid: 'suid',
  dev: 'nodev',
  nodev: 'dev',
};

/** Drops what a later option repeats or takes back (`exec` after `noexec`, a second `size=`). */
function mergeOptions(options: readonly string[]): string[] {
  const key = (option: string): string => {
    const name = option.split('=')[0] ?? '';
    const opposite = opposites[name];
    return opposite !== undefined && opposite < name ? opposite : name;
  };
  const last = new Map(options.map((option, index) => [key(option), index]));
  return options.filter((option, index) => last.get(key(option)) === index);
}

function engineFiles({ files, hostConfig }: SpecInput): Mount[] {
  if (!files) return [];
  const options = ['rbind', ...(hostConfig.ReadonlyRootfs ? ['rro'] : []), 'rprivate'];
  const mount = (destination: string, source: string): Mount => ({
    destination,
    type: 'bind',
    source,
    options,
  });
  return [
    mount('/etc/resolv.conf', files.resolvConf),
    mount('/etc/hostname', files.hostname),
    mount('/etc/hosts', files.hosts),
  ];
}

function depth(path: string): number {
  return path.split('/').filter(Boolean).length;
}
