import type { Handlers } from '../../handler.ts';
import { networkCreate } from './create.ts';
import { networkDelete } from './delete.ts';
import { networkInspect } from './inspect.ts';
import { networkList } from './list.ts';
import { networkPrune } from './prune.ts';

/** The operations of the tag Network. */
export const handlers: Handlers = {
  NetworkCreate: networkCreate,
  NetworkDelete: networkDelete,
  NetworkInspect: networkInspect,
  NetworkList: networkList,
  NetworkPrune: networkPrune,
};
