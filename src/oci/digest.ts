import { createHash } from 'node:crypto';
import { invalidArgument } from '../errors.ts';

declare const brand: unique symbol;

/** A content address, `sha256:<64 lower-case hex>` (or sha512). OCI image-spec, descriptor.md, digests. */
export type Digest = string & { readonly [brand]: true };
/** Digest of a layer's uncompressed tar. */
export type DiffId = Digest;
/** Digest that names a stack of layers. OCI image-spec, config.md, layer ChainID. */
export type ChainId = Digest;

const lengths: Readonly<Record<string, number>> = { sha256: 64, sha512: 128 };

/** True when `text` is a digest of an algorithm we can verify. */
export function isDigest(text: string): text is Digest {
  const [algorithm = '', hex = '', ...rest] = text.split(':');
  return rest.length === 0 && lengths[algorithm] === hex.length && /^[a-f0-9]+$/.test(hex);
}

/** The digest in `text`. Throws invalid-argument with the texts of the Go digest library, which clients see. */
export function parseDigest(text: string): Digest {
  if (isDigest(text)) return text;
  const [algorithm = '', hex] = text.split(':');
  if (hex === undefined || !/^[A-Za-z0-9]+([+._-][A-Za-z0-9]+)*$/.test(algorithm))
    throw invalidArgument('invalid checksum digest format');
  const length = lengths[algorithm];
  if (length === undefined) throw invalidArgument('unsupported digest algorithm');
  if (hex.length !== length) throw invalidArgument('invalid checksum digest length');
  throw invalidArgument('invalid checksum digest format');
}

/** The part before the colon. */
export function digestAlgorithm(digest: Digest): string {
  return digest.slice(0, digest.indexOf(':'));
}

/** The part after the colon. */
export function digestHex(digest: Digest): string {
  return digest.slice(digest.indexOf(':') + 1);
}

/** The sha256 digest of a text or bytes in memory. */
export function digestOf(data: string | Uint8Array): Digest {
  return sha256Digest(createHash('sha256').update(data).digest('hex'));
}

/** The digest with these 64 hex digits. */
export function sha256Digest(hex: string): Digest {
  return `sha256:${hex}` as Digest;
}

/** The chainIDs of a stack of layers, lowest first; the last one names the whole stack. */
export function chainIds(diffIds: readonly DiffId[]): ChainId[] {
  const chains: ChainId[] = [];
  for (const diffId of diffIds) {
    const parent = chains.at(-1);
    chains.push(parent === undefined ? diffId : digestOf(`${parent} ${diffId}`));
  }
  return chains;
}
