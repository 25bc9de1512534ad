import { parseFilters } from '../../filters.ts';
import { json, type Handler } from '../../handler.ts';

/** Removes networks that no container uses. */
export const networkPrune: Handler<'NetworkPrune'> = async ({ engine, query }) => {
  const removed = await engine.networks.prune(parseFilters(query.filters));
  return json({ NetworksDeleted: removed.length > 0 ? removed : null });
};
