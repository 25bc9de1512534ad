import { isKind, invalidArgument, messageOf, notFound } from '../errors.ts';
import type { Lease } from '../content/store.ts';
import type { Platform } from '../oci/descriptor.ts';
import type { Digest } from '../oci/digest.ts';
import type { ImageConfig } from '../oci/image-config.ts';
import { manifestSizeMax, mediaTypes, parseManifest, type Index, type Manifest } from '../oci/manifest.ts';
import { familiarReference, parseReference, type Reference } from '../oci/reference.ts';
import { Readable } from 'node:stream';
import { StagedArchive } from './archive.ts';
import { collect } from './collect.ts';
import { parseConfig } from './config.ts';
import { publishImage, type ImagesDeps } from './deps.ts';
import type { LoadOptions, Progress } from './service.ts';
import { formatProgress } from './progress.ts';

/** One image of an archive: where its parts are, and what it is called. */
interface Candidate {
  config: string;
  layers: string[];
  names: Reference[];
  /** The manifest it had where it comes from; kept so that its digest stays what it was. */
  manifest: string | undefined;
}

/** One element of a Docker archive's manifest.json. */
interface DockerManifest {
  Config?: unknown;
  RepoTags?: unknown;
  Layers?: unknown;
}

/**
 * Loads the images of an archive: `docker save`'s of any age (manifest.json), or an OCI image layout. An image is there when its
 * last layer is; an interrupted load leaves nothing of the one it was at.
 * @throws invalid-argument, not-found with the texts of Docker for archives it would refuse
 */
export async function loadImages(
  deps: ImagesDeps,
  source: AsyncIterable<Uint8Array>,
  options: LoadOptions,
): Promise<void> {
  try {
    using lease = deps.content.lease();
    const archive = await StagedArchive.read(source, deps.content, lease, options.signal);
    const candidates = archive.has('manifest.json')
      ? await dockerCandidates(archive)
      : await layoutCandidates(archive, options.platform);
    const unnamed: Digest[] = [];
    for (const candidate of candidates) {
      const id = await loadOne(deps, archive, candidate, lease, options);
      if (candidate.names.length === 0) unnamed.push(id);
      publishImage(deps, 'load', id);
    }
    if (unnamed.length === candidates.length)
      for (const id of unnamed) options.progress({ stream: `Loaded image ID: ${id}\n` });
  } finally {
    await collect(deps);
  }
}

async function loadOne(
  deps: ImagesDeps,
  archive: StagedArchive,
  candidate: Candidate,
  lease: Lease,
  { signal, quiet, progress, platform }: LoadOptions,
): Promise<Digest> {
  const config = parseConfig(await archive.text(candidate.config, manifestSizeMax));
  checkPlatform(config, platform);
  const expected = config.rootfs.diff_ids;
  if (candidate.layers.length !== expected.length)
    throw invalidArgument(
      `invalid manifest, layers length mismatch: expected ${candidate.layers.length}, got ${expected.length}`,
    );
  const { digest: id, sizeBytes: configSize } = await archive.blob(candidate.config);
  const blobs: { digest: Digest; sizeBytes: number }[] = [];
  for (const path of candidate.layers) blobs.push(await archive.blob(path));
  const manifest = candidate.manifest
    ? (await archive.blob(candidate.manifest)).digest
    : await writeManifest(deps, lease, id, configSize, blobs);
  const report = quiet ? () => {} : layerReport(deps, progress);
  const layers = expected.map((diffId, index) => ({
    diffId,
    blob: (blobs[index] as { digest: Digest }).digest,
  }));
  const sizeBytes = await deps.unpacker.unpack(layers, lease, signal, report);
  signal.throwIfAborted();
  for (const name of candidate.names) {
    const before = deps.store.named(name);
    if (before !== undefined && before !== id)
      progress({
        stream: `The image ${familiarReference(name)} already exists, renaming the old one with ID ${before} to empty string\n`,
      });
  }
  const record = { id, config, manifest, parent: undefined, sizeBytes, lastTaggedMs: 0 };
  deps.store.add(
    { ...record, blobs: [id, manifest, ...layers.map(({ blob }) => blob)] },
    candidate.names,
    Date.now(),
  );
  for (const name of candidate.names) progress({ stream: `Loaded image: ${familiarReference(name)}\n` });
  return id;
}

