import { conflict, invalidArgument } from '../../errors.ts';
import type { HostConfig, Resources, RestartPolicy } from '../../runtime/config.ts';

/** The body of ContainerUpdate: what is 0, '' or absent stays as it is. */
export type Changes = Partial<Resources> & { RestartPolicy?: Partial<RestartPolicy> };

/** Fields that take the new value whenever there is one. */
const plain = [
  'BlkioWeight',
  'CpuShares',
  'NanoCpus',
  'CpuPeriod',
  'CpuQuota',
  'CpusetCpus',
  'CpusetMems',
  'Memory',
  'MemorySwap',
  'MemoryReservation',
  'CpuRealtimePeriod',
  'CpuRealtimeRuntime',
  'KernelMemoryTCP',
] as const;

/** Those in which 0 and false are values too, and lists, which are replaced whole. */
const nullable = [
  'PidsLimit',
  'MemorySwappiness',
  'OomKillDisable',
  'BlkioWeightDevice',
  'BlkioDeviceReadBps',
  'BlkioDeviceWriteBps',
  'BlkioDeviceReadIOps',
  'BlkioDeviceWriteIOps',
] as const;

/** What is fixed when a container is created. */
const fixed = ['CgroupParent', 'Devices', 'DeviceCgroupRules', 'DeviceRequests', 'Ulimits'] as const;

/**
 * The host config after an update.
 * @throws conflict when the new values do not go with those that stay; invalid-argument for what cannot change any more, which
 *         the reference ignores
 */
export function mergeChanges(current: HostConfig, changes: Changes): HostConfig {
  verifyProcessors(current, changes);
  const { Memory = 0, MemorySwap = 0 } = changes;
  if (Memory !== 0 && Memory > current.MemorySwap && MemorySwap === 0)
    throw conflict(
      'Memory limit should be smaller than already set memoryswap limit, update the memoryswap at the same time',
    );
  for (const field of fixed)
    if (changes[field]?.length && JSON.stringify(changes[field]) !== JSON.stringify(current[field]))
      throw invalidArgument(`${field} cannot be changed once a container has been created`);
  const merged: Record<string, unknown> = { ...current };
  for (const field of plain) if (changes[field]) merged[field] = changes[field];
  for (const field of nullable) if (changes[field] != null) merged[field] = changes[field];
  if (merged['MemorySwappiness'] === -1) merged['MemorySwappiness'] = null;
  const policy = changes.RestartPolicy;
  if (policy?.Name) {
    if (current.AutoRemove && policy.Name !== 'no')
      throw conflict('Restart policy cannot be updated because AutoRemove is enabled for the container');
    merged['RestartPolicy'] = { Name: policy.Name, MaximumRetryCount: policy.MaximumRetryCount ?? 0 };
  }
  return merged as unknown as HostConfig;
}

/** NanoCpus is a period and a quota: with one kind set, the other cannot be. */
function verifyProcessors(current: HostConfig, changes: Changes): void {
  const { NanoCpus = 0, CpuPeriod = 0, CpuQuota = 0 } = changes;
  const refuse = (wanted: string, set: string): never => {
    throw conflict(`Conflicting options: ${wanted} cannot be updated as ${set} has already been set`);
  };
  if (NanoCpus > 0 && current.CpuPeriod > 0) refuse('Nano CPUs', 'CPU Period');
  if (NanoCpus > 0 && current.CpuQuota > 0) refuse('Nano CPUs', 'CPU Quota');
  if (CpuPeriod > 0 && current.NanoCpus > 0) refuse('CPU Period', 'NanoCPUs');
  if (CpuQuota > 0 && current.NanoCpus > 0) refuse('CPU Quota', 'NanoCPUs');
}
