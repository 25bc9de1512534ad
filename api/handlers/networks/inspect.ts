import { invalidArgument, notFound } from '../../../src/errors.ts';
import { json, type Handler } from '../../handler.ts';

/** What Go's strconv.ParseBool takes: this operation is stricter than others with a boolean. */
const booleans = /^(?:1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/;

/** One network. 404 also when it is not of the scope asked for. */
export const networkInspect: Handler<'NetworkInspect'> = ({ engine, params, query, search }) => {
  const verbose = search.get('verbose') ?? '';
  if (verbose !== '' && !booleans.test(verbose))
    throw invalidArgument(
      `invalid value for verbose: ${verbose}: strconv.ParseBool: parsing ${JSON.stringify(verbose)}: invalid syntax`,
    );
  const network = engine.networks.get(params.id);
  if (query.scope && query.scope !== network.Scope) throw notFound(`network ${params.id} not found`);
  return json(network);
};
