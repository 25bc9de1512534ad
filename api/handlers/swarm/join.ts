import { invalidArgument, unavailable, unimplemented } from '../../../src/errors.ts';
import type { Handler } from '../../handler.ts';

/** Would make this node the first of a swarm: its addresses are checked, then it is refused. */
export const swarmInit: Handler<'SwarmInit'> = ({ body }) => {
  checkListenAddress(body?.ListenAddr ?? '');
  throw unimplemented('this engine cannot be part of a swarm yet');
};

/** Would bring this node into a swarm, likewise. */
export const swarmJoin: Handler<'SwarmJoin'> = ({ body }) => {
  if ((body?.ListenAddr ?? '') === '') throw invalidArgument('invalid ListenAddr "": invalid empty address');
  if ((body?.RemoteAddrs ?? []).length === 0)
    throw invalidArgument('at least 1 RemoteAddr is required to join');
  throw unimplemented('this engine cannot be part of a swarm yet');
};

/** There is nothing to leave. */
export const swarmLeave: Handler<'SwarmLeave'> = () => {
  throw unavailable('This node is not part of a swarm');
};

function checkListenAddress(address: string): void {
  if (address === '') throw invalidArgument('invalid ListenAddr "": invalid empty address');
  if (!/^(\[[^\]]*\]|[^:[\]]*)(:\d+)?$/.test(address))
    throw invalidArgument(`could not parse listen address ${address}`);
}
