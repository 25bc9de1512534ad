import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import type { Lease } from '../content/store.ts';
import { EngineError, invalidArgument, isKind, messageOf, notFound } from '../errors.ts';
import type { Descriptor, Platform } from '../oci/descriptor.ts';
import { chainIds, digestHex, digestOf, type Digest } from '../oci/digest.ts';
import type { ImageConfig } from '../oci/image-config.ts';
import { manifestSizeMax, mediaTypes, parseManifest, type Manifest } from '../oci/manifest.ts';
import { formatPlatform, hostPlatform, platformFits } from '../oci/platform.ts';
import { familiarName, familiarReference, withTag, type Reference } from '../oci/reference.ts';
import {
  RegistryError,
  Repository,
  type FetchedManifest,
  type RegistryCredentials,
} from '../registry/repository.ts';
import { collect } from './collect.ts';
import { parseConfig } from './config.ts';
import { publishImage, type ImagesDeps } from './deps.ts';
import { formatProgress } from './progress.ts';
import type { Progress } from './service.ts';
import type { LayerSource } from './unpack.ts';

const downloadsAtOnce = 3;
const attempts = 5;
const reportEveryBytes = 512 * 1024;

export interface PullOptions {
  credentials: RegistryCredentials | undefined;
  platform: Platform | undefined;
  signal: AbortSignal;
}

/** One image that the registry has promised: what is needed to fetch it. */
export interface PreparedPull {
  /** With a tag or a digest. */
  reference: Reference;
  repository: Repository;
  /** What the name stands for: an index, or the manifest itself. */
  top: FetchedManifest;
  manifest: Manifest;
  manifestBytes: Buffer;
}

/**
 * Asks the registry for what `reference` names; without tag and digest, for all tags. Nothing is stored yet, so what fails here
 * can still be an answer of its own. @throws not-found, unauthenticated, internal in dockerd's words
 */
export async function preparePull(
  deps: ImagesDeps,
  reference: Reference,
  options: PullOptions,
): Promise<PreparedPull[]> {
  const { domain, path } = reference;
  try {
    const repository = await Repository.open({
      domain,
      path,
      credentials: options.credentials,
      access: 'pull',
      ...deps.registries,
      signal: options.signal,
    });
    if (reference.tag !== undefined || reference.digest !== undefined)
      return [await prepareOne(repository, reference, options)];
    const prepared: PreparedPull[] = [];
    for (const tag of await repository.tags(options.signal))
      prepared.push(await prepareOne(repository, withTag(reference, tag), options));
    return prepared;
  } catch (error) {
    throw pullError(error, reference);
  }
}

async function prepareOne(
  repository: Repository,
  reference: Reference,
  options: PullOptions,
): Promise<PreparedPull> {
  const top = await repository.manifest(reference.digest ?? reference.tag ?? 'latest', options.signal);
  const content = parseManifest(top.bytes.toString('utf8'));
  if (content.kind === 'manifest')
    return { reference, repository, top, manifest: checked(content.manifest), manifestBytes: top.bytes };
  const wanted = options.platform ?? hostPlatform();
  const entry = content.index.manifests.find(({ platform }) => platform && platformFits(platform, wanted));
  if (!entry)
    throw notFound(
      `no matching manifest for ${formatPlatform(wanted)} in the manifest list entries: no match for platform in manifest: not found`,
    );
  const fetched = await repository.manifest(entry.digest, options.signal);
  const inner = parseManifest(fetched.bytes.toString('utf8'));
  if (inner.kind !== 'manifest') throw invalidArgument('an index inside an index is not supported');
  return { reference, repository, top, manifest: checked(inner.manifest), manifestBytes: fetched.bytes };
}

function checked(manifest: Manifest): Manifest {
  const { mediaType } = manifest.config;
  if (mediaType !== mediaTypes.ociConfig && mediaType !== mediaTypes.dockerConfig)
    throw invalidArgument(`unsupported media type ${mediaType}`);
  return manifest;
}

/**
 * Fetches and unpacks an image. Layers are downloaded several at a time and unpacked in order while the later ones still
 * come. @throws what the registry or the layers do; nothing of the image is left then
 */
export async function runPull(
  deps: ImagesDeps,
  pull: PreparedPull,
  signal: AbortSignal,
  progress: Progress,
): Promise<void> {
  const { reference, top, manifest, manifestBytes } = pull;
  const named = familiarReference(reference);
  progress({ status: `Pulling from ${reference.path}`, id: reference.tag ?? reference.digest ?? '' });
  try {
    using lease = deps.content.lease();
    const config = await fetchConfig(deps, pull, lease, signal);
    const diffIds = config.rootfs.diff_ids;
    if (diffIds.length !== manifest.layers.length)
      throw invalidArgument(`layers from manifest don't match image configuration`);
    const layers = manifest.layers.map(({ digest }, index) => ({
      diffId: diffIds[index] as Digest,
      blob: digest,
    }));
    const sizeBytes = await fetchLayers(deps, pull, layers, lease, signal, progress);
    for (const bytes of new Set([top.bytes, manifestBytes]))
      await deps.content.write(Readable.from([bytes]), {}, lease);
    const id = manifest.config.digest;
    const before = deps.store.named(reference);
    const names: Reference[] = [{ ...reference, tag: undefined, digest: top.digest }];
    if (reference.digest === undefined) names.push(reference);
    const own = digestOf(manifestBytes);
    const blobs = [...new Set([id, own, top.digest, ...layers.map(({ blob }) => blob)])];
    deps.store.add(
      { id, config, manifest: own, parent: undefined, sizeBytes, lastTaggedMs: 0, blobs },
      names,
      Date.now(),
    );
    progress({ status: `Digest: ${top.digest}` });
    progress({
      status:
        before === id
          ? `Status: Image is up to date for ${named}`
          : `Status: Downloaded newer image for ${named}`,
    });
    publishImage(deps, 'pull', named, familiarName(reference), id);
  } catch (error) {
    throw pullError(error, reference);
  } finally {
    await collect(deps);
  }
}

