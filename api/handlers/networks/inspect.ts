import { notFound } from '../../../src/errors.ts';
import { json, type Handler } from '../../handler.ts';

/** One network. 404 also when it is not of the scope asked for. */
export const networkInspect: Handler<'NetworkInspect'> = ({ engine, params, query }) => {
  const network = engine.networks.get(params.id);
  if (query.scope && query.scope !== network.Scope) throw notFound(`network ${params.id} not found`);
  return json(network);
};
