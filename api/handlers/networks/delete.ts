import { noContent, type Handler } from '../../handler.ts';

/** Removes a network. 403 for the predefined ones. */
export const networkDelete: Handler<'NetworkDelete'> = async ({ engine, params }) => {
  await engine.networks.remove(params.id);
  return noContent();
};
