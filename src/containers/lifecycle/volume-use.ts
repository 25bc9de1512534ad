import type { Volume, VolumeService } from '../../volumes/service.ts';
import type { Container } from '../container.ts';

/**
 * Mounts what is behind the volumes of a container that is about to run, or runs, or whose files are looked at by another `user`.
 * @throws internal with the reference's text; volumes held by then stay held until `releaseVolumes`
 */
export async function holdVolumes(
  container: Container,
  volumes: VolumeService,
  user = container.id,
): Promise<void> {
  for (const volume of volumesOf(container, volumes)) await volumes.mounts.hold(volume, user);
}

/** Ends that. Never throws. */
export async function releaseVolumes(
  container: Container,
  volumes: VolumeService,
  user = container.id,
): Promise<void> {
  for (const volume of volumesOf(container, volumes)) await volumes.mounts.release(volume, user);
}

function volumesOf({ record }: Container, volumes: VolumeService): Volume[] {
  const names = new Set(record.mounts.flatMap(({ Type, Name }) => (Type === 'volume' && Name ? Name : [])));
  return [...names].flatMap((name) => volumes.find(name) ?? []);
}
