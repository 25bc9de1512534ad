import type { NetworkRequest } from '../../../src/networks/network-request.ts';
import { created, type Handler } from '../../handler.ts';

/** Makes a network. 400 for bad settings, 403 for what the driver refuses, 409 for a name that is taken. */
export const networkCreate: Handler<'NetworkCreate'> = async ({ engine, body }) => {
  const network = await engine.networks.create((body ?? {}) as NetworkRequest);
  engine.events.publish('network', 'create', network.Id, { name: network.Name, type: network.Driver });
  return created({ Id: network.Id, Warning: '' });
};
