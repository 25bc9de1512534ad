import { invalidArgument } from '../../errors.ts';
import type { CreateBody } from '../service.ts';

type Given = Omit<NonNullable<CreateBody['HostConfig']>, 'RestartPolicy'>;

/** What of the machine limits can be checked against. */
export interface Machine {
  cpus: number;
  /** As the kernel lists them: `0-3`. */
  memoryNodes: string;
  /** The block controller takes weights. */
  blockWeight: boolean;
}

const mebibyte = 1024 * 1024;
const leastMemory = 6 * mebibyte;

/**
 * Checks the limits asked for. Returns warnings for those the kernel cannot set; these are taken out of `given`.
 * @throws invalid-argument with the reference's texts
 */
export function verifyResources(given: Given, machine: Machine): string[] {
  verifyMemory(given);
  verifyCpu(given, machine);
  if (given.OomScoreAdj !== undefined && Math.abs(given.OomScoreAdj) > 1000)
    throw invalidArgument(`Invalid value ${given.OomScoreAdj}, range for oom score adj is [-1000, 1000]`);
  if ((given.ShmSize ?? 0) < 0) throw invalidArgument('SHM size can not be less than 0');
  return verifyBlockWeight(given, machine);
}

function verifyMemory({ Memory = 0, MemorySwap = 0, MemoryReservation = 0, MemorySwappiness }: Given): void {
  const swappiness = MemorySwappiness ?? -1;
  if (Memory !== 0 && Memory < leastMemory) throw invalidArgument('Minimum memory limit allowed is 6MB');
  if (Memory > 0 && MemorySwap > 0 && MemorySwap < Memory)
    throw invalidArgument('Minimum memoryswap limit should be larger than memory limit, see usage');
  if (Memory === 0 && MemorySwap > 0)
    throw invalidArgument('You should always set the Memory limit when using Memoryswap limit, see usage');
  if (swappiness < -1 || swappiness > 100)
    throw invalidArgument(`Invalid value: ${swappiness}, valid memory swappiness range is 0-100`);
  if (MemoryReservation !== 0 && MemoryReservation < leastMemory)
    throw invalidArgument('Minimum memory reservation allowed is 6MB');
  if (Memory > 0 && MemoryReservation > 0 && Memory < MemoryReservation)
    throw invalidArgument('Minimum memory limit can not be less than memory reservation limit, see usage');
}

function verifyCpu(given: Given, { cpus, memoryNodes }: Machine): void {
  const { NanoCpus = 0, CpuPeriod = 0, CpuQuota = 0, CpuRealtimePeriod = 0, CpuRealtimeRuntime = 0 } = given;
  if (NanoCpus > 0 && CpuPeriod > 0)
    throw invalidArgument('Conflicting options: Nano CPUs and CPU Period cannot both be set');
  if (NanoCpus > 0 && CpuQuota > 0)
    throw invalidArgument('Conflicting options: Nano CPUs and CPU Quota cannot both be set');
  if (NanoCpus < 0 || NanoCpus > cpus * 1e9)
    throw invalidArgument(
      `range of CPUs is from 0.01 to ${cpus}.00, as there are only ${cpus} CPUs available`,
    );
  if (CpuPeriod !== 0 && (CpuPeriod < 1000 || CpuPeriod > 1_000_000))
    throw invalidArgument(
      'CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)',
    );
  if (CpuQuota > 0 && CpuQuota < 1000)
    throw invalidArgument('CPU cfs quota can not be less than 1ms (i.e. 1000)');
  if (CpuRealtimePeriod !== 0 && CpuRealtimeRuntime > CpuRealtimePeriod)
    throw invalidArgument('cpu real-time runtime cannot be higher than cpu real-time period');
  verifySet(given.CpusetCpus ?? '', `0-${cpus - 1}`, 'cpus', 'CPUs');
  verifySet(given.CpusetMems ?? '', memoryNodes, 'mems', 'memory nodes');
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

function verifyBlockWeight(given: Given, { blockWeight }: Machine): string[] {
  const { BlkioWeight = 0 } = given;
  if (BlkioWeight !== 0 && (BlkioWeight < 10 || BlkioWeight > 1000))
    throw invalidArgument('Range of blkio weight is from 10 to 1000');
  if (blockWeight) return [];
  const warnings: string[] = [];
  if (BlkioWeight > 0) {
    warnings.push(
      'Your kernel does not support Block I/O weight or the cgroup is not mounted. Weight discarded.',
    );
    given.BlkioWeight = 0;
  }
  if (given.BlkioWeightDevice?.length) {
    warnings.push(
      'Your kernel does not support Block I/O weight_device or the cgroup is not mounted. Weight-device discarded.',
    );
    given.BlkioWeightDevice = [];
  }
  return warnings;
}
