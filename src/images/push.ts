import { EngineError, isKind, notFound } from '../errors.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import { digestHex, type Digest } from '../oci/digest.ts';
import { manifestSizeMax, mediaTypes, parseManifest } from '../oci/manifest.ts';
import { familiarName, familiarReference, repositoryOf, withTag, type Reference } from '../oci/reference.ts';
import { Repository, type RegistryCredentials } from '../registry/repository.ts';
import { publishImage, type ImagesDeps } from './deps.ts';
import type { Progress } from './service.ts';

export interface PushOptions {
  credentials: RegistryCredentials | undefined;
  signal: AbortSignal;
  progress: Progress;
}

/**
 * Pushes an image under its name; without a tag, all tags of the repository. Blobs go as they are, so the digest over there is
 * the one here. Failures are told in the stream, as dockerd does.
 * @throws not-found when there is no such name; what the registry does
 */
export async function pushImage(deps: ImagesDeps, reference: Reference, options: PushOptions): Promise<void> {
  const { progress, signal, credentials } = options;
  progress({ status: `The push refers to repository [${repositoryOf(reference)}]` });
  const names = namesToPush(deps, reference);
  const { domain, path } = reference;
  const open = { domain, path, credentials, access: 'pull,push', ...deps.registries, signal } as const;
  const repository = await Repository.open(open);
  for (const name of names) await pushOne(deps, repository, name, options);
}

function namesToPush({ store }: ImagesDeps, reference: Reference): Reference[] {
  if (reference.tag !== undefined) {
    if (store.named(reference) !== undefined) return [reference];
    throw notFound(`An image does not exist locally with the tag: ${familiarName(reference)}`);
  }
  const names = store
    .records()
    .flatMap(({ id }) => store.referencesOf(id))
    .filter((name) => name.tag !== undefined && repositoryOf(name) === repositoryOf(reference));
  if (names.length === 0)
    throw notFound(`An image does not exist locally with the tag: ${familiarName(reference)}`);
  return names;
}

async function pushOne(
  deps: ImagesDeps,
  repository: Repository,
  name: Reference,
  { signal, progress }: PushOptions,
): Promise<void> {
  const record = deps.store.record(familiarReference(name));
  const bytes = await deps.content.read(record.manifest, manifestSizeMax);
  const content = parseManifest(bytes.toString('utf8'));
  if (content.kind !== 'manifest') throw notFound(`content ${record.manifest}: not a manifest`);
  using lease = deps.content.lease();
  for (const digest of record.blobs) lease.add(digest);
  const { config, layers } = content.manifest;
  for (const { digest } of layers) progress({ status: 'Preparing', progressDetail: {}, id: shortId(digest) });
  for (const layer of layers) await pushBlob(deps, repository, layer, signal, progress);
  await pushBlob(deps, repository, config, signal, () => {});
  const mediaType = content.manifest.mediaType ?? mediaTypes.ociManifest;
  const tag = name.tag ?? 'latest';
  await repository.putManifest(tag, mediaType, bytes, signal);
  deps.store.tag(record.id, { ...name, tag: undefined, digest: record.manifest }, Date.now());
  progress({ status: `${tag}: digest: ${record.manifest} size: ${bytes.length}` });
  progress({ progressDetail: {}, aux: { Tag: tag, Digest: record.manifest, Size: bytes.length } });
  publishImage(deps, 'push', familiarReference(withTag(name, tag)), familiarName(name), record.id);
}

async function pushBlob(
  { content }: ImagesDeps,
  repository: Repository,
  { digest, size }: Descriptor,
  signal: AbortSignal,
  progress: Progress,
): Promise<void> {
  const id = shortId(digest);
  if (await repository.hasBlob(digest, signal)) {
    progress({ status: 'Layer already exists', progressDetail: {}, id });
    return;
  }
  progress({ status: 'Pushing', progressDetail: { current: 0, total: size }, id });
  try {
    await repository.putBlob(digest, size, await content.createReadStream(digest), signal);
  } catch (error) {
    throw isKind(error, 'not-found') ? new EngineError('data-loss', error.message, { cause: error }) : error;
  }
  progress({ status: 'Pushed', progressDetail: {}, id });
}

function shortId(digest: Digest): string {
  return digestHex(digest).slice(0, 12);
}
