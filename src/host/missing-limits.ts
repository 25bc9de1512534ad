import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** Files of a cgroup v1 hierarchy whose presence says that a limit can be set, by the names `create/verify-resources.ts` has. */
const filesOfV1 = {
  memory: ['memory/memory.limit_in_bytes'],
  swap: ['memory/memory.memsw.limit_in_bytes'],
  memoryReservation: ['memory/memory.soft_limit_in_bytes'],
  memorySwappiness: ['memory/memory.swappiness'],
  oomKillDisable: ['memory/memory.oom_control'],
  pids: ['pids'],
  cpuShares: ['cpu/cpu.shares'],
  cpuCfs: ['cpu/cpu.cfs_quota_us'],
  cpuset: ['cpuset/cpuset.cpus'],
  blockWeight: ['blkio/blkio.weight', 'blkio/blkio.bfq.weight'],
  blockWeightDevice: ['blkio/blkio.weight_device', 'blkio/blkio.bfq.weight_device'],
  blockReadBps: ['blkio/blkio.throttle.read_bps_device'],
  blockWriteBps: ['blkio/blkio.throttle.write_bps_device'],
  blockReadIops: ['blkio/blkio.throttle.read_iops_device'],
  blockWriteIops: ['blkio/blkio.throttle.write_iops_device'],
} as const;

type LimitName = keyof typeof filesOfV1;

/** The controller of cgroup v2 that sets a limit; undefined where version 2 has no such limit. */
const controllersOfV2: Readonly<Record<LimitName, string | undefined>> = {
  memory: 'memory',
  swap: 'memory',
  memoryReservation: 'memory',
  memorySwappiness: undefined,
  oomKillDisable: undefined,
  pids: 'pids',
  cpuShares: 'cpu',
  cpuCfs: 'cpu',
  cpuset: 'cpuset',
  blockWeight: 'io',
  blockWeightDevice: 'io',
  blockReadBps: 'io',
  blockWriteBps: 'io',
  blockReadIops: 'io',
  blockWriteIops: 'io',
};

/**
 * Limits this kernel cannot set.
 * @param root where cgroups are mounted, `/sys/fs/cgroup`
 */
export function missingLimits(version: 1 | 2, root: string): Set<LimitName> {
  const present = version === 1 ? presentInV1(root) : presentInV2(root);
  return new Set((Object.keys(filesOfV1) as LimitName[]).filter((name) => !present(name)));
}

function presentInV1(root: string): (name: LimitName) => boolean {
  return (name) => filesOfV1[name].some((file) => existsSync(`${root}/${file}`));
}

/** The root has no limits of its own; what a controller can do in detail shows in a cgroup below it. */
function presentInV2(root: string): (name: LimitName) => boolean {
  const controllers = new Set(textOf(`${root}/cgroup.controllers`).trim().split(' '));
  const below = (files: string[]): boolean =>
    directories(root).some((directory) => files.some((file) => existsSync(`${root}/${directory}/${file}`)));
  const swap = existsSync('/proc/swaps');
  const weight = existsSync(`${root}/io.cost.qos`) || below(['io.weight', 'io.bfq.weight']);
  const further: Partial<Record<LimitName, boolean>> = {
    swap,
    blockWeight: weight,
    blockWeightDevice: below(['io.bfq.weight']),
  };
  return (name) => controllers.has(controllersOfV2[name] ?? '') && (further[name] ?? true);
}

function directories(root: string): string[] {
  try {
    return readdirSync(root, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
  } catch {
    return [];
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