async function fetchConfig(
  { content }: ImagesDeps,
  { repository, manifest }: PreparedPull,
  lease: Lease,
  signal: AbortSignal,
): Promise<ImageConfig> {
  const { digest, size } = manifest.config;
  if (size > manifestSizeMax) throw invalidArgument(`image config is larger than ${manifestSizeMax} bytes`);
  lease.add(digest);
  if (!content.has(digest))
    await content.write(await repository.blob(digest, signal), { digest, sizeBytes: size }, lease);
  return parseConfig((await content.read(digest, manifestSizeMax)).toString('utf8'));
}

async function fetchLayers(
  deps: ImagesDeps,
  { repository, manifest }: PreparedPull,
  layers: readonly LayerSource[],
  lease: Lease,
  signal: AbortSignal,
  progress: Progress,
): Promise<number> {
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const slots = new Slots(downloadsAtOnce);
  const chains = chainIds(layers.map(({ diffId }) => diffId));
  const downloads = new Map<Digest, Promise<void>>();
  for (const [index, descriptor] of manifest.layers.entries()) {
    const { digest } = descriptor;
    const id = shortId(digest);
    lease.add(digest);
    const there = deps.content.has(digest);
    if (there && deps.snapshotter.find(chains[index] as Digest))
      progress({ status: 'Already exists', progressDetail: {}, id });
    else progress({ status: 'Pulling fs layer', progressDetail: {}, id });
    if (there || downloads.has(digest)) continue;
    const download = slots.run(() => downloadLayer(deps, repository, descriptor, lease, either, progress));
    // Its failure is noticed where it is waited for.
    download.catch(() => {});
    downloads.set(digest, download);
  }
  try {
    let sizeBytes = 0;
    // Each round unpacks what has come so far: layers below are there already.
    for (let count = 1; count <= layers.length; count++) {
      await downloads.get((layers[count - 1] as LayerSource).blob);
      sizeBytes = await deps.unpacker.unpack(layers.slice(0, count), lease, signal, ({ blob }, state) =>
        progress({
          status: state === 'begin' ? 'Extracting' : 'Pull complete',
          progressDetail: {},
          id: shortId(blob),
        }),
      );
    }
    return sizeBytes;
  } catch (error) {
    stop.abort();
    await Promise.allSettled(downloads.values());
    throw error;
  }
}

/** One layer, tried again when the connection breaks; a registry that says no has said so. */
async function downloadLayer(
  { content }: ImagesDeps,
  repository: Repository,
  { digest, size }: Descriptor,
  lease: Lease,
  signal: AbortSignal,
  progress: Progress,
): Promise<void> {
  const id = shortId(digest);
  for (let attempt = 1; ; attempt++) {
    try {
      const source = await repository.blob(digest, signal);
      await content.write(reported(source, size, id, progress), { digest, sizeBytes: size }, lease);
      progress({ status: 'Download complete', progressDetail: {}, id });
      return;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof RegistryError || attempt === attempts) throw error;
      const seconds = attempt * 5;
      progress({ status: `Retrying in ${seconds} seconds`, progressDetail: {}, id });
      await wait(seconds * 1000, undefined, { signal });
    }
  }
}

/** The stream, with how far it is told now and then. */
async function* reported(
  source: AsyncIterable<Uint8Array>,
  total: number,
  id: string,
  progress: Progress,
): AsyncGenerator<Uint8Array> {
  let current = 0;
  let told = -reportEveryBytes;
  for await (const chunk of source) {
    current += chunk.length;
    if (current - told >= reportEveryBytes || current === total) {
      told = current;
      const detail = { current, total };
      progress({
        status: 'Downloading',
        progressDetail: detail,
        progress: formatProgress(current, total),
        id,
      });
    }
    yield chunk;
  }
}

/** So many at a time, the rest in the order they came. */
class Slots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free++;
    }
  }
}

/** What a registry's refusal means to somebody who pulls. Source: dockerd 28.5. */
function pullError(error: unknown, reference: Reference): unknown {
  if (!(error instanceof EngineError)) return error;
  const because = messageOf(error);
  const code = error instanceof RegistryError ? error.code : '';
  if (code === 'MANIFEST_UNKNOWN')
    return notFound(`manifest for ${familiarReference(reference)} not found: ${because}`, error);
  if (code === 'NAME_UNKNOWN')
    return notFound(`repository ${familiarName(reference)} not found: ${because}`, error);
  if (code === 'DENIED' || (code === 'UNAUTHORIZED' && isKind(error, 'unauthenticated')))
    return notFound(
      `pull access denied for ${familiarName(reference)}, repository does not exist or may require 'docker login': ${because}`,
      error,
    );
  return error;
}

function shortId(digest: Digest): string {
  return digestHex(digest).slice(0, 12);
}
