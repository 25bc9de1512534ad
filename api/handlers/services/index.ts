import type { Handlers } from '../../handler.ts';
import { noLogs } from '../swarm/logs.ts';
import { noList, noUpdate, notAManager } from '../swarm/outside.ts';

/** The operations of the tag Service, on a node that is in no swarm. */
export const handlers: Handlers = {
  ServiceList: noList,
  ServiceCreate: notAManager,
  ServiceInspect: notAManager,
  ServiceDelete: notAManager,
  ServiceUpdate: noUpdate('service'),
  ServiceLogs: noLogs,
};
