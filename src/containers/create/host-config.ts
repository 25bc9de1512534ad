import type { HostConfig, Mount, PortBinding, Resources } from '../../runtime/config.ts';
import type { CreateBody } from '../service.ts';

/** What the kernel shows that a container should not see. */
const maskedPaths = [
  '/proc/asound',
  '/proc/acpi',
  '/proc/interrupts',
  '/proc/kcore',
  '/proc/keys',
  '/proc/latency_stats',
  '/proc/timer_list',
  '/proc/timer_stats',
  '/proc/sched_debug',
  '/proc/scsi',
  '/sys/firmware',
  '/sys/devices/virtual/powercap',
];

/** What it may see but not change. */
const readonlyPaths = ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'];

export interface HostDefaults {
  cgroupVersion: 1 | 2;
  /** '' follows the cgroup version. */
  cgroupnsMode: string;
  runtime: string;
  ipcMode: string;
  shmSizeBytes: number;
  logDriver: string;
  logOptions: Record<string, string>;
  init: boolean;
  noNewPrivileges: boolean;
  /** '' for the built-in profile, `unconfined`, or the text of one. */
  seccompProfile: string;
}

type Given = NonNullable<CreateBody['HostConfig']>;

/** HostConfig as stored: what the body says, the daemon's defaults for the rest, null and [] kept apart as clients see them. */
export function hostConfigOf(given: Given, defaults: HostDefaults): HostConfig {
  const privileged = given.Privileged ?? false;
  const own = (paths: readonly string[]): string[] | null => (privileged ? null : [...paths]);
  return {
    Binds: given.Binds ?? null,
    ContainerIDFile: given.ContainerIDFile ?? '',
    LogConfig: logConfig(given, defaults),
    NetworkMode: networkMode(given.NetworkMode),
    PortBindings: portBindings(given.PortBindings),
    RestartPolicy: {
      Name: given.RestartPolicy?.Name || 'no',
      MaximumRetryCount: given.RestartPolicy?.MaximumRetryCount ?? 0,
    },
    AutoRemove: given.AutoRemove ?? false,
    VolumeDriver: given.VolumeDriver ?? '',
    VolumesFrom: given.VolumesFrom ?? null,
    ConsoleSize: [given.ConsoleSize?.[0] ?? 0, given.ConsoleSize?.[1] ?? 0],
    ...(given.Annotations && Object.keys(given.Annotations).length > 0 && { Annotations: given.Annotations }),
    CapAdd: given.CapAdd ?? null,
    CapDrop: given.CapDrop ?? null,
    CgroupnsMode: given.CgroupnsMode || defaultCgroupns(privileged, defaults),
    Dns: given.Dns ?? null,
    DnsOptions: given.DnsOptions ?? null,
    DnsSearch: given.DnsSearch ?? null,
    ExtraHosts: given.ExtraHosts ?? null,
    GroupAdd: given.GroupAdd ?? null,
    IpcMode: given.IpcMode || defaults.ipcMode,
    Cgroup: given.Cgroup ?? '',
    Links: given.Links ?? null,
    OomScoreAdj: given.OomScoreAdj ?? 0,
    PidMode: given.PidMode ?? '',
    Privileged: privileged,
    PublishAllPorts: given.PublishAllPorts ?? false,
    ReadonlyRootfs: given.ReadonlyRootfs ?? false,
    SecurityOpt: privileged ? [...(given.SecurityOpt ?? []), 'label=disable'] : (given.SecurityOpt ?? null),
    ...(given.StorageOpt && Object.keys(given.StorageOpt).length > 0 && { StorageOpt: given.StorageOpt }),
    ...(given.Tmpfs && Object.keys(given.Tmpfs).length > 0 && { Tmpfs: given.Tmpfs }),
    UTSMode: given.UTSMode ?? '',
    UsernsMode: given.UsernsMode ?? '',
    ShmSize: given.ShmSize || defaults.shmSizeBytes,
    ...(given.Sysctls && Object.keys(given.Sysctls).length > 0 && { Sysctls: given.Sysctls }),
    Runtime: given.Runtime || defaults.runtime,
    Isolation: given.Isolation ?? '',
    ...resources(given, defaults),
    ...(given.Mounts &&
      given.Mounts.length > 0 && { Mounts: given.Mounts.map((mount) => compact(mount) as Mount) }),
    MaskedPaths: given.MaskedPaths ?? own(maskedPaths),
    ReadonlyPaths: given.ReadonlyPaths ?? own(readonlyPaths),
    ...(given.Init != null && { Init: given.Init }),
  };
}

