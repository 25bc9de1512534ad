import { Readable } from 'node:stream';
import type { Blob, Lease } from '../content/store.ts';
import { emptyLayer } from '../diff/diff.ts';
import { notFound } from '../errors.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import { chainIds, digestOf, type DiffId, type Digest } from '../oci/digest.ts';
import type { ImageConfig, ImageHistory, ImageRuntimeConfig } from '../oci/image-config.ts';
import { manifestSizeMax, parseManifest } from '../oci/manifest.ts';
import { familiarReference, type Reference } from '../oci/reference.ts';
import type { Rootfs } from '../snapshots/snapshotter.ts';
import { collect } from './collect.ts';
import { publishImage, type ImagesDeps } from './deps.ts';
import { machine } from './import.ts';
import { writeManifest } from './load.ts';
import type { ImageRecord } from './store.ts';

/** A container that becomes an image. */
export interface CommitRequest {
  containerId: string;
  /** Its own directory and the layers below. */
  rootfs: Rootfs;
  /** The image it was made of; '' when of none. */
  parentId: string;
  /** Of the new image. */
  config: ImageRuntimeConfig;
  /** Of the container, for the record. */
  containerConfig: ImageRuntimeConfig;
  /** The name of the new image; undefined leaves it unnamed. */
  name: Reference | undefined;
  author: string;
  comment: string;
  signal: AbortSignal;
}

/**
 * Makes an image of a container's image and what the container has changed of it. What has changed nothing adds no layer, only a
 * step of the history. Returns the image's id.
 * @throws not-found when the container's image is gone
 */
export async function commitImage(deps: ImagesDeps, request: CommitRequest): Promise<Digest> {
  const { content, store, unpacker } = deps;
  const { parentId, rootfs, name, signal } = request;
  try {
    using lease = content.lease();
    const parent = parentId === '' ? undefined : store.record(parentId);
    const below = parent ? await layersOf(deps, parent, lease) : [];
    const written = await content.writeBy(async (path) => {
      const { diffId: digest, sizeBytes } = await deps.diff(rootfs, path, signal);
      return { digest, sizeBytes };
    }, lease);
    const changed = written.digest !== emptyLayer;
    const layers = changed ? [...below, { ...written, diffId: written.digest }] : below;
    const sizeBytes = await unpacker.unpack(
      layers.map(({ diffId, digest }) => ({ diffId, blob: digest })),
      lease,
      signal,
    );
    const config = imageConfig(request, parent?.config, changed ? written.digest : undefined, deps.version);
    const text = Buffer.from(JSON.stringify(config));
    const id = digestOf(text);
    await content.write(Readable.from([text]), { digest: id }, lease);
    const manifest = await writeManifest(deps, lease, id, text.length, layers);
    const blobs = [id, manifest, ...layers.map(({ digest }) => digest)];
    const record = { id, config, manifest, parent: parent?.id, sizeBytes, lastTaggedMs: 0, blobs };
    store.add(record, name ? [name] : [], Date.now());
    publishImage(deps, 'create', id);
    if (name) publishImage(deps, 'tag', id, familiarReference(name));
    return id;
  } finally {
    await collect(deps);
  }
}

interface StackedLayer extends Blob {
  diffId: DiffId;
}

/** The layers of the image below, lowest first, which from now on stay. */
async function layersOf(
  { content }: ImagesDeps,
  { config, manifest, blobs }: ImageRecord,
  lease: Lease,
): Promise<StackedLayer[]> {
  const diffIds = config.rootfs.diff_ids;
  for (const name of [...blobs, ...chainIds(diffIds)]) lease.add(name);
  const parsed = parseManifest((await content.read(manifest, manifestSizeMax)).toString());
  if (parsed.kind !== 'manifest') throw notFound(`content ${manifest}: not a manifest`);
  return diffIds.map((diffId, at) => {
    const { digest, size } = parsed.manifest.layers[at] as Descriptor;
    return { diffId, digest, sizeBytes: size };
  });
}

function imageConfig(
  { containerId, config, containerConfig, author, comment }: CommitRequest,
  parent: ImageConfig | undefined,
  diffId: DiffId | undefined,
  version: string,
): ImageConfig {
  const created = new Date().toISOString();
  const step: ImageHistory = {
    created,
    ...(author !== '' && { author }),
    created_by: containerConfig.Cmd?.join(' ') ?? '',
    ...(comment !== '' && { comment }),
    ...(diffId === undefined && { empty_layer: true }),
  };
  const { variant } = parent ?? {};
  return {
    architecture: parent?.architecture ?? machine(),
    ...(variant !== undefined && { variant }),
    ...(author !== '' && { author }),
    config,
    container: containerId,
    container_config: containerConfig,
    created,
    docker_version: version,
    history: [...(parent?.history ?? []), step],
    os: parent?.os ?? 'linux',
    ...(parent?.['os.version'] !== undefined && { 'os.version': parent['os.version'] }),
    ...(parent?.['os.features'] !== undefined && { 'os.features': parent['os.features'] }),
    rootfs: {
      type: 'layers',
      diff_ids: [...(parent?.rootfs.diff_ids ?? []), ...(diffId === undefined ? [] : [diffId])],
    },
  };
}
