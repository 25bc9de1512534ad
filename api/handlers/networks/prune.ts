import { parseFilters } from '../../filters.ts';
import { json, type Handler } from '../../handler.ts';

/** Removes networks that no container uses. */
export const networkPrune: Handler<'NetworkPrune'> = async ({ engine, query }) => {
  const removed = await engine.networks.prune(parseFilters(query.filters));
  for (const { Id, Name, Driver } of removed)
    engine.events.publish('network', 'destroy', Id, { name: Name, type: Driver });
  engine.events.publish('network', 'prune', '', { reclaimed: '0' });
  return json({ NetworksDeleted: removed.length > 0 ? removed.map(({ Name }) => Name) : null });
};
