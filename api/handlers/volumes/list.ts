import type { Engine } from '../../../src/engine.ts';
import { invalidArgument, messageOf } from '../../../src/errors.ts';
import type { Volume } from '../../../src/volumes/service.ts';
import { parseFilters, type Filters } from '../../filters.ts';
import { json, type Handler } from '../../handler.ts';
import { volumeWire } from '../../wire/volume.ts';
import { hasLabel, labelsOf } from './labels.ts';
import { usersOf } from './users.ts';

/** Lists volumes by name. 400 for filters it does not know. */
export const volumeList: Handler<'VolumeList'> = ({ engine, query }) => {
  const filters = checked(query.filters);
  const found = engine.volumes.list().filter((volume) => matches(engine, volume, filters));
  found.sort((a, b) => (a.name < b.name ? -1 : 1));
  return json({ Volumes: found.map(volumeWire), Warnings: null });
};

function checked(source: string | undefined): Filters {
  let filters: Filters;
  try {
    filters = parseFilters(source);
  } catch (error) {
    throw invalidArgument(`error reading volume filters: ${messageOf(error)}`, error);
  }
  for (const name of Object.keys(filters))
    if (!['dangling', 'driver', 'label', 'name'].includes(name))
      throw invalidArgument(`invalid filter '${name}'`);
  return filters;
}

function matches(engine: Engine, volume: Volume, { dangling, driver, label, name }: Filters): boolean {
  const labels = labelsOf(volume);
  return (
    (!dangling?.length || flag(dangling) === (usersOf(engine, volume.name).length === 0)) &&
    (!driver?.length || driver.includes('local')) &&
    (!name?.length || name.some((part) => volume.name.includes(part))) &&
    (label ?? []).every((wanted) => hasLabel(labels, wanted))
  );
}

function flag(values: readonly string[]): boolean {
  if (values.every((value) => /^(1|true)$/i.test(value))) return true;
  if (values.every((value) => /^(0|false)$/i.test(value))) return false;
  throw invalidArgument(`invalid filter 'dangling=[${values.join(' ')}]'`);
}
