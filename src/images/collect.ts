import { isKind, messageOf } from '../errors.ts';
import { logger } from '../log.ts';
import type { ChainId } from '../oci/digest.ts';
import type { ImagesDeps } from './deps.ts';

const log = logger('images');

/**
 * Removes blobs and committed snapshots that no image needs, no container stands on and nobody holds a lease on: what a
 * removed image or an interrupted load left. Returns the chainIDs that went, top layer first.
 */
export async function collect({ store, content, snapshotter }: ImagesDeps): Promise<ChainId[]> {
  const records = store.records();
  const blobs = new Set(records.flatMap((record) => record.blobs));
  for (const digest of content.list())
    if (!blobs.has(digest) && !content.leased(digest)) content.remove(digest);

  const chains = new Set(records.flatMap((record) => store.chainsOf(record)));
  const unneeded = (key: string): boolean =>
    !key.startsWith('init:') && !chains.has(key as ChainId) && !content.leased(key);
  const removed: ChainId[] = [];
  // A layer can go once those on top of it have: go round until nothing does.
  for (let progress = true; progress;) {
    progress = false;
    for (const { key, kind } of snapshotter.list()) {
      if (kind !== 'committed' || !unneeded(key)) continue;
      try {
        await snapshotter.remove(key);
        removed.push(key as ChainId);
        progress = true;
      } catch (error) {
        if (!isKind(error, 'conflict'))
          log.warn('could not remove a layer', { chainId: key, error: messageOf(error) });
      }
    }
  }
  return removed;
}
