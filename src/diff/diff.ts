import type { Executor } from '../host/executor.ts';
import type { DiffId } from '../oci/digest.ts';
import type { Rootfs } from '../snapshots/snapshotter.ts';

/** A layer's tar as it was written. */
export interface WrittenLayer {
  /** Of the tar, which is not compressed: its digest as a blob, too. */
  diffId: DiffId;
  /** Of the tar. */
  sizeBytes: number;
}

/**
 * Writes what a container's own directory holds, against the layers below it, as a layer's tar into the new file `path`, in a
 * confined process. On failure the file holds anything and is the caller's to remove.
 */
export type DiffLayer = (rootfs: Rootfs, path: string, signal: AbortSignal) => Promise<WrittenLayer>;

/** Writes layers by the executor (`layer.diff`). A layer takes as long as it takes. */
export function executorDiff(executor: Pick<Executor, 'request'>): DiffLayer {
  return (rootfs, path, signal) =>
    executor.request<WrittenLayer>('layer.diff', { rootfs, path }, { signal, deadlineMs: 0 });
}

/** The digest of a tar without entries. */
export const emptyLayer = 'sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef' as DiffId;
