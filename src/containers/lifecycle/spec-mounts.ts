import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { internal } from '../../errors.ts';
import { give } from '../../host/give.ts';
import type { Owner } from '../../oci/id-mapping.ts';
import type { Mount, MountPoint } from '../../runtime/config.ts';
import type { OpenedSource, SpecMount } from '../../runtime/spec/input.ts';
import type { Container } from '../container.ts';
import { verifyPropagation } from './propagation.ts';
import { verifyTmpfsOptions } from './tmpfs-options.ts';

/**
 * A container's own mounts as its spec has them. A missing directory of `Binds` is made, as the reference does.
 * @throws with the reference's texts for a source that cannot be mounted as asked
 */
export async function specMounts(
  { record, hostConfig }: Container,
  { imageLayers, settings }: { imageLayers(imageId: string): string[]; settings: { owner: Owner } },
): Promise<SpecMount[]> {
  const mounts: SpecMount[] = [];
  for (const [destination, options] of Object.entries(hostConfig.Tmpfs ?? {}))
    mounts.push(tmpfs(destination, verifyTmpfsOptions(options.split(',').filter(Boolean))));
  for (const point of record.mounts) {
    const asked = point.asked ?? hostConfig.Mounts?.find(({ Target }) => Target === point.Destination);
    if (point.Type === 'tmpfs') {
      const options = tmpfsOptions(asked?.TmpfsOptions);
      mounts.push({ ...tmpfs(point.Destination, options), readOnly: !point.RW });
      continue;
    }
    if (point.Type === 'bind') await prepareBind(point, asked, settings.owner);
    const opened = openedSource(point, asked, imageLayers);
    mounts.push({
      kind: point.Type === 'volume' || point.Type === 'image' ? point.Type : 'bind',
      source: point.Source,
      destination: point.Destination,
      readOnly: !point.RW,
      readOnlyNonRecursive: asked?.BindOptions?.ReadOnlyNonRecursive ?? false,
      nonRecursive: asked?.BindOptions?.NonRecursive ?? false,
      propagation: point.Propagation,
      options: [],
      ...(opened && { opened }),
    });
  }
  return mounts;
}

async function prepareBind(point: MountPoint, asked: Mount | undefined, owner: Owner): Promise<void> {
  const { ReadOnlyNonRecursive, ReadOnlyForceRecursive, CreateMountpoint } = asked?.BindOptions ?? {};
  if (ReadOnlyNonRecursive && ReadOnlyForceRecursive)
    throw internal('mount options conflict: ReadOnlyNonRecursive && BindOptions.ReadOnlyForceRecursive');
  if (!asked || CreateMountpoint) await makeSource(point, owner);
  await verifyPropagation(point.Source, point.Propagation);
}

/** Makes a missing directory, with those it is in, for the root of containers. */
async function makeSource({ Source }: MountPoint, owner: Owner): Promise<void> {
  const first = await mkdir(Source, { recursive: true, mode: 0o755 }).catch(
    (error: NodeJS.ErrnoException) => {
      // A file is a fine source too.
      if (error.code === 'EEXIST') return undefined;
      throw internal(
        `error while creating mount source path '${Source}': mkdir ${Source}: ${error.message}`,
        error,
      );
    },
  );
  if (first === undefined) return;
  for (let made = Source; made.length >= first.length; made = dirname(made)) give(made, owner);
}

function openedSource(
  { Type, Source: path, imageId }: MountPoint,
  asked: Mount | undefined,
  imageLayers: (imageId: string) => string[],
): OpenedSource | undefined {
  if (Type === 'image' && imageId !== undefined) {
    const rootfs = { type: 'overlay', lower: imageLayers(imageId) };
    return { rootfs, path, subpath: asked?.ImageOptions?.Subpath ?? '' };
  }
  const subpath = Type === 'volume' ? asked?.VolumeOptions?.Subpath : undefined;
  return subpath ? { path, subpath } : undefined;
}

function tmpfs(destination: string, options: string[]): SpecMount {
  return {
    kind: 'tmpfs',
    source: '',
    destination,
    readOnly: false,
    readOnlyNonRecursive: false,
    nonRecursive: false,
    propagation: '',
    options,
  };
}

function tmpfsOptions(given: { SizeBytes?: number; Mode?: number; Options?: string[][] } = {}): string[] {
  const options: string[] = [];
  if (given.Mode) options.push(`mode=${given.Mode.toString(8)}`);
  if (given.SizeBytes) options.push(`size=${given.SizeBytes}`);
  for (const pair of given.Options ?? []) options.push(pair.join('='));
  return options;
}
