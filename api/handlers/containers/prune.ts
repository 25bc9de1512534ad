import { parseFilters } from '../../filters.ts';
import { type Handler, json } from '../../handler.ts';

/** Removes every container that does not run, or those the filters `label` and `until` choose. */
export const containerPrune: Handler<'ContainerPrune'> = async ({ engine, query }) => {
  const { removed, bytes } = await engine.containers.prune(parseFilters(query.filters));
  return json({ ContainersDeleted: removed.length > 0 ? removed : null, SpaceReclaimed: bytes });
};
