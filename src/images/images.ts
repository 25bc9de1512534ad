import type { Readable } from 'node:stream';
import { conflict, messageOf } from '../errors.ts';
import { logger } from '../log.ts';
import type { Digest } from '../oci/digest.ts';
import { familiarReference, type Reference } from '../oci/reference.ts';
import type { RegistryCredentials } from '../registry/repository.ts';
import { commitImage, type CommitRequest } from './commit.ts';
import { collect } from './collect.ts';
import { publishImage, type ImagesDeps } from './deps.ts';
import { inspectRemote, type RemoteImage } from './distribution.ts';
import { historyOf, type HistoryEntry } from './history.ts';
import { importImage, type ImportOptions } from './import.ts';
import { listImages, type Filters, type ListedImage, type ListImagesOptions } from './list.ts';
import { loadImages } from './load.ts';
import { pruneImages, type PrunedImages } from './prune.ts';
import { preparePull, runPull, type PreparedPull, type PullOptions } from './pull.ts';
import { pushImage, type PushOptions } from './push.ts';
import { removeImage, type Removal, type RemoveImageOptions } from './remove.ts';
import { saveImages } from './save.ts';
import type { Image, ImageResolver, LoadOptions, Progress } from './service.ts';

const log = logger('images');

/** The images of this engine. Changes exclude each other where they would meet; reads take no lock. */
export class Images implements ImageResolver {
  readonly #deps: ImagesDeps;
  #pruning = false;

  constructor(deps: ImagesDeps) {
    this.#deps = deps;
  }

  resolve(reference: string): Image {
    return this.#deps.store.resolve(reference);
  }

  find(id: string): Image | undefined {
    return this.#deps.store.find(id);
  }

  /** How many images there are, unnamed ones among them. */
  get count(): number {
    return this.#deps.store.records().length;
  }

  list(options: ListImagesOptions): ListedImage[] {
    return listImages(this.#deps, options);
  }

  history(reference: string): HistoryEntry[] {
    return historyOf(this.#deps, reference);
  }

  /** Name and data of the storage driver for an image, as inspect shows them; undefined for one without layers. */
  graphDriver(image: Image): { Name: string; Data: Record<string, string> | null } {
    const { snapshotter } = this.#deps;
    const data = image.chainId === undefined ? null : snapshotter.describe(image.chainId);
    return { Name: snapshotter.driver, Data: data };
  }

  /** Gives an image another name, which leaves the image that had it. @throws not-found */
  tag(reference: string, name: Reference): void {
    const { id } = this.#deps.store.record(reference);
    this.#deps.store.tag(id, name, Date.now());
    publishImage(this.#deps, 'tag', id, familiarReference(name));
  }

  remove(reference: string, options: RemoveImageOptions): Promise<Removal[]> {
    return removeImage(this.#deps, reference, options);
  }

  /** @throws conflict while another prune runs */
  async prune(filters: Filters): Promise<PrunedImages> {
    if (this.#pruning) throw conflict('a prune operation is already running');
    this.#pruning = true;
    try {
      return await pruneImages(this.#deps, filters);
    } finally {
      this.#pruning = false;
    }
  }

  load(archive: AsyncIterable<Uint8Array>, options: LoadOptions): Promise<void> {
    return loadImages(this.#deps, archive, options);
  }

  import(archive: AsyncIterable<Uint8Array>, options: ImportOptions): Promise<Digest> {
    return importImage(this.#deps, archive, options);
  }

  /** An image of a container and its changes. See `commitImage`. */
  commit(request: CommitRequest): Promise<Digest> {
    return commitImage(this.#deps, request);
  }

  /** Asks a registry for an image. What fails before the first byte fails here. See `pull`. */
  preparePull(reference: Reference, options: PullOptions): Promise<PreparedPull[]> {
    return preparePull(this.#deps, reference, options);
  }

  /** Fetches what `preparePull` found. */
  async pull(prepared: readonly PreparedPull[], signal: AbortSignal, progress: Progress): Promise<void> {
    for (const pull of prepared) await runPull(this.#deps, pull, signal, progress);
  }

  /** What a registry has under a name. */
  inspectRemote(
    reference: Reference,
    options: { credentials: RegistryCredentials | undefined; signal: AbortSignal },
  ): Promise<RemoteImage> {
    return inspectRemote(this.#deps, reference, options);
  }

  push(reference: Reference, options: PushOptions): Promise<void> {
    return pushImage(this.#deps, reference, options);
  }

  save(names: readonly string[], signal: AbortSignal): Promise<Readable> {
    return saveImages(this.#deps, names, signal);
  }

  /** Removes, in the background, what no image needs any more. */
  collectSoon(): void {
    collect(this.#deps).catch((error: unknown) => log.warn('could not collect', { error: messageOf(error) }));
  }

  /** At start, after the snapshots' own repair: removes what an interrupted load or removal left. */
  async repair(): Promise<void> {
    await collect(this.#deps);
  }
}