/** The manifest of an image that came without one. Its layers are as they came, so it can be pushed or saved as it is. */
export async function writeManifest(
  { content }: Pick<ImagesDeps, 'content'>,
  lease: Lease,
  config: Digest,
  configSize: number,
  layers: readonly { digest: Digest; sizeBytes: number }[],
): Promise<Digest> {
  const manifest: Manifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    config: { mediaType: mediaTypes.ociConfig, digest: config, size: configSize },
    layers: [],
  };
  for (const { digest, sizeBytes } of layers)
    manifest.layers.push({ mediaType: await layerMediaType(content, digest), digest, size: sizeBytes });
  const { digest } = await content.write(Readable.from([Buffer.from(JSON.stringify(manifest))]), {}, lease);
  return digest;
}

async function layerMediaType(content: ImagesDeps['content'], digest: Digest): Promise<string> {
  const stream = await content.createReadStream(digest);
  for await (const chunk of stream) {
    const head = chunk as Buffer;
    if (head.length >= 3 && head.readUIntBE(0, 3) === 0x1f8b08) return mediaTypes.ociLayerGzip;
    if (head.length >= 4 && head.readUInt32LE(0) === 0xfd2fb528) return mediaTypes.ociLayerZstd;
    break;
  }
  return mediaTypes.ociLayer;
}

function layerReport(deps: ImagesDeps, progress: Progress) {
  return (layer: { diffId: Digest; blob: Digest }, state: 'begin' | 'end'): void => {
    const total = deps.content.get(layer.blob).sizeBytes;
    const current = state === 'begin' ? Math.min(total, 32 * 1024) : total;
    progress({
      status: 'Loading layer',
      progressDetail: { current, total },
      progress: formatProgress(current, total),
      id: layer.diffId.slice(7, 19),
    });
  };
}

function checkPlatform(config: ImageConfig, platform: Platform | undefined): void {
  if ((config.os ?? 'linux') !== 'linux') throw invalidArgument(`cannot load ${config.os} image on linux`);
  if (platform && (platform.os !== (config.os ?? 'linux') || platform.architecture !== config.architecture))
    throw invalidArgument(
      `requested platform (${platform.os}/${platform.architecture}) not found: image platform is ${config.os}/${config.architecture}`,
    );
}

async function dockerCandidates(archive: StagedArchive): Promise<Candidate[]> {
  const elements = parseJson<DockerManifest[]>(await archive.text('manifest.json', manifestSizeMax));
  if (!Array.isArray(elements)) throw invalidArgument('invalid manifest: not a list');
  const manifests = await layoutManifests(archive);
  return elements.map((element) => {
    const { Config: config, RepoTags: tags, Layers: layers } = element ?? {};
    if (typeof config !== 'string' || !isStrings(layers ?? []) || !isStrings(tags ?? []))
      throw invalidArgument('invalid manifest: Config, RepoTags or Layers are not what they should be');
    const paths = (layers as string[] | null) ?? [];
    const digests = paths.map((path) => archive.digest(path));
    const own = manifests.find(
      ({ manifest }) =>
        manifest.config.digest === archive.digest(config) &&
        manifest.layers.length === digests.length &&
        manifest.layers.every(({ digest }, index) => digest === digests[index]),
    );
    return {
      config,
      layers: paths,
      names: ((tags as string[] | null) ?? []).map(taggedName),
      manifest: own?.path,
    };
  });
}

function taggedName(text: string): Reference {
  const name = parseReference(text);
  if (name.tag === undefined) throw invalidArgument(`invalid tag "${text}"`);
  return name;
}

interface LayoutManifest {
  path: string;
  manifest: Manifest;
  names: Reference[];
  platform: Platform | undefined;
}

