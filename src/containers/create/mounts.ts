import { access } from 'node:fs/promises';
import { invalidArgument } from '../../errors.ts';
import type { ContainerConfig, HostConfig, MountPoint } from '../../runtime/config.ts';
import type { VolumeRequest, VolumeService } from '../../volumes/service.ts';
import { verifyVolumeName } from '../../volumes/service.ts';
import type { Container } from '../container.ts';
import { parseBind, parseMount, targetFault, type MountSpec } from './mount-specs.ts';

/** The mounts of a new container, not yet backed by volumes. */
export interface PlannedMounts {
  points: MountPoint[];
  /** How the volume of a destination is made if there is none yet. */
  requests: Map<string, VolumeRequest>;
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
  const points = new Map<string, MountPoint>();
  const requests = new Map<string, VolumeRequest>();
  for (const from of hostConfig.VolumesFrom ?? [])
    for (const point of inheritedMounts(from, containerOf)) points.set(point.Destination, point);
  const asked = new Set<string>();
  const add = (spec: MountSpec): void => {
    if (asked.has(spec.target)) throw invalidArgument(`Duplicate mount point: ${spec.target}`);
    asked.add(spec.target);
    points.set(spec.target, mountPoint(spec));
    if (spec.type === 'volume') requests.set(spec.target, volumeRequest(spec, hostConfig));
  };
  for (const bind of hostConfig.Binds ?? []) add(parseBind(bind));
  for (const mount of hostConfig.Mounts ?? []) add(await parseMount(mount, exists));
  verifyTmpfs(hostConfig, asked);
  for (const target of Object.keys(config.Volumes ?? {}))
    if (!points.has(target) && !(target in (hostConfig.Tmpfs ?? {}))) {
      points.set(target, imageVolume(target));
      requests.set(target, { driver: hostConfig.VolumeDriver });
    }
  for (const { Type, Name } of points.values()) if (Type === 'volume' && Name) verifyVolumeName(Name);
  return { points: [...points.values()], requests };
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

/** `VolumeDriver` is the driver of `Binds`; an entry of `Mounts` names its own. */
function volumeRequest({ mount }: MountSpec, { VolumeDriver, Mounts }: HostConfig): VolumeRequest {
  const { Labels: labels, DriverConfig } = mount?.VolumeOptions ?? {};
  const own = mount !== undefined && Mounts?.includes(mount);
  return { labels, driver: own ? DriverConfig?.Name : VolumeDriver, options: DriverConfig?.Options };
}

function mountPoint(spec: MountSpec): MountPoint {
  const { type, source, target, mode, readOnly, propagation, mount } = spec;
  return {
    Type: type,
    ...(mount && { asked: mount }),
    ...((type === 'volume' || type === 'image') && { Name: source }),
    Source: type === 'bind' ? source : '',
    Destination: target,
    ...(type === 'volume' && { Driver: 'local' }),
    Mode: mode,
    RW: !readOnly,
    Propagation: propagation,
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
  return containerOf(nameOrId).record.mounts.map((point) => ({
    ...point,
    Mode: '',
    RW: point.RW && !readOnly,
  }));
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Mount points with their volumes, and how to take back the volumes that were made. */
export interface MadeVolumes {
  mounts: MountPoint[];
  /** Names of volumes that are this container's alone. */
  anonymous: string[];
  /** The container's row says now that it has them. */
  done(): void;
  undo(): Promise<void>;
}

/**
 * Makes the volumes the plan names and fills in their paths. When one cannot be made, none is; those made are undone by `undo`
 * when create fails later.
 */
export async function makeVolumes(
  { points, requests }: PlannedMounts,
  volumes: VolumeService,
): Promise<MadeVolumes> {
  const anonymous: string[] = [];
  const made: string[] = [];
  const claims: (() => void)[] = [];
  const done = (): void => {
    for (const end of claims.splice(0)) end();
  };
  const undo = async (): Promise<void> => {
    done();
    for (const name of made) await volumes.remove(name, []);
  };
  const withVolume = (point: MountPoint): MountPoint => {
    if (point.Type !== 'volume') return point;
    const request = requests.get(point.Destination) ?? {};
    const { volume, made: fresh } = volumes.ensure(point.Name || undefined, request);
    claims.push(volumes.claim(volume.name));
    if (fresh) made.push(volume.name);
    if (!point.Name) anonymous.push(volume.name);
    return { ...point, Name: volume.name, Source: volume.path };
  };
  try {
    return { mounts: points.map(withVolume), anonymous, done, undo };
  } catch (error) {
    await undo();
    throw error;
  }
}
