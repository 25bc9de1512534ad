import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pack, type Pack } from 'tar-stream';
import { notFound } from '../errors.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import { digestHex, digestOf, type Digest } from '../oci/digest.ts';
import { manifestSizeMax, mediaTypes, parseManifest, type Manifest } from '../oci/manifest.ts';
import {
  familiarName,
  familiarReference,
  formatReference,
  parseAnyReference,
  type Reference,
} from '../oci/reference.ts';
import { publishImage, type ImagesDeps } from './deps.ts';
import type { ImageRecord } from './store.ts';

interface Chosen {
  record: ImageRecord;
  names: Reference[];
}

interface Prepared extends Chosen {
  manifest: Manifest;
  manifestSize: number;
}

/**
 * The archive of the named images as a tar stream: an OCI layout that is a Docker archive too, with the blobs as they came. A
 * bare repository means all of its tags. Names are looked up before the stream is returned.
 * @throws not-found `No such image: name`
 */
export async function saveImages(
  deps: ImagesDeps,
  names: readonly string[],
  signal: AbortSignal,
): Promise<Readable> {
  const chosen = choose(deps, names);
  const images: Prepared[] = [];
  for (const entry of chosen.values()) {
    const bytes = await deps.content.read(entry.record.manifest, manifestSizeMax);
    const content = parseManifest(bytes.toString('utf8'));
    if (content.kind !== 'manifest') throw notFound(`content ${entry.record.manifest}: not a manifest`);
    images.push({ ...entry, manifest: content.manifest, manifestSize: bytes.length });
  }
  const archive = pack();
  // The lease outlives this call: the blobs must stay until the last byte is out.
  const lease = deps.content.lease();
  for (const { record } of images) for (const digest of record.blobs) lease.add(digest);
  write(deps, archive, images, signal)
    .then(() => {
      for (const { record } of images) publishImage(deps, 'save', record.id);
    })
    .catch((error: unknown) => archive.destroy(error as Error))
    .finally(() => lease[Symbol.dispose]());
  return Readable.from(archive as unknown as AsyncIterable<Uint8Array>, { objectMode: false });
}

/** Images in the order they are first named, each with the names asked for. */
function choose({ store }: ImagesDeps, names: readonly string[]): Map<Digest, Chosen> {
  const chosen = new Map<Digest, Chosen>();
  const add = (id: Digest, references: readonly Reference[]): void => {
    const record = store.findRecord(id) as ImageRecord;
    const entry = chosen.get(id) ?? { record, names: [] };
    for (const reference of references)
      if (!entry.names.some((known) => formatReference(known) === formatReference(reference)))
        entry.names.push(reference);
    chosen.set(id, entry);
  };
  for (const name of names) {
    const any = parseAnyReference(name);
    if (any.kind === 'named' && any.named.tag === undefined && any.named.digest === undefined) {
      const repository = familiarName(any.named);
      const tagged = store
        .records()
        .flatMap(({ id }) => store.referencesOf(id).map((reference) => ({ id, reference })))
        .filter(({ reference }) => reference.tag !== undefined && familiarName(reference) === repository);
      for (const { id, reference } of tagged) add(id, [reference]);
      if (tagged.length > 0) continue;
    }
    const known = any.kind === 'named' ? store.named(any.named) : undefined;
    if (known !== undefined && any.kind === 'named') {
      add(known, any.named.tag === undefined ? [] : [any.named]);
      continue;
    }
    try {
      add(store.record(name).id, []);
    } catch (error) {
      throw notFound(`No such image: ${name}`, error);
    }
  }
  return chosen;
}

