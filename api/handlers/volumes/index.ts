import { unavailable } from '../../../src/errors.ts';
import type { Handler, Handlers } from '../../handler.ts';

/** Changes a cluster volume, of which there are none outside a swarm. */
const volumeUpdate: Handler<'VolumeUpdate'> = () => {
  throw unavailable('volume update only valid for cluster volumes, but swarm is unavailable');
};

/** The operations of the tag Volume. */
export const handlers: Handlers = { VolumeUpdate: volumeUpdate };
