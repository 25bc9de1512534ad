import type { BlockEntry, BlockList, Count, Reading } from '../../src/containers/stats/sample.ts';
import type { Statistics } from '../../src/containers/stats/service.ts';
import { zeroTime } from '../../src/containers/state.ts';
import { formatTime } from '../../src/containers/times.ts';

/** `ContainerStatsResponse`, keys in the reference's order. Numbers that are 0 are left out where Go's encoder leaves them out. */
export function statisticsOf(
  { container, reading, previous }: Statistics,
  { memoryBytes, named }: { memoryBytes: number; named: boolean },
): object {
  return {
    ...(named && { name: `/${container.name}`, id: container.id }),
    read: readAt(reading),
    preread: readAt(previous),
    pids_stats: nonZero({ current: reading?.pids?.current, limit: reading?.pids?.limit }),
    blkio_stats: blockOf(reading),
    num_procs: 0,
    storage_stats: {},
    cpu_stats: cpuOf(reading),
    precpu_stats: cpuOf(previous),
    memory_stats: memoryOf(reading, memoryBytes),
    ...networksOf(reading),
  };
}

function readAt(reading: Reading | undefined): string {
  return reading ? formatTime(BigInt(reading.at)) : zeroTime;
}

const blockLists: readonly (readonly [string, BlockList])[] = [
  ['io_service_bytes_recursive', 'serviceBytes'],
  ['io_serviced_recursive', 'serviced'],
  ['io_queue_recursive', 'queued'],
  ['io_service_time_recursive', 'serviceTime'],
  ['io_wait_time_recursive', 'waitTime'],
  ['io_merged_recursive', 'merged'],
  ['io_time_recursive', 'time'],
  ['sectors_recursive', 'sectors'],
];

function blockOf(reading: Reading | undefined): object {
  const block = reading?.block ?? {};
  const entry = ([major, minor, op, value]: BlockEntry): object => ({
    major: exact(major),
    minor: exact(minor),
    op,
    value: exact(value),
  });
  const lists: Record<string, object[] | null> = {};
  for (const [key, list] of blockLists) lists[key] = block[list]?.map(entry) ?? null;
  return lists;
}

function cpuOf(reading: Reading | undefined): object {
  const cpu = reading?.cpu;
  return {
    cpu_usage: {
      total_usage: exact(cpu?.total ?? 0),
      ...(cpu?.perCpu && cpu.perCpu.length > 0 && { percpu_usage: cpu.perCpu.map(exact) }),
      usage_in_kernelmode: exact(cpu?.kernel ?? 0),
      usage_in_usermode: exact(cpu?.user ?? 0),
    },
    ...nonZero({ system_cpu_usage: reading?.machineTime, online_cpus: reading?.processors }),
    throttling_data: {
      periods: exact(cpu?.periods ?? 0),
      throttled_periods: exact(cpu?.throttledPeriods ?? 0),
      throttled_time: exact(cpu?.throttledTime ?? 0),
    },
  };
}

/** Without a limit of its own the machine's memory is the limit. */
function memoryOf(reading: Reading | undefined, memoryBytes: number): object {
  const memory = reading?.memory;
  if (!memory) return {};
  const { usage, max, failures, limit } = memory;
  return {
    ...nonZero({ usage, max_usage: max }),
    stats: exactly(memory.stats),
    ...nonZero({ failcnt: failures, limit: Number(limit) > memoryBytes ? memoryBytes : limit }),
  };
}

const counterNames = [
  'rx_bytes',
  'rx_packets',
  'rx_errors',
  'rx_dropped',
  'tx_bytes',
  'tx_packets',
  'tx_errors',
  'tx_dropped',
];

function networksOf(reading: Reading | undefined): object {
  const networks: Record<string, object> = {};
  let some = false;
  for (const [name, counts] of Object.entries(reading?.interfaces ?? {})) {
    const counters: Record<string, unknown> = {};
    counterNames.forEach((key, index) => (counters[key] = exact(counts[index] ?? 0)));
    networks[name] = counters;
    some = true;
  }
  return some ? { networks } : {};
}

function nonZero(fields: Record<string, Count | undefined>): object {
  const present: Record<string, unknown> = {};
  for (const name in fields) {
    const value = fields[name];
    if (value !== undefined && value !== 0) present[name] = exact(value);
  }
  return present;
}

/** The executor has them in the order of the alphabet, as they are shown. */
function exactly(counts: Record<string, Count>): object {
  const all: Record<string, unknown> = {};
  for (const name in counts) all[name] = exact(counts[name] ?? 0);
  return all;
}

/** `JSON.rawJSON`, which TypeScript does not know yet. */
const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };

/** Every digit of a number too great for a double. */
function exact(count: Count): unknown {
  return typeof count === 'number' ? count : rawJSON(count);
}
