import type { Handlers } from '../../handler.ts';
import { volumeCreate } from './create.ts';
import { volumeDelete } from './delete.ts';
import { volumeInspect } from './inspect.ts';
import { volumeList } from './list.ts';
import { volumePrune } from './prune.ts';
import { volumeUpdate } from './update.ts';

/** The operations of the tag Volume. */
export const handlers: Handlers = {
  VolumeCreate: volumeCreate,
  VolumeDelete: volumeDelete,
  VolumeInspect: volumeInspect,
  VolumeList: volumeList,
  VolumePrune: volumePrune,
  VolumeUpdate: volumeUpdate,
};