async function write(
  deps: ImagesDeps,
  archive: Pack,
  images: readonly Prepared[],
  signal: AbortSignal,
): Promise<void> {
  if (images.length > 0) await writeBlobs(deps, archive, images, signal);
  const index = {
    schemaVersion: 2,
    mediaType: mediaTypes.ociIndex,
    manifests: images.flatMap(indexEntries),
  };
  await add(archive, 'index.json', JSON.stringify(index));
  const elements = images.map(({ record, names, manifest }) => ({
    Config: blobPath(record.id),
    RepoTags: names.length > 0 ? names.map(familiarReference).sort() : null,
    Layers: manifest.layers.map(({ digest }) => blobPath(digest)),
    LayerSources: Object.fromEntries(
      manifest.layers.map(({ mediaType, digest, size }, layer) => [
        record.config.rootfs.diff_ids[layer],
        { mediaType, size, digest },
      ]),
    ),
  }));
  await add(archive, 'manifest.json', JSON.stringify(elements));
  await add(archive, 'oci-layout', '{"imageLayoutVersion":"1.0.0"}');
  const repositories = repositoriesOf(images);
  if (Object.keys(repositories).length > 0) await add(archive, 'repositories', JSON.stringify(repositories));
  archive.finalize();
}

async function writeBlobs(
  deps: ImagesDeps,
  archive: Pack,
  images: readonly Prepared[],
  signal: AbortSignal,
): Promise<void> {
  for (const name of ['blobs/', 'blobs/sha256/']) archive.entry({ name, type: 'directory', mode: 0o755 });
  const blobs = new Map<Digest, string | undefined>();
  for (const { record } of images) {
    for (const digest of record.blobs) blobs.set(digest, undefined);
    for (const text of legacyConfigs(record)) blobs.set(digestOf(text), text);
  }
  for (const [digest, text] of [...blobs].sort(([a], [b]) => (a < b ? -1 : 1))) {
    signal.throwIfAborted();
    if (text !== undefined) {
      await add(archive, blobPath(digest), text);
      continue;
    }
    const { sizeBytes } = deps.content.get(digest);
    const entry = archive.entry({ name: blobPath(digest), size: sizeBytes, mode: 0o644, mtime: new Date(0) });
    await pipeline(await deps.content.createReadStream(digest), entry as unknown as Writable, { signal });
  }
}

/** One descriptor per name, as dockerd writes them; an image without a name has one without annotations. */
function indexEntries({ record, names, manifest, manifestSize }: Prepared): Descriptor[] {
  const base: Descriptor = {
    mediaType: manifest.mediaType ?? mediaTypes.ociManifest,
    digest: record.manifest,
    size: manifestSize,
  };
  if (names.length === 0) return [base];
  return names.map((name) => ({
    ...base,
    annotations: {
      'io.containerd.image.name': formatReference(name),
      'org.opencontainers.image.ref.name': name.tag ?? '',
    },
  }));
}

/** What engines before manifest.json read: repository, tag, top layer. */
function repositoriesOf(images: readonly Prepared[]): Record<string, Record<string, string>> {
  const repositories: Record<string, Record<string, string>> = {};
  for (const { names, manifest } of images) {
    const top = manifest.layers.at(-1);
    if (!top) continue;
    for (const name of names)
      if (name.tag !== undefined) (repositories[familiarName(name)] ??= {})[name.tag] = digestHex(top.digest);
  }
  return repositories;
}

/** The per-layer configs of the format before content addressing, which dockerd still writes: a chain of ids. */
function legacyConfigs({ id, config }: ImageRecord): string[] {
  const texts: string[] = [];
  let parent: string | undefined;
  config.rootfs.diff_ids.forEach((diffId, layer) => {
    const last = layer === config.rootfs.diff_ids.length - 1;
    const own = digestHex(digestOf(`${parent ?? ''} ${diffId} ${last ? id : ''}`));
    const body = last
      ? {
          comment: config.comment,
          created: config.created,
          config: config.config,
          architecture: config.architecture,
          os: config.os,
        }
      : { created: '1970-01-01T00:00:00Z', container_config: { Cmd: [''] }, os: config.os };
    texts.push(JSON.stringify({ id: own, ...(parent === undefined ? {} : { parent }), ...body }));
    parent = own;
  });
  return texts;
}

function blobPath(digest: Digest): string {
  return `blobs/sha256/${digestHex(digest)}`;
}

function add(archive: Pack, name: string, text: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  archive.entry({ name, mode: 0o644, mtime: new Date(0) }, text, (error) =>
    error ? reject(error) : resolve(),
  );
  return promise;
}