/** Every manifest that an OCI layout's index leads to and that is in the archive; empty when it is no layout. */
async function layoutManifests(archive: StagedArchive): Promise<LayoutManifest[]> {
  if (!archive.has('index.json')) return [];
  const found: LayoutManifest[] = [];
  const walk = async (index: Index, inherited: Reference[], depth: number): Promise<void> => {
    if (depth > 4) throw invalidArgument('invalid index: nested too deeply');
    for (const descriptor of index.manifests) {
      const path = `blobs/${descriptor.digest.replace(':', '/')}`;
      if (!archive.has(path)) continue;
      const content = parseManifest(await archive.text(path, manifestSizeMax));
      const names = [...namesOf(descriptor.annotations), ...inherited];
      if (content.kind === 'index') await walk(content.index, names, depth + 1);
      else found.push({ path, manifest: content.manifest, names, platform: descriptor.platform });
    }
  };
  const top = parseManifest(await archive.text('index.json', manifestSizeMax));
  if (top.kind !== 'index') throw invalidArgument('invalid index.json: not an index');
  await walk(top.index, [], 0);
  return found;
}

/** The name a layout gives an image; a bare tag (`org.opencontainers.image.ref.name`) names nothing. */
function namesOf(annotations: Record<string, string> | undefined): Reference[] {
  const text =
    annotations?.['io.containerd.image.name'] ?? annotations?.['org.opencontainers.image.ref.name'];
  if (text === undefined || !/[/:]/.test(text)) return [];
  try {
    const name = parseReference(text);
    return name.tag === undefined ? [] : [name];
  } catch {
    return [];
  }
}

async function layoutCandidates(
  archive: StagedArchive,
  platform: Platform | undefined,
): Promise<Candidate[]> {
  const manifests = await layoutManifests(archive);
  if (manifests.length === 0) {
    // What dockerd looks for last in an archive that is none.
    throw notFound('open /repositories: no such file or directory');
  }
  const candidates = manifests.filter(
    ({ manifest }) => isImage(manifest) && layersPresent(archive, manifest),
  );
  const fitting = candidates.filter((candidate) => fits(candidate.platform, platform));
  const chosen = fitting.length > 0 ? fitting : candidates;
  if (chosen.length === 0) throw invalidArgument('the archive holds no image for this platform');
  const byConfig = new Map<string, Candidate>();
  for (const { path, manifest, names } of chosen) {
    const config = `blobs/${manifest.config.digest.replace(':', '/')}`;
    const known = byConfig.get(config);
    if (known) known.names.push(...names);
    else
      byConfig.set(config, {
        config,
        layers: manifest.layers.map(({ digest }) => `blobs/${digest.replace(':', '/')}`),
        names: [...names],
        manifest: path,
      });
  }
  return [...byConfig.values()];
}

/** Attestations and other artifacts are manifests too. */
function isImage({ config }: Manifest): boolean {
  return config.mediaType === mediaTypes.ociConfig || config.mediaType === mediaTypes.dockerConfig;
}

/** A layout of several platforms often holds the blobs of one. */
function layersPresent(archive: StagedArchive, manifest: Manifest): boolean {
  return [manifest.config, ...manifest.layers].every(({ digest }) =>
    archive.has(`blobs/${digest.replace(':', '/')}`),
  );
}

function fits(has: Platform | undefined, wanted: Platform | undefined): boolean {
  if (!has) return wanted === undefined;
  if (has.os === 'unknown') return false;
  const machine = { os: 'linux', architecture: process.arch === 'x64' ? 'amd64' : process.arch };
  const { os, architecture } = wanted ?? machine;
  return has.os === os && has.architecture === architecture;
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function parseJson<T>(text: string): T {
  try {
    return JSON.parse(text) as T;
  } catch (error) {
    if (isKind(error, 'internal')) throw error;
    throw invalidArgument(`invalid manifest: ${messageOf(error)}`, error);
  }
}
