import type { Resources, ThrottleDevice } from '../../oci/runtime-spec.ts';
import type { HostConfig } from '../../runtime/config.ts';
import type { ResolvedDevices } from '../../runtime/spec/input.ts';
import type { Changes } from './merge.ts';

export interface LimitsInput {
  changes: Changes;
  /** With the changes in it. */
  merged: HostConfig;
  /** Numbers of the devices in the merged config, and in the one before. */
  devices: ResolvedDevices;
  before: ResolvedDevices;
}

/**
 * The limits to be set for an update, as OCI resources. What one file of the kernel holds together goes together, the part that
 * stays included: memory with swap, quota with period. Undefined when no limit changes.
 */
export function changedLimits({ changes, merged, devices, before }: LimitsInput): Resources | undefined {
  const resources: Resources = {};
  const memory = memoryChanges(changes, merged);
  const cpu = cpuChanges(changes, merged);
  const block = blockChanges(changes, devices, before);
  if (Object.keys(memory).length > 0) resources.memory = memory;
  if (Object.keys(cpu).length > 0) resources.cpu = cpu;
  if (Object.keys(block).length > 0) resources.blockIO = block;
  if (changes.PidsLimit != null) resources.pids = { limit: changes.PidsLimit > 0 ? changes.PidsLimit : -1 };
  return Object.keys(resources).length > 0 ? resources : undefined;
}

function memoryChanges(changes: Changes, merged: HostConfig): NonNullable<Resources['memory']> {
  const memory: NonNullable<Resources['memory']> = {};
  if (changes.Memory || changes.MemorySwap) {
    if (merged.Memory !== 0) memory.limit = merged.Memory;
    if (merged.MemorySwap !== 0) memory.swap = merged.MemorySwap;
  }
  if (changes.MemoryReservation) memory.reservation = changes.MemoryReservation;
  if (changes.KernelMemoryTCP) memory.kernelTCP = changes.KernelMemoryTCP;
  if (changes.MemorySwappiness != null && changes.MemorySwappiness >= 0)
    memory.swappiness = changes.MemorySwappiness;
  if (changes.OomKillDisable != null) memory.disableOOMKiller = changes.OomKillDisable;
  return memory;
}

function cpuChanges(changes: Changes, merged: HostConfig): NonNullable<Resources['cpu']> {
  const cpu: NonNullable<Resources['cpu']> = {};
  const { CpuShares = 0 } = changes;
  // Far beyond the highest: the kernel's answer to a negative one is the same.
  if (CpuShares !== 0) cpu.shares = CpuShares < 0 ? Number.MAX_SAFE_INTEGER : CpuShares;
  if (changes.NanoCpus) {
    cpu.period = 100_000;
    cpu.quota = Math.floor((changes.NanoCpus * 100_000) / 1e9);
  } else if (changes.CpuPeriod || changes.CpuQuota) {
    if (merged.CpuPeriod !== 0) cpu.period = merged.CpuPeriod;
    if (merged.CpuQuota !== 0) cpu.quota = merged.CpuQuota;
  }
  if (changes.CpuRealtimePeriod) cpu.realtimePeriod = changes.CpuRealtimePeriod;
  if (changes.CpuRealtimeRuntime) cpu.realtimeRuntime = changes.CpuRealtimeRuntime;
  if (changes.CpusetCpus) cpu.cpus = changes.CpusetCpus;
  if (changes.CpusetMems) cpu.mems = changes.CpusetMems;
  return cpu;
}

function blockChanges(
  changes: Changes,
  devices: ResolvedDevices,
  before: ResolvedDevices,
): NonNullable<Resources['blockIO']> {
  const block: NonNullable<Resources['blockIO']> = {};
  if (changes.BlkioWeight) block.weight = changes.BlkioWeight;
  if (changes.BlkioWeightDevice) block.weightDevice = [...devices.weights];
  const { throttles: now } = devices;
  const { throttles: then } = before;
  if (changes.BlkioDeviceReadBps) block.throttleReadBpsDevice = replaced(now.readBps, then.readBps);
  if (changes.BlkioDeviceWriteBps) block.throttleWriteBpsDevice = replaced(now.writeBps, then.writeBps);
  if (changes.BlkioDeviceReadIOps) block.throttleReadIOPSDevice = replaced(now.readIops, then.readIops);
  if (changes.BlkioDeviceWriteIOps) block.throttleWriteIOPSDevice = replaced(now.writeIops, then.writeIops);
  return block;
}

/** A rate of 0 takes away the limit of a device that is in the list no more. */
function replaced(now: readonly ThrottleDevice[], then: readonly ThrottleDevice[]): ThrottleDevice[] {
  const named = ({ major, minor }: ThrottleDevice): string => `${major}:${minor}`;
  const kept = new Set(now.map(named));
  return [
    ...now,
    ...then.filter((device) => !kept.has(named(device))).map((device) => ({ ...device, rate: 0 })),
  ];
}
