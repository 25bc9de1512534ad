import type { Descriptor, Platform } from '../oci/descriptor.ts';
import { manifestSizeMax, parseManifest } from '../oci/manifest.ts';
import { withDefaultTag, type Reference } from '../oci/reference.ts';
import { Repository, type RegistryCredentials } from '../registry/repository.ts';
import type { ImagesDeps } from './deps.ts';

/** What a registry has under a name. */
export interface RemoteImage {
  descriptor: Descriptor;
  platforms: Platform[];
}

/** Asks a registry what a name stands for, without fetching the image. @throws what the registry does */
export async function inspectRemote(
  { registries }: Pick<ImagesDeps, 'registries'>,
  reference: Reference,
  { credentials, signal }: { credentials: RegistryCredentials | undefined; signal: AbortSignal },
): Promise<RemoteImage> {
  const { domain, path, tag, digest } = withDefaultTag(reference);
  const repository = await Repository.open({
    domain,
    path,
    credentials,
    access: 'pull',
    ...registries,
    signal,
  });
  const fetched = await repository.manifest(digest ?? tag ?? 'latest', signal);
  const content = parseManifest(fetched.bytes.toString('utf8'));
  const descriptor = { mediaType: fetched.mediaType, digest: fetched.digest, size: fetched.bytes.length };
  if (content.kind === 'index') {
    const platforms = content.index.manifests.flatMap(({ platform }) => (platform ? [platform] : []));
    return { descriptor, platforms };
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of await repository.blob(content.manifest.config.digest, signal)) {
    chunks.push(chunk as Uint8Array);
    length += (chunk as Uint8Array).length;
    if (length > manifestSizeMax) break;
  }
  const config = JSON.parse(Buffer.concat(chunks).toString()) as Partial<Platform>;
  const platform: Platform = { architecture: config.architecture ?? '', os: config.os ?? '' };
  return { descriptor, platforms: [config.variant ? { ...platform, variant: config.variant } : platform] };
}
