import type { Handlers } from '../../handler.ts';
import { networkConnect } from './connect.ts';
import { networkCreate } from './create.ts';
import { networkDelete } from './delete.ts';
import { networkDisconnect } from './disconnect.ts';
import { networkInspect } from './inspect.ts';
import { networkList } from './list.ts';
import { networkPrune } from './prune.ts';

/** The operations of the tag Network. */
export const handlers: Handlers = {
  NetworkConnect: networkConnect,
  NetworkCreate: networkCreate,
  NetworkDelete: networkDelete,
  NetworkDisconnect: networkDisconnect,
  NetworkInspect: networkInspect,
  NetworkList: networkList,
  NetworkPrune: networkPrune,
};
