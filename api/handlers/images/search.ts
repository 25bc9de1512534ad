import { invalidArgument } from '../../../src/errors.ts';
import { searchRegistry, type SearchResult } from '../../../src/registry/search.ts';
import { parseFilters, type Filters } from '../../filters.ts';
import { empty, json, type Handler } from '../../handler.ts';

const defaultLimit = 25;
const known = new Set(['is-automated', 'is-official', 'stars']);

/** Searches a registry. A negative limit gives 200 and nothing, as on dockerd. */
export const imageSearch: Handler<'ImageSearch'> = async ({ engine, query, search, signal }) => {
  const limitText = search.get('limit') ?? '';
  if (limitText !== '' && !/^[+-]?\d+$/.test(limitText))
    throw invalidArgument(
      `invalid limit specified: strconv.Atoi: parsing ${JSON.stringify(limitText)}: invalid syntax`,
    );
  const limit = limitText === '' ? defaultLimit : Number(limitText);
  const wanted = wantedResults(parseFilters(query.filters));
  if (limit < 0) return empty(200);
  const term = query.term ?? '';
  const insecure = engine.config.registries.insecure;
  const results = await searchRegistry({ term, limit: limit === 0 ? defaultLimit : limit, insecure, signal });
  return json(
    results.filter(wanted).map(({ name, description, stars, official, automated }) => ({
      star_count: stars,
      is_official: official,
      name,
      is_automated: automated,
      description,
    })),
  );
};

function wantedResults(filters: Filters): (result: SearchResult) => boolean {
  for (const name of Object.keys(filters))
    if (!known.has(name)) throw invalidArgument(`invalid filter '${name}'`);
  const automated = truth('is-automated', filters);
  const official = truth('is-official', filters);
  const stars = (filters['stars'] ?? []).map((text) => {
    if (/^[+-]?\d+$/.test(text)) return Number(text);
    throw invalidArgument(
      `invalid filter 'stars=${text}': strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`,
    );
  });
  return (result) =>
    (automated === undefined || result.automated === automated) &&
    (official === undefined || result.official === official) &&
    stars.every((least) => result.stars >= least);
}

function truth(name: string, filters: Filters): boolean | undefined {
  const values = filters[name];
  if (!values || values.length === 0) return undefined;
  if (values.every((value) => ['true', '1'].includes(value))) return true;
  if (values.every((value) => ['false', '0'].includes(value))) return false;
  throw invalidArgument(`invalid filter '${name}=[${values.join(' ')}]'`);
}
