import type { Handlers } from '../../handler.ts';
import { noList, noUpdate, notAManager } from '../swarm/outside.ts';

/** The operations of the tag Node, on a node that is in no swarm. */
export const handlers: Handlers = {
  NodeList: noList,
  NodeInspect: notAManager,
  NodeDelete: notAManager,
  NodeUpdate: noUpdate('node'),
};
