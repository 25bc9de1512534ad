import { randomUUID } from 'node:crypto';
import type { Lease } from '../content/store.ts';
import { chainIds, type ChainId, type DiffId, type Digest } from '../oci/digest.ts';
import { invalidArgument } from '../errors.ts';
import { logger } from '../log.ts';
import type { ImagesDeps } from './deps.ts';

const log = logger('images');

/** A layer to unpack: the blob that holds it, and what it must turn out to be. */
export interface LayerSource {
  diffId: DiffId;
  blob: Digest;
}

/** Told before a layer is unpacked and when it is there. Layers that are there already are not mentioned. */
export type LayerProgress = (layer: LayerSource, state: 'begin' | 'end') => void;

const inProgress = new Map<string, Promise<void>>();

/**
 * Makes sure that every layer of a stack is a committed snapshot, lowest first, each unpacked once however many ask for it.
 * The lease protects them. Returns the size of all of them.
 * @throws invalid-argument `invalid diffID for layer ...` when a blob is not what the config says
 */
export async function unpackLayers(
  deps: Pick<ImagesDeps, 'snapshotter' | 'apply' | 'content'>,
  layers: readonly LayerSource[],
  lease: Lease,
  signal: AbortSignal,
  progress: LayerProgress = () => {},
): Promise<number> {
  const chains = chainIds(layers.map(({ diffId }) => diffId));
  for (const chain of chains) lease.add(chain);
  let sizeBytes = 0;
  for (const [index, chain] of chains.entries()) {
    const layer = layers[index] as LayerSource;
    while (!deps.snapshotter.find(chain)) {
      const other = inProgress.get(chain);
      // Another's failure is its own; then it is our turn.
      if (other) await other.catch(() => {});
      else
        await once(chain, () => unpackLayer(deps, layer, index, chain, chains[index - 1], signal, progress));
    }
    sizeBytes += deps.snapshotter.find(chain)?.sizeBytes ?? 0;
  }
  return sizeBytes;
}

async function once(chain: ChainId, work: () => Promise<void>): Promise<void> {
  const running = work();
  inProgress.set(chain, running);
  try {
    await running;
  } finally {
    inProgress.delete(chain);
  }
}

async function unpackLayer(
  { snapshotter, apply, content }: Pick<ImagesDeps, 'snapshotter' | 'apply' | 'content'>,
  layer: LayerSource,
  index: number,
  chain: ChainId,
  parent: ChainId | undefined,
  signal: AbortSignal,
  progress: LayerProgress,
): Promise<void> {
  progress(layer, 'begin');
  const key = `unpack:${randomUUID()}`;
  const began = performance.now();
  const target = await snapshotter.prepareLayer(key, parent);
  try {
    const { diffId, sizeBytes } = await apply(content.path(layer.blob), target, undefined, signal);
    if (diffId !== layer.diffId)
      throw invalidArgument(`invalid diffID for layer ${index}: expected "${layer.diffId}", got "${diffId}"`);
    await snapshotter.commit(key, chain, { sizeBytes });
    log.info('layer committed', {
      chainId: chain,
      sizeBytes,
      durationMs: Math.round(performance.now() - began),
    });
  } catch (error) {
    await snapshotter.remove(key);
    throw error;
  }
  progress(layer, 'end');
}
