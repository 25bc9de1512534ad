import type { DeviceRule, Resources } from '../../oci/runtime-spec.ts';
import type { HostConfig } from '../config.ts';
import type { ResolvedDevices, SpecInput } from './input.ts';

const charDevice = (major: number, minor: number, allow = true): DeviceRule => ({
  allow,
  type: 'c',
  major,
  minor,
  access: 'rwm',
});

/** null, zero, full, tty, console, random, urandom; FUSE is named as refused, as the reference does. */
const standardRules: readonly DeviceRule[] = [
  { allow: false, access: 'rwm' },
  charDevice(1, 5),
  charDevice(1, 3),
  charDevice(1, 9),
  charDevice(1, 8),
  charDevice(5, 0),
  charDevice(5, 1),
  charDevice(10, 229, false),
];

/** `linux.resources`; a group without any limit is left out. */
export function resourcesOf({ hostConfig, devices }: SpecInput): Resources {
  const resources: Resources = { devices: deviceRules(hostConfig, devices) };
  const { PidsLimit } = hostConfig;
  if (PidsLimit !== null && PidsLimit !== 0) resources.pids = { limit: PidsLimit < 0 ? -1 : PidsLimit };
  return filled({
    ...resources,
    memory: memoryLimits(hostConfig),
    cpu: cpuLimits(hostConfig),
    blockIO: blockLimits(hostConfig, devices),
  });
}

function deviceRules({ Privileged }: HostConfig, { rules }: ResolvedDevices): DeviceRule[] {
  if (Privileged) return [{ allow: true, access: 'rwm' }];
  return [...standardRules, ...rules];
}

export function memoryLimits(config: HostConfig): NonNullable<Resources['memory']> {
  const memory: NonNullable<Resources['memory']> = {};
  if (config.Memory > 0) memory.limit = config.Memory;
  if (config.MemoryReservation > 0) memory.reservation = config.MemoryReservation;
  if (config.MemorySwap > 0) memory.swap = config.MemorySwap;
  if ((config.KernelMemoryTCP ?? 0) > 0) memory.kernelTCP = config.KernelMemoryTCP as number;
  if (config.MemorySwappiness !== null && config.MemorySwappiness >= 0)
    memory.swappiness = config.MemorySwappiness;
  if (config.OomKillDisable) memory.disableOOMKiller = true;
  return memory;
}

/** NanoCpus is a quota on the kernel's usual period of 100 ms. */
export function cpuLimits(config: HostConfig): NonNullable<Resources['cpu']> {
  const cpu: NonNullable<Resources['cpu']> = {};
  if (config.CpuShares > 0) cpu.shares = config.CpuShares;
  if (config.NanoCpus > 0) {
    cpu.period = 100_000;
    cpu.quota = Math.floor((config.NanoCpus * 100_000) / 1e9);
  }
  if (config.CpuPeriod !== 0) cpu.period = config.CpuPeriod;
  if (config.CpuQuota !== 0) cpu.quota = config.CpuQuota;
  if (config.CpuRealtimeRuntime !== 0) cpu.realtimeRuntime = config.CpuRealtimeRuntime;
  if (config.CpuRealtimePeriod !== 0) cpu.realtimePeriod = config.CpuRealtimePeriod;
  if (config.CpusetCpus !== '') cpu.cpus = config.CpusetCpus;
  if (config.CpusetMems !== '') cpu.mems = config.CpusetMems;
  return cpu;
}

function blockLimits(
  { BlkioWeight }: HostConfig,
  { weights, throttles }: ResolvedDevices,
): NonNullable<Resources['blockIO']> {
  const block: NonNullable<Resources['blockIO']> = {};
  if (BlkioWeight > 0) block.weight = BlkioWeight;
  if (weights.length > 0) block.weightDevice = [...weights];
  if (throttles.readBps.length > 0) block.throttleReadBpsDevice = [...throttles.readBps];
  if (throttles.writeBps.length > 0) block.throttleWriteBpsDevice = [...throttles.writeBps];
  if (throttles.readIops.length > 0) block.throttleReadIOPSDevice = [...throttles.readIops];
  if (throttles.writeIops.length > 0) block.throttleWriteIOPSDevice = [...throttles.writeIops];
  return block;
}

function filled(resources: Resources): Resources {
  return Object.fromEntries(
    Object.entries(resources).filter(([, value]) => Object.keys(value as object).length > 0),
  );
}
