import type { Handlers } from '../../handler.ts';
import { swarmInit, swarmJoin, swarmLeave } from './join.ts';
import { noUpdate, notAManager } from './outside.ts';

/** The operations of the tag Swarm, on a node that is in no swarm. */
export const handlers: Handlers = {
  SwarmInspect: notAManager,
  SwarmInit: swarmInit,
  SwarmJoin: swarmJoin,
  SwarmLeave: swarmLeave,
  SwarmUpdate: noUpdate('swarm'),
  SwarmUnlockkey: notAManager,
  SwarmUnlock: notAManager,
};
