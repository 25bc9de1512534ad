import { invalidArgument } from '../errors.ts';
import { isDigest, type Digest } from '../oci/digest.ts';
import type { ImageConfig } from '../oci/image-config.ts';

/**
 * Reads an image config blob. Only what the engine relies on is checked; the rest is the user's and stays as it is.
 * @throws invalid-argument with dockerd's text when it cannot be an image
 */
export function parseConfig(text: string): ImageConfig {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw invalidArgument('invalid image JSON: not JSON', error);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalidArgument('invalid image JSON: not an object');
  const rootfs = (value as Record<string, unknown>)['rootfs'];
  if (typeof rootfs !== 'object' || rootfs === null)
    throw invalidArgument('invalid image JSON, no RootFS key');
  const { type = 'layers', diff_ids: diffIds = [] } = rootfs as { type?: unknown; diff_ids?: unknown };
  const list = diffIds ?? [];
  if (type !== 'layers') throw invalidArgument(`invalid image JSON: unknown rootfs type ${String(type)}`);
  if (!Array.isArray(list) || !list.every((id): id is Digest => typeof id === 'string' && isDigest(id)))
    throw invalidArgument('invalid image JSON: bad diff_ids');
  if (list.length > 125) throw invalidArgument('max depth exceeded');
  return { ...(value as ImageConfig), rootfs: { type, diff_ids: list } };
}