function resources(given: Given, { cgroupVersion }: HostDefaults): Resources {
  const kernelTcp = given.KernelMemoryTCP ?? 0;
  return {
    CpuShares: given.CpuShares ?? 0,
    Memory: given.Memory ?? 0,
    NanoCpus: given.NanoCpus ?? 0,
    CgroupParent: given.CgroupParent ?? '',
    BlkioWeight: given.BlkioWeight ?? 0,
    BlkioWeightDevice: (given.BlkioWeightDevice as HostConfig['BlkioWeightDevice']) ?? null,
    BlkioDeviceReadBps: (given.BlkioDeviceReadBps as HostConfig['BlkioDeviceReadBps']) ?? null,
    BlkioDeviceWriteBps: (given.BlkioDeviceWriteBps as HostConfig['BlkioDeviceWriteBps']) ?? null,
    BlkioDeviceReadIOps: (given.BlkioDeviceReadIOps as HostConfig['BlkioDeviceReadIOps']) ?? null,
    BlkioDeviceWriteIOps: (given.BlkioDeviceWriteIOps as HostConfig['BlkioDeviceWriteIOps']) ?? null,
    CpuPeriod: given.CpuPeriod ?? 0,
    CpuQuota: given.CpuQuota ?? 0,
    CpuRealtimePeriod: given.CpuRealtimePeriod ?? 0,
    CpuRealtimeRuntime: given.CpuRealtimeRuntime ?? 0,
    CpusetCpus: given.CpusetCpus ?? '',
    CpusetMems: given.CpusetMems ?? '',
    Devices: (given.Devices as HostConfig['Devices']) ?? null,
    DeviceCgroupRules: given.DeviceCgroupRules ?? null,
    DeviceRequests: (given.DeviceRequests as HostConfig['DeviceRequests']) ?? null,
    MemoryReservation: given.MemoryReservation ?? 0,
    // Memory without a word on swap allows as much swap again.
    MemorySwap: given.MemorySwap || (given.Memory ?? 0) * 2,
    MemorySwappiness:
      given.MemorySwappiness == null || given.MemorySwappiness === -1 ? null : given.MemorySwappiness,
    // Version 2 has no such thing.
    OomKillDisable: given.OomKillDisable ?? (cgroupVersion === 1 ? false : null),
    // No limit and one below 1 are the same.
    PidsLimit: (given.PidsLimit ?? 0) > 0 ? (given.PidsLimit as number) : null,
    Ulimits: (given.Ulimits as HostConfig['Ulimits']) ?? null,
    CpuCount: given.CpuCount ?? 0,
    CpuPercent: given.CpuPercent ?? 0,
    IOMaximumIOps: given.IOMaximumIOps ?? 0,
    IOMaximumBandwidth: given.IOMaximumBandwidth ?? 0,
    ...(kernelTcp !== 0 && { KernelMemoryTCP: kernelTcp }),
  };
}

/** Private where the kernel's tree is one; on version 1, and for the privileged, the host's. */
function defaultCgroupns(privileged: boolean, { cgroupnsMode, cgroupVersion }: HostDefaults): string {
  if (privileged) return 'host';
  return cgroupnsMode || (cgroupVersion === 1 ? 'host' : 'private');
}

/** The daemon's options go with the daemon's driver only. */
function logConfig({ LogConfig }: Given, { logDriver, logOptions }: HostDefaults): HostConfig['LogConfig'] {
  const Type = LogConfig?.Type || logDriver;
  const own = LogConfig?.Config ?? {};
  return { Type, Config: Type === logDriver ? { ...logOptions, ...own } : { ...own } };
}

function networkMode(given: string | undefined): string {
  return given === undefined || given === '' || given === 'default' ? 'bridge' : given;
}

function portBindings(given: Given['PortBindings']): HostConfig['PortBindings'] {
  if (!given) return null;
  const entries = Object.entries(given as Record<string, Partial<PortBinding>[] | null>).map(
    ([port, bindings]) => [
      port.includes('/') ? port : `${port}/tcp`,
      bindings?.map(({ HostIp = '', HostPort = '' }) => ({ HostIp, HostPort })) ?? null,
    ],
  );
  return Object.fromEntries(entries) as HostConfig['PortBindings'];
}

/** Leaves out what says nothing (false, 0, ''), at every depth; objects stay, be they empty. */
function compact(value: object): object {
  const entries = Object.entries(value as Record<string, unknown>)
    .filter(([, field]) => field !== false && field !== 0 && field !== '')
    .map(([name, field]) => [name, isPlainObject(field) ? compact(field) : field]);
  return Object.fromEntries(entries) as object;
}

function isPlainObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
