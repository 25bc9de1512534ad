import { noContent, type Handler } from '../../handler.ts';

/** Removes a network. 403 for a predefined one, or one with containers on it. */
export const networkDelete: Handler<'NetworkDelete'> = async ({ engine, params }) => {
  const network = await engine.networks.remove(params.id);
  engine.events.publish('network', 'destroy', network.Id, { name: network.Name, type: network.Driver });
  return noContent();
};
