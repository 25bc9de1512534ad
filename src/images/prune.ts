import { invalidArgument } from '../errors.ts';
import { danglingFilter, imageFilter, type Filters } from './list.ts';
import { collect } from './collect.ts';
import type { ImagesDeps } from './deps.ts';
import { removeImage, type Removal } from './remove.ts';

export interface PrunedImages {
  /** undefined when nothing went. */
  removals: Removal[] | undefined;
  reclaimedBytes: number;
}

const known = new Set(['dangling', 'label', 'label!', 'until']);

/** Removes images that no container uses: unnamed ones, or with `dangling=false` all. */
export async function pruneImages(deps: ImagesDeps, filters: Filters): Promise<PrunedImages> {
  for (const name of Object.keys(filters))
    if (!known.has(name)) throw invalidArgument(`invalid filter '${name}'`);
  const dangling = danglingFilter(filters['dangling']) ?? true;
  const fits = imageFilter(deps, filters);
  const removals: Removal[] = [];
  let reclaimedBytes = 0;
  const before = new Map(deps.snapshotter.list().map(({ key, sizeBytes }) => [key, sizeBytes ?? 0]));
  for (const image of deps.store.list()) {
    const used = [...deps.users()].some(({ imageId }) => imageId === image.id);
    const named = image.repoTags.length > 0 || image.repoDigests.length > 0;
    if (used || (dangling && named) || !fits(image)) continue;
    if (deps.store.childrenOf(image.id).length > 0) continue;
    const references = named ? [...image.repoTags, ...image.repoDigests] : [image.id];
    for (const reference of references) {
      if (!deps.store.find(image.id)) break;
      removals.push(...(await removeImage(deps, reference, { force: false, prune: true })));
    }
  }
  for (const chainId of await collect(deps)) removals.push({ Deleted: chainId });
  for (const removal of removals)
    if ('Deleted' in removal) reclaimedBytes += before.get(removal.Deleted) ?? 0;
  if (removals.length > 0) deps.events.publish('image', 'prune', '', { reclaimed: String(reclaimedBytes) });
  return { removals: removals.length > 0 ? removals : undefined, reclaimedBytes };
}
