import { existsSync, readFileSync } from 'node:fs';
import { arch, cpus, hostname, release, totalmem } from 'node:os';

/** Facts of this machine that do not change while it runs. */
export interface HostFacts {
  readonly kernelVersion: string;
  readonly operatingSystem: string;
  readonly osVersion: string;
  /** As the kernel names it: `x86_64`. */
  readonly machine: string;
  /** As Go names it: `amd64`. */
  readonly architecture: string;
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly hostname: string;
}

export function hostFacts(): HostFacts {
  const { name, version } = osRelease();
  return {
    kernelVersion: release(),
    operatingSystem: name,
    osVersion: version,
    machine: machines[arch()] ?? arch(),
    architecture: goArchitectures[arch()] ?? arch(),
    cpus: cpus().length,
    memoryBytes: totalmem(),
    hostname: hostname(),
  };
}

const machines: Readonly<Record<string, string>> = { x64: 'x86_64', arm64: 'aarch64' };
const goArchitectures: Readonly<Record<string, string>> = { x64: 'amd64' };

/** What the cgroup controllers of this machine can limit, by the names `docker info` shows. */
export interface Limits {
  readonly MemoryLimit: boolean;
  readonly SwapLimit: boolean;
  readonly KernelMemoryTCP: boolean;
  readonly CpuCfsPeriod: boolean;
  readonly CpuCfsQuota: boolean;
  readonly CPUShares: boolean;
  readonly CPUSet: boolean;
  readonly PidsLimit: boolean;
  readonly OomKillDisable: boolean;
}

/**
 * @param root where cgroups are mounted, `/sys/fs/cgroup`
 */
export function limitsOf(version: 1 | 2, root: string): Limits {
  return version === 2 ? limitsV2(root) : limitsV1(root);
}

function limitsV1(root: string): Limits {
  const has = (path: string): boolean => existsSync(`${root}/${path}`);
  return {
    MemoryLimit: has('memory/memory.limit_in_bytes'),
    SwapLimit: has('memory/memory.memsw.limit_in_bytes'),
    KernelMemoryTCP: has('memory/memory.kmem.tcp.limit_in_bytes'),
    CpuCfsPeriod: has('cpu/cpu.cfs_period_us'),
    CpuCfsQuota: has('cpu/cpu.cfs_quota_us'),
    CPUShares: has('cpu/cpu.shares'),
    CPUSet: has('cpuset/cpuset.cpus'),
    PidsLimit: has('pids'),
    OomKillDisable: has('memory/memory.oom_control'),
  };
}

/** The root of a unified tree has no limits of its own: the controllers say what there is. */
function limitsV2(root: string): Limits {
  const controllers = new Set(textOf(`${root}/cgroup.controllers`).trim().split(' '));
  const cpu = controllers.has('cpu');
  const memory = controllers.has('memory');
  return {
    MemoryLimit: memory,
    SwapLimit: memory && textOf('/proc/swaps') !== '',
    KernelMemoryTCP: false,
    CpuCfsPeriod: cpu,
    CpuCfsQuota: cpu,
    CPUShares: cpu,
    CPUSet: controllers.has('cpuset'),
    PidsLimit: controllers.has('pids'),
    OomKillDisable: false,
  };
}

/** Whether the kernel forwards IPv4 now. */
export function forwardsIpv4(): boolean {
  return textOf('/proc/sys/net/ipv4/ip_forward').trim() === '1';
}

/** Whether bridged packets pass the firewall: what old API versions show. */
export function bridgeFilter(family: 'iptables' | 'ip6tables'): boolean {
  return textOf(`/proc/sys/net/bridge/bridge-nf-call-${family}`).trim() === '1';
}

function osRelease(): { name: string; version: string } {
  const source = textOf('/etc/os-release') || textOf('/usr/lib/os-release');
  const field = (name: string): string => new RegExp(`^${name}=(["']?)(.*)\\1$`, 'm').exec(source)?.[2] ?? '';
  return { name: field('PRETTY_NAME') || 'Linux', version: field('VERSION_ID') };
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
