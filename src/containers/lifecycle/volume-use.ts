import type { Volume, VolumeService } from '../../volumes/service.ts';
import type { Container } from '../container.ts';

/**
 * Mounts what is behind the volumes of a container that is about to run, or runs.
 * @throws internal with the reference's text; volumes held by then stay held until `releaseVolumes`
 */
export async function holdVolumes(container: Container, volumes: VolumeService): Promise<void> {
  for (const volume of volumesOf(container, volumes)) await volumes.mounts.hold(volume, container.id);
}

/** Ends that. Never throws. */
export async function releaseVolumes(container: Container, volumes: VolumeService): Promise<void> {
  for (const volume of volumesOf(container, volumes)) await volumes.mounts.release(volume, container.id);
}

function volumesOf({ record }: Container, volumes: VolumeService): Volume[] {
  const names = new Set(record.mounts.flatMap(({ Type, Name }) => (Type === 'volume' && Name ? Name : [])));
  return [...names].flatMap((name) => volumes.find(name) ?? []);
}
