import { invalidArgument } from '../errors.ts';
import type { Descriptor } from './descriptor.ts';
import { isDigest } from './digest.ts';

/** Media types of OCI and of Docker's schema 2, which mean the same. */
export const mediaTypes = {
  ociIndex: 'application/vnd.oci.image.index.v1+json',
  ociManifest: 'application/vnd.oci.image.manifest.v1+json',
  ociConfig: 'application/vnd.oci.image.config.v1+json',
  ociLayer: 'application/vnd.oci.image.layer.v1.tar',
  ociLayerGzip: 'application/vnd.oci.image.layer.v1.tar+gzip',
  ociLayerZstd: 'application/vnd.oci.image.layer.v1.tar+zstd',
  dockerIndex: 'application/vnd.docker.distribution.manifest.list.v2+json',
  dockerManifest: 'application/vnd.docker.distribution.manifest.v2+json',
  dockerConfig: 'application/vnd.docker.container.image.v1+json',
  dockerLayerGzip: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
} as const;

/** One image for one platform. OCI image-spec, manifest.md. */
export interface Manifest {
  schemaVersion: 2;
  mediaType?: string;
  artifactType?: string;
  config: Descriptor;
  layers: Descriptor[];
  annotations?: Record<string, string>;
}

/** The same image for several platforms. OCI image-spec, image-index.md. */
export interface Index {
  schemaVersion: 2;
  mediaType?: string;
  manifests: Descriptor[];
  annotations?: Record<string, string>;
}

export type ManifestOrIndex = { kind: 'manifest'; manifest: Manifest } | { kind: 'index'; index: Index };

/** Bytes above which a manifest, index or config is refused: what registries accept is less. */
export const manifestSizeMax = 4 * 1024 * 1024;

/** Reads a manifest or an index, whichever it is. Throws invalid-argument when it is neither, or not well formed. */
export function parseManifest(text: string): ManifestOrIndex {
  const value = parseObject(text);
  if (Array.isArray(value['manifests'])) {
    if (!value['manifests'].every(isDescriptor)) throw invalidArgument('invalid index: bad descriptor');
    return { kind: 'index', index: value as unknown as Index };
  }
  const { config, layers } = value;
  if (!isDescriptor(config) || !Array.isArray(layers) || !layers.every(isDescriptor))
    throw invalidArgument('invalid manifest: config and layers are not descriptors');
  return { kind: 'manifest', manifest: value as unknown as Manifest };
}

function parseObject(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw invalidArgument('invalid manifest: not JSON', error);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalidArgument('invalid manifest: not an object');
  return value as Record<string, unknown>;
}

function isDescriptor(value: unknown): value is Descriptor {
  if (typeof value !== 'object' || value === null) return false;
  const { mediaType, digest, size } = value as Record<string, unknown>;
  return (
    (mediaType === undefined || typeof mediaType === 'string') &&
    typeof digest === 'string' &&
    isDigest(digest) &&
    Number.isSafeInteger(size) &&
    (size as number) >= 0
  );
}
