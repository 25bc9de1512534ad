import { isKind } from '../../../src/errors.ts';
import { parseFilters } from '../../filters.ts';
import { type Handler, json } from '../../handler.ts';
import { containerSummary } from '../../wire/container-summary.ts';

/** Containers that run, or with `all`, a `limit` or a filter on their state every one; newest first. */
export const containerList: Handler<'ContainerList'> = async ({ engine, query, version }) => {
  const { containers, images } = engine;
  const imageIdOf = (reference: string): string | undefined => {
    try {
      return images.resolve(reference).id;
    } catch {
      return undefined;
    }
  };
  const { all = false, limit = 0, size = false } = query;
  const linkNames = containers.links.names();
  const found = containers.list({ all, limit, filters: parseFilters(query.filters) });
  const summaries = found.map(async (container) => {
    const sizes = size ? await containers.sizes(container).catch(unlessGone) : undefined;
    if (size && !sizes) return [];
    return [containerSummary(containers, container, sizes, { version, imageIdOf, linkNames })];
  });
  return json((await Promise.all(summaries)).flat());
};

/** Who is removed while it is measured is not in the list. */
const unlessGone = (error: unknown): undefined => {
  if (!isKind(error, 'not-found')) throw error;
};
