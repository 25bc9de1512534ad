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
  return Object.fromEntries(blockLists.map(([key, list]) => [key, block[list]?.map(entry) ?? null]));
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
  const stats = Object.keys(memory.stats)
    .sort()
    .map((name) => [name, exact(memory.stats[name] ?? 0)]);
  return {
    ...nonZero({ usage, max_usage: max }),
    stats: Object.fromEntries(stats),
    ...nonZero({ failcnt: failures, limit: Number(limit) > memoryBytes ? memoryBytes : limit }),
  };
}

function networksOf(reading: Reading | undefined): object {
  const interfaces = Object.entries(reading?.interfaces ?? {});
  if (interfaces.length === 0) return {};
  const names = ['bytes', 'packets', 'errors', 'dropped'];
  const keys = [...names.map((name) => `rx_${name}`), ...names.map((name) => `tx_${name}`)];
  const counters = (counts: Count[]): object =>
    Object.fromEntries(keys.map((key, index) => [key, exact(counts[index] ?? 0)]));
  return { networks: Object.fromEntries(interfaces.map(([name, counts]) => [name, counters(counts)])) };
}

function nonZero(fields: Record<string, Count | undefined>): object {
  const present = Object.entries(fields).filter(([, value]) => value !== undefined && value !== 0);
  return Object.fromEntries(present.map(([name, value]) => [name, exact(value as Count)]));
}

/** `JSON.rawJSON`, which TypeScript does not know yet. */
const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };

/** Every digit of a number too great for a double. */
function exact(count: Count): unknown {
  return typeof count === 'number' ? count : rawJSON(count);
}
