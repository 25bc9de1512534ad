import { parseFilters } from '../../filters.ts';
import { json, type Handler } from '../../handler.ts';

/** Removes images that no container uses. */
export const imagePrune: Handler<'ImagePrune'> = async ({ engine, query }) => {
  const { removals, reclaimedBytes } = await engine.images.prune(parseFilters(query.filters));
  return json({ ImagesDeleted: removals ?? null, SpaceReclaimed: reclaimedBytes });
};
