import { invalidArgument, isKind } from '../../../src/errors.ts';
import type { Volume } from '../../../src/volumes/service.ts';
import { parseFilters, type Filters } from '../../filters.ts';
import { json, type Handler } from '../../handler.ts';
import { hasLabel, labelsOf } from './labels.ts';
import { usersOf } from './users.ts';

/**
 * Removes volumes that no container has: those without a name of their own, or with `all` any (always, before 1.42). Volumes with
 * options are never removed. 400 for filters it does not know.
 */
export const volumePrune: Handler<'VolumePrune'> = async ({ engine, query, version }) => {
  const filters = parseFilters(query.filters);
  for (const name of Object.keys(filters))
    if (!['all', 'label', 'label!'].includes(name)) throw invalidArgument(`invalid filter '${name}'`);
  const all = !version.atLeast(42) || isTrue(filters['all']);
  const { volumes, events } = engine;
  const removed: string[] = [];
  let bytes = 0;
  for (const volume of volumes.list()) {
    if (!chosen(volume, filters, all) || usersOf(engine, volume.name).length > 0) continue;
    const size = await volumes.size(volume.name);
    try {
      await volumes.remove(volume.name, usersOf(engine, volume.name));
    } catch (error) {
      // Somebody was faster, or has begun to use it.
      if (isKind(error, 'not-found') || isKind(error, 'conflict')) continue;
      throw error;
    }
    events.publish('volume', 'destroy', volume.name, { driver: 'local' });
    removed.push(volume.name);
    bytes += size;
  }
  events.publish('volume', 'prune', '', { reclaimed: String(bytes) });
  return json({ VolumesDeleted: removed, SpaceReclaimed: bytes });
};

function chosen(volume: Volume, filters: Filters, all: boolean): boolean {
  const labels = labelsOf(volume);
  return (
    (all || volume.anonymous) &&
    volume.options === null &&
    (filters['label'] ?? []).every((wanted) => hasLabel(labels, wanted)) &&
    !(filters['label!'] ?? []).some((unwanted) => hasLabel(labels, unwanted))
  );
}

function isTrue(values: readonly string[] = []): boolean {
  const odd = values.find((value) => !/^(1|t|true|0|f|false)$/i.test(value));
  if (odd !== undefined)
    throw invalidArgument(
      `invalid filter 'all': strconv.ParseBool: parsing ${JSON.stringify(odd)}: invalid syntax`,
    );
  return values.some((value) => /^(1|t|true)$/i.test(value));
}
