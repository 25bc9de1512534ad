import type { Handlers } from '../../handler.ts';
import { imageCommit } from './commit.ts';
import { imageCreate } from './create.ts';
import { imageDelete } from './delete.ts';
import { imageGet, imageGetAll } from './get.ts';
import { imageHistory } from './history.ts';
import { imageInspect } from './inspect.ts';
import { imageList } from './list.ts';
import { imageLoad } from './load.ts';
import { imagePrune } from './prune.ts';
import { imagePush } from './push.ts';
import { imageSearch } from './search.ts';
import { imageTag } from './tag.ts';

/** The operations of the tag Image. */
export const handlers: Handlers = {
  ImageCommit: imageCommit,
  ImageCreate: imageCreate,
  ImageDelete: imageDelete,
  ImageGet: imageGet,
  ImageGetAll: imageGetAll,
  ImageHistory: imageHistory,
  ImageInspect: imageInspect,
  ImageList: imageList,
  ImageLoad: imageLoad,
  ImagePrune: imagePrune,
  ImagePush: imagePush,
  ImageSearch: imageSearch,
  ImageTag: imageTag,
};
