import { access } from 'node:fs/promises';
import { invalidArgument } from '../../errors.ts';
import type { ContainerConfig, HostConfig, MountPoint } from '../../runtime/config.ts';
import type { VolumeService } from '../../volumes/service.ts';
import { verifyVolumeName } from '../../volumes/service.ts';
import type { Container } from '../container.ts';
import { parseBind, parseMount, targetFault, type MountSpec } from './mount-specs.ts';

/** The mounts of a new container, not yet backed by volumes. */
export interface PlannedMounts {
  points: (MountPoint & { labels?: Record<string, string> })[];
}

/**
 * Reads `VolumesFrom`, `Binds`, `Mounts`, `Tmpfs` and the volumes of Config into one list without repeats. Nothing is
 * made yet. A path of Config that something is mounted on needs no volume of its own.
 * @throws with the reference's texts, see mount-specs.ts
 */
export async function planMounts(
  config: ContainerConfig,
  hostConfig: HostConfig,
  containerOf: (nameOrId: string) => Container,
): Promise<PlannedMounts> {
  const points = new Map<string, PlannedMounts['points'][number]>();
  for (const from of hostConfig.VolumesFrom ?? [])
    for (const point of inheritedMounts(from, containerOf)) points.set(point.Destination, point);
  const asked = new Set<string>();
  const add = (spec: MountSpec): void => {
    if (asked.has(spec.target)) throw invalidArgument(`Duplicate mount point: ${spec.target}`);
    asked.add(spec.target);
    points.set(spec.target, mountPoint(spec));
  };
  for (const bind of hostConfig.Binds ?? []) add(parseBind(bind));
  for (const mount of hostConfig.Mounts ?? []) add(await parseMount(mount, exists));
  verifyTmpfs(hostConfig, asked);
  for (const target of Object.keys(config.Volumes ?? {}))
    if (!points.has(target) && !(target in (hostConfig.Tmpfs ?? {}))) points.set(target, imageVolume(target));
  for (const { Type, Name } of points.values()) if (Type === 'volume' && Name) verifyVolumeName(Name);
  return { points: [...points.values()] };
}

/** `Tmpfs` may repeat a tmpfs of `Mounts`, but nothing else. */
function verifyTmpfs({ Tmpfs, Mounts }: HostConfig, asked: ReadonlySet<string>): void {
  for (const target of Object.keys(Tmpfs ?? {})) {
    const fault = targetFault(target);
    if (fault !== undefined) throw invalidArgument(fault);
    const twice =
      asked.has(target) && !Mounts?.some(({ Type, Target }) => Type === 'tmpfs' && Target === target);
    if (twice) throw invalidArgument(`Duplicate mount point: ${target}`);
  }
}

function mountPoint(spec: MountSpec): PlannedMounts['points'][number] {
  const { type, source, target, mode, readOnly, propagation, mount } = spec;
  const labels = mount?.VolumeOptions?.Labels;
  return {
    Type: type,
    ...(type === 'volume' && { Name: source }),
    Source: type === 'bind' ? source : '',
    Destination: target,
    ...(type === 'volume' && { Driver: 'local' }),
    Mode: mode,
    RW: !readOnly,
    Propagation: propagation,
    ...(labels && { labels }),
  };
}

function imageVolume(target: string): MountPoint {
  const fault = targetFault(target);
  if (fault !== undefined) throw invalidArgument(fault);
  return {
    Type: 'volume',
    Name: '',
    Source: '',
    Destination: target,
    Driver: 'local',
    Mode: '',
    RW: true,
    Propagation: '',
  };
}

/** `container[:ro|rw]` */
function inheritedMounts(from: string, containerOf: (nameOrId: string) => Container): MountPoint[] {
  const [nameOrId = '', mode = 'rw'] = from.split(':');
  if (!['rw', 'ro', 'z', 'Z', 'rw,z', 'ro,z', 'rw,Z', 'ro,Z'].includes(mode))
    throw invalidArgument(`invalid mode: ${mode}`);
  const readOnly = mode.startsWith('ro');
  return containerOf(nameOrId).record.mounts.map((point) => ({ ...point, RW: point.RW && !readOnly }));
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/**
 * Makes the volumes the plan names and fills in their paths. Volumes made are undone by `undo` when create fails later.
 * @returns the mount points as stored, and the names of volumes that are this container's alone
 */
export function makeVolumes(
  { points }: PlannedMounts,
  volumes: VolumeService,
): { mounts: MountPoint[]; anonymous: string[]; undo(): Promise<void> } {
  const anonymous: string[] = [];
  const made: string[] = [];
  const undo = async (): Promise<void> => {
    for (const name of made) await volumes.remove(name, []);
  };
  const mounts = points.map(({ labels, ...point }) => {
    if (point.Type !== 'volume') return point;
    const { volume, made: fresh } = volumes.ensure(point.Name || undefined, labels);
    if (fresh) made.push(volume.name);
    if (!point.Name) anonymous.push(volume.name);
    return { ...point, Name: volume.name, Source: volume.path };
  });
  return { mounts, anonymous, undo };
}
