import type { Handlers } from '../../handler.ts';
import { noList, noUpdate, notAManager } from '../swarm/outside.ts';

/** The operations of the tag Config, on a node that is in no swarm. */
export const handlers: Handlers = {
  ConfigList: noList,
  ConfigCreate: notAManager,
  ConfigInspect: notAManager,
  ConfigDelete: notAManager,
  ConfigUpdate: noUpdate('config'),
};
