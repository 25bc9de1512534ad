import { invalidArgument } from '../../errors.ts';
import type { CreateBody } from '../service.ts';

type Given = Omit<NonNullable<CreateBody['HostConfig']>, 'RestartPolicy'>;

/** What a kernel may be unable to limit. */
export type Limit =
  | 'memory'
  | 'swap'
  | 'memoryReservation'
  | 'memorySwappiness'
  | 'oomKillDisable'
  | 'pids'
  | 'cpuShares'
  | 'cpuCfs'
  | 'cpuset'
  | 'blockWeight'
  | 'blockWeightDevice'
  | 'blockReadBps'
  | 'blockWriteBps'
  | 'blockReadIops'
  | 'blockWriteIops';

/** What of the machine limits can be checked against. */
export interface Machine {
  cpus: number;
  /** As the kernel lists them: `0-3`. */
  memoryNodes: string;
  /** What cannot be limited here. */
  missing: ReadonlySet<Limit>;
}

const mebibyte = 1024 * 1024;
const leastMemory = 6 * mebibyte;

/**
 * Checks the limits asked for at create. Returns warnings for those the kernel cannot set; these are taken out of `given`.
 * @throws invalid-argument with the reference's texts
 */
export function verifyResources(given: Given, machine: Machine): string[] {
  const { CpuShares = 0, CpuRealtimePeriod = 0, CpuRealtimeRuntime = 0 } = given;
  if (given.IOMaximumBandwidth)
    throw invalidArgument('invalid option: QoS maximum bandwidth configuration is not supported on linux');
  if (given.IOMaximumIOps)
    throw invalidArgument('invalid option: QoS maximum IOPs configuration is not supported on linux');
  if (CpuRealtimePeriod !== 0 && CpuRealtimeRuntime > CpuRealtimePeriod)
    throw invalidArgument('cpu real-time runtime cannot be higher than cpu real-time period');
  const warnings = verifyLimits(given, machine, { update: false });
  if (given.OomScoreAdj !== undefined && Math.abs(given.OomScoreAdj) > 1000)
    throw invalidArgument(`Invalid value ${given.OomScoreAdj}, range for oom score adj is [-1000, 1000]`);
  if ((given.ShmSize ?? 0) < 0) throw invalidArgument('SHM size can not be less than 0');
  if (CpuShares < 0)
    throw invalidArgument(`invalid CPU shares (${CpuShares}): value must be a positive integer`);
  return warnings;
}

/** The part that is the same for an update, where each value stands for itself. */
export function verifyLimits(given: Given, machine: Machine, { update }: { update: boolean }): string[] {
  return [
    ...verifyMemory(given, machine, update),
    ...verifyCpu(given, machine),
    ...verifyBlock(given, machine, update),
  ];
}

function verifyMemory(given: Given, { missing }: Machine, update: boolean): string[] {
  const warnings: string[] = [];
  const { Memory = 0, MemoryReservation = 0 } = given;
  if (Memory !== 0 && Memory < leastMemory) throw invalidArgument('Minimum memory limit allowed is 6MB');
  if (Memory > 0 && missing.has('memory')) {
    warnings.push(unsupported('memory limit capabilities', 'Limitation discarded.'));
    Object.assign(given, { Memory: 0, MemorySwap: -1 });
  }
  if ((given.Memory ?? 0) > 0 && given.MemorySwap !== -1 && missing.has('swap')) {
    warnings.push(unsupported('swap limit capabilities', 'Memory limited without swap.'));
    given.MemorySwap = -1;
  }
  const swap = given.MemorySwap ?? 0;
  if (Memory > 0 && swap > 0 && swap < Memory)
    throw invalidArgument('Minimum memoryswap limit should be larger than memory limit, see usage');
  if (Memory === 0 && swap > 0 && !update)
    throw invalidArgument('You should always set the Memory limit when using Memoryswap limit, see usage');
  warnings.push(...verifySwappiness(given, missing));
  if (MemoryReservation > 0 && missing.has('memoryReservation')) {
    warnings.push(unsupported('memory soft limit capabilities', 'Limitation discarded.'));
    given.MemoryReservation = 0;
  } else if (MemoryReservation > 0 && MemoryReservation < leastMemory)
    throw invalidArgument('Minimum memory reservation allowed is 6MB');
  if (Memory > 0 && MemoryReservation > 0 && Memory < MemoryReservation)
    throw invalidArgument('Minimum memory limit can not be less than memory reservation limit, see usage');
  return [...warnings, ...verifyOom(given, missing), ...verifyPids(given, missing)];
}

