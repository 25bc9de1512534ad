import { parseFilters } from '../../filters.ts';
import { json, type Handler } from '../../handler.ts';

/** The networks that pass the filters. */
export const networkList: Handler<'NetworkList'> = ({ engine, query }) =>
  json(engine.networks.list(parseFilters(query.filters)));
