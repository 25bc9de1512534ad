import { invalidArgument, unavailable } from '../../../src/errors.ts';
import { parseFilters } from '../../filters.ts';

/** What an engine that is in no swarm answers to nearly every swarm operation. */
export function notAManager(): never {
  throw unavailable(
    'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again.',
  );
}

/** The same for lists, whose filters are looked at first. */
export function noList({ query }: { readonly query: { readonly filters?: string } }): never {
  parseFilters(query.filters);
  return notAManager();
}

/** The same for updates, which must say which version of the object they change. */
export const noUpdate =
  (noun: string) =>
  ({ search }: { readonly search: URLSearchParams }): never => {
    const version = search.get('version') ?? '';
    if (!/^\d+$/.test(version))
      throw invalidArgument(
        `invalid ${noun} version '${version}': strconv.ParseUint: parsing ${JSON.stringify(version)}: invalid syntax`,
      );
    return notAManager();
  };