function verifySwappiness(given: Given, missing: ReadonlySet<Limit>): string[] {
  const swappiness = given.MemorySwappiness;
  if (swappiness == null || swappiness === -1) return [];
  if (missing.has('memorySwappiness')) {
    delete given.MemorySwappiness;
    return [unsupported('memory swappiness capabilities', 'Memory swappiness discarded.')];
  }
  if (swappiness < 0 || swappiness > 100)
    throw invalidArgument(`Invalid value: ${swappiness}, valid memory swappiness range is 0-100`);
  return [];
}

function verifyOom(given: Given, missing: ReadonlySet<Limit>): string[] {
  const disable = given.OomKillDisable ?? false;
  if (missing.has('oomKillDisable')) {
    delete given.OomKillDisable;
    return disable ? ['Your kernel does not support OomKillDisable. OomKillDisable discarded.'] : [];
  }
  return disable && !given.Memory
    ? [
        'OOM killer is disabled for the container, but no memory limit is set, this can result in the system running out of resources.',
      ]
    : [];
}

function verifyPids(given: Given, missing: ReadonlySet<Limit>): string[] {
  if (given.PidsLimit == null || !missing.has('pids')) return [];
  const wanted = given.PidsLimit > 0;
  delete given.PidsLimit;
  return wanted ? [unsupported('PIDs limit capabilities', 'PIDs limit discarded.')] : [];
}

function verifyCpu(given: Given, { cpus, memoryNodes, missing }: Machine): string[] {
  const warnings: string[] = [];
  const { NanoCpus = 0, CpuPeriod = 0, CpuQuota = 0, CpusetCpus = '', CpusetMems = '' } = given;
  if (NanoCpus > 0 && CpuPeriod > 0)
    throw invalidArgument('Conflicting options: Nano CPUs and CPU Period cannot both be set');
  if (NanoCpus > 0 && CpuQuota > 0)
    throw invalidArgument('Conflicting options: Nano CPUs and CPU Quota cannot both be set');
  if (NanoCpus > 0 && missing.has('cpuCfs'))
    throw invalidArgument(
      'NanoCPUs can not be set, as your kernel does not support CPU CFS scheduler or the cgroup is not mounted',
    );
  if (NanoCpus < 0 || NanoCpus > cpus * 1e9)
    throw invalidArgument(
      `range of CPUs is from 0.01 to ${cpus}.00, as there are only ${cpus} CPUs available`,
    );
  if ((given.CpuShares ?? 0) > 0 && missing.has('cpuShares')) {
    warnings.push(unsupported('CPU shares', 'Shares discarded.'));
    given.CpuShares = 0;
  }
  if ((CpuPeriod !== 0 || CpuQuota !== 0) && missing.has('cpuCfs')) {
    warnings.push('Your kernel does not support CPU CFS scheduler. CPU period/quota discarded.');
    Object.assign(given, { CpuPeriod: 0, CpuQuota: 0 });
  } else {
    if (CpuPeriod !== 0 && (CpuPeriod < 1000 || CpuPeriod > 1_000_000))
      throw invalidArgument(
        'CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)',
      );
    if (CpuQuota > 0 && CpuQuota < 1000)
      throw invalidArgument('CPU cfs quota can not be less than 1ms (i.e. 1000)');
  }
  if ((given.CpuPercent ?? 0) > 0) {
    warnings.push('linux does not support CPU percent. Percent discarded.');
    given.CpuPercent = 0;
  }
  if ((CpusetCpus !== '' || CpusetMems !== '') && missing.has('cpuset')) {
    warnings.push(unsupported('cpuset', 'Cpuset discarded.'));
    Object.assign(given, { CpusetCpus: '', CpusetMems: '' });
    return warnings;
  }
  verifySet(CpusetCpus, `0-${cpus - 1}`, 'cpus', 'CPUs');
  verifySet(CpusetMems, memoryNodes, 'mems', 'memory nodes');
  return warnings;
}

