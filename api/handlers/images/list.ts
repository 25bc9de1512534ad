import { parseFilters } from '../../filters.ts';
import { json, type Handler } from '../../handler.ts';
import { imageSummary } from '../../wire/image.ts';

/** Lists images, newest first. Before 1.41 `filter` was a pattern of names. */
export const imageList: Handler<'ImageList'> = ({ engine, query, version, search }) => {
  const filters = parseFilters(query.filters);
  const pattern = search.get('filter');
  if (!version.atLeast(41) && pattern) filters['reference'] = [...(filters['reference'] ?? []), pattern];
  const listed = engine.images.list({
    all: query.all ?? false,
    filters,
    sharedSize: version.atLeast(42) && (query['shared-size'] ?? false),
  });
  return json(listed.map((entry) => imageSummary(entry, version)));
};
