import type { Executor } from '../host/executor.ts';
import type { DiffId } from '../oci/digest.ts';
import type { LayerTarget } from '../snapshots/snapshotter.ts';

/** What applying a layer found. */
export interface AppliedLayer {
  diffId: DiffId;
  /** Size of its files as Docker counts it: every inode once, directories not at all. */
  sizeBytes: number;
}

/**
 * Unpacks the layer tar `blob` (any compression, told by its bytes) into `target`, in a confined process. On failure the
 * directory holds anything and is the caller's to remove.
 * @throws invalid-argument when the archive is bad or is not `diffId`
 */
export type ApplyLayer = (
  blob: string,
  target: LayerTarget,
  diffId: DiffId | undefined,
  signal: AbortSignal,
) => Promise<AppliedLayer>;

/** Applies layers by the executor (`layer.apply`). A layer takes as long as it takes. */
export function executorApply(executor: Pick<Executor, 'request'>): ApplyLayer {
  return (blob, { dir, parents }, diffId, signal) =>
    executor.request<AppliedLayer>('layer.apply', { blob, dir, parents, diffId }, { signal, deadlineMs: 0 });
}
