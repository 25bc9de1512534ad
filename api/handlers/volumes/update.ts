import { unavailable } from '../../../src/errors.ts';
import type { Handler } from '../../handler.ts';

/** Changes a cluster volume, of which there are none outside a swarm. */
export const volumeUpdate: Handler<'VolumeUpdate'> = () => {
  throw unavailable('volume update only valid for cluster volumes, but swarm is unavailable');
};
