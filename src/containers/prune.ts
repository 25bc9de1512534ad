import { invalidArgument } from '../errors.ts';
import { parseUntil } from '../until.ts';
import type { Container } from './container.ts';
import { hasLabel, type ContainerFilters } from './filter.ts';

/**
 * The containers a prune would remove: not running, chosen by `label`, `label!` and `until`.
 * @throws invalid-argument with the reference's texts
 */
export function prunable(containers: readonly Container[], filters: ContainerFilters): Container[] {
  for (const name of Object.keys(filters))
    if (!['label', 'label!', 'until'].includes(name)) throw invalidArgument(`invalid filter '${name}'`);
  const until = parseUntil(filters['until'] ?? []);
  const wanted = filters['label'] ?? [];
  const unwanted = filters['label!'] ?? [];
  return containers.filter(
    ({ running, state, record, config }) =>
      !running &&
      state.status !== 'restarting' &&
      Date.parse(record.created) <= until &&
      wanted.every((label) => hasLabel(config.Labels, label)) &&
      // As the reference has it: spared is who has all of them.
      (unwanted.length === 0 || !unwanted.every((label) => hasLabel(config.Labels, label))),
  );
}
