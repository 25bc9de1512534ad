import type { Executor } from '../../host/executor.ts';
import type { Snapshotter } from '../../snapshots/snapshotter.ts';

/** What `docker diff` tells of one path. */
export interface FileChange {
  /** 0 modified, 1 added, 2 deleted. */
  Kind: 0 | 1 | 2;
  /** Absolute in the container. */
  Path: string;
}

/**
 * What differs between a container's own files and the layers below, depth first. Files that the engine made itself before the
 * first start belong to the layers.
 */
export async function changesOf(
  {
    executor,
    snapshotter,
  }: { executor: Pick<Executor, 'request'>; snapshotter: Pick<Snapshotter, 'mounts'> },
  id: string,
  signal: AbortSignal,
): Promise<FileChange[]> {
  const { changes } = await executor.request<{ changes: FileChange[] }>(
    'container.changes',
    { rootfs: snapshotter.mounts(id) },
    { deadlineMs: 0, signal },
  );
  return changes;
}