function verifySet(asked: string, available: string, name: string, noun: string): void {
  if (asked === '') return;
  const wanted = parseSet(asked);
  if (!wanted) throw invalidArgument(`Invalid value ${asked} for cpuset ${name}: invalid format: ${asked}`);
  const present = parseSet(available) ?? new Set();
  if (![...wanted].every((number) => present.has(number)))
    throw invalidArgument(
      `Requested ${noun} are not available - requested ${asked}, available: ${available}`,
    );
}

const highestInSet = 8192;

/** The kernel's list format, `0-2,5`. */
function parseSet(text: string): Set<number> | undefined {
  const numbers = new Set<number>();
  for (const part of text.split(',')) {
    const match = /^(\d+)(?:-(\d+))?$/.exec(part);
    if (!match) return undefined;
    const first = Number(match[1]);
    const last = Number(match[2] ?? match[1]);
    if (last < first || last > highestInSet) return undefined;
    for (let number = first; number <= last; number++) numbers.add(number);
  }
  return numbers;
}

/** Lists of devices, what their limit is called, and what is discarded of them. */
const deviceLimits = [
  ['BlkioWeightDevice', 'blockWeightDevice', 'Block I/O weight_device', 'Weight-device discarded.'],
  ['BlkioDeviceReadBps', 'blockReadBps', 'BPS Block I/O read limit', 'Block I/O BPS read limit discarded.'],
  [
    'BlkioDeviceWriteBps',
    'blockWriteBps',
    'BPS Block I/O write limit',
    'Block I/O BPS write limit discarded.',
  ],
  ['BlkioDeviceReadIOps', 'blockReadIops', 'IOPS Block read limit', 'Block I/O IOPS read limit discarded.'],
  [
    'BlkioDeviceWriteIOps',
    'blockWriteIops',
    'IOPS Block write limit',
    'Block I/O IOPS write limit discarded.',
  ],
] as const;

function verifyBlock(given: Given, { missing }: Machine, update: boolean): string[] {
  const warnings: string[] = [];
  if ((given.BlkioWeight ?? 0) > 0 && missing.has('blockWeight')) {
    warnings.push(unsupported('Block I/O weight', 'Weight discarded.'));
    given.BlkioWeight = 0;
  }
  const { BlkioWeight = 0 } = given;
  if (BlkioWeight > 0 && (BlkioWeight < 10 || BlkioWeight > 1000))
    throw invalidArgument('Range of blkio weight is from 10 to 1000');
  if (given.IOMaximumBandwidth || given.IOMaximumIOps)
    throw invalidArgument(
      'Invalid QoS settings: linux does not support Maximum IO Bandwidth or Maximum IO IOps',
    );
  for (const [field, limit, what, discarded] of deviceLimits) {
    if (!given[field]?.length || !missing.has(limit)) continue;
    warnings.push(unsupported(what, discarded));
    // An update to an empty list is one, too.
    if (update) delete given[field];
    else given[field] = [];
  }
  return warnings;
}

function unsupported(what: string, discarded: string): string {
  return `Your kernel does not support ${what} or the cgroup is not mounted. ${discarded}`;
}
