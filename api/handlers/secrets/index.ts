import type { Handlers } from '../../handler.ts';
import { noList, noUpdate, notAManager } from '../swarm/outside.ts';

/** The operations of the tag Secret, on a node that is in no swarm. */
export const handlers: Handlers = {
  SecretList: noList,
  SecretCreate: notAManager,
  SecretInspect: notAManager,
  SecretDelete: notAManager,
  SecretUpdate: noUpdate('secret'),
};
