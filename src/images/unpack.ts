import { randomUUID } from 'node:crypto';
import type { ContentStore, Lease } from '../content/store.ts';
import type { ApplyLayer } from '../diff/apply.ts';
import { invalidArgument } from '../errors.ts';
import { logger } from '../log.ts';
import { chainIds, type ChainId, type DiffId, type Digest } from '../oci/digest.ts';
import type { Snapshotter } from '../snapshots/snapshotter.ts';

const log = logger('images');

/** A layer to unpack: the blob that holds it, and what it must turn out to be. */
export interface LayerSource {
  diffId: DiffId;
  blob: Digest;
}

/** Told before a layer is unpacked and when it is there. Layers that are there already are not mentioned. */
export type LayerProgress = (layer: LayerSource, state: 'begin' | 'end') => void;

export interface UnpackerDeps {
  snapshotter: Snapshotter;
  content: ContentStore;
  apply: ApplyLayer;
}

/** One layer in its stack. */
interface Step {
  layer: LayerSource;
  index: number;
  chain: ChainId;
  parent: ChainId | undefined;
}

/** Turns layer blobs into committed snapshots, each once however many ask for it at a time. */
export class LayerUnpacker {
  readonly #deps: UnpackerDeps;
  readonly #running = new Map<ChainId, Promise<void>>();

  constructor(deps: UnpackerDeps) {
    this.#deps = deps;
  }

  /**
   * Makes sure that every layer of a stack is a committed snapshot, lowest first. The lease protects them. Returns the size of
   * all of them.
   * @throws invalid-argument `invalid diffID for layer ...` when a blob is not what the config says
   */
  async unpack(
    layers: readonly LayerSource[],
    lease: Lease,
    signal: AbortSignal,
    progress: LayerProgress = () => {},
  ): Promise<number> {
    const { snapshotter } = this.#deps;
    const chains = chainIds(layers.map(({ diffId }) => diffId));
    for (const chain of chains) lease.add(chain);
    let sizeBytes = 0;
    for (const [index, chain] of chains.entries()) {
      const step = { layer: layers[index] as LayerSource, index, chain, parent: chains[index - 1] };
      while (!snapshotter.find(chain)) {
        const other = this.#running.get(chain);
        // Another's failure is its own; then it is our turn.
        if (other) await other.catch(() => {});
        else await this.#once(chain, () => this.#unpackOne(step, signal, progress));
      }
      sizeBytes += snapshotter.find(chain)?.sizeBytes ?? 0;
    }
    return sizeBytes;
  }

  async #once(chain: ChainId, work: () => Promise<void>): Promise<void> {
    const running = work();
    this.#running.set(chain, running);
    try {
      await running;
    } finally {
      this.#running.delete(chain);
    }
  }

  async #unpackOne(
    { layer, index, chain, parent }: Step,
    signal: AbortSignal,
    progress: LayerProgress,
  ): Promise<void> {
    const { snapshotter, content, apply } = this.#deps;
    const began = performance.now();
    progress(layer, 'begin');
    const key = `unpack:${randomUUID()}`;
    const target = await snapshotter.prepareLayer(key, parent);
    try {
      const { diffId, sizeBytes } = await apply(content.path(layer.blob), target, undefined, signal);
      if (diffId !== layer.diffId)
        throw invalidArgument(
          `invalid diffID for layer ${index}: expected "${layer.diffId}", got "${diffId}"`,
        );
      await snapshotter.commit(key, chain, { sizeBytes });
      const durationMs = Math.round(performance.now() - began);
      log.info('layer committed', { chainId: chain, sizeBytes, durationMs });
    } catch (error) {
      await snapshotter.remove(key);
      throw error;
    }
    progress(layer, 'end');
  }
}
