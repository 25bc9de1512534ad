import { invalidArgument, unimplemented } from '../../../src/errors.ts';
import type { Handler, Handlers } from '../../handler.ts';
import { asksForUpgrade } from '../../hijack.ts';

/** Opens a builder's session; without an upgrade there is none, and with one there is no builder yet. */
const session: Handler<'Session'> = ({ req }) => {
  if (!asksForUpgrade(req)) throw invalidArgument('no upgrade proto in request');
  throw unimplemented('this engine has no builder yet');
};

/** The operations of the tag Session. */
export const handlers: Handlers = { Session: session };
