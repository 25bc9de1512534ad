import type { Handlers } from '../../handler.ts';
import { containerArchiveInfo } from './archive-info.ts';
import { putContainerArchive } from './archive-put.ts';
import { containerArchive } from './archive.ts';
import { containerAttach } from './attach.ts';
import { containerAttachWebsocket } from './attach-websocket.ts';
import { containerChanges } from './changes.ts';
import { containerCreate } from './create.ts';
import { containerDelete } from './delete.ts';
import { containerExport } from './export.ts';
import { containerInspectHandler } from './inspect.ts';
import { containerKill } from './kill.ts';
import { containerList } from './list.ts';
import { containerLogs } from './logs.ts';
import { containerPause } from './pause.ts';
import { containerPrune } from './prune.ts';
import { containerRename } from './rename.ts';
import { containerResize } from './resize.ts';
import { containerRestart } from './restart.ts';
import { containerStart } from './start.ts';
import { containerStats } from './stats.ts';
import { containerStop } from './stop.ts';
import { containerTop } from './top.ts';
import { containerUnpause } from './unpause.ts';
import { containerUpdate } from './update.ts';
import { containerWait } from './wait.ts';

export const handlers: Handlers = {
  ContainerArchive: containerArchive,
  ContainerArchiveInfo: containerArchiveInfo,
  ContainerAttach: containerAttach,
  ContainerAttachWebsocket: containerAttachWebsocket,
  ContainerChanges: containerChanges,
  ContainerCreate: containerCreate,
  ContainerDelete: containerDelete,
  ContainerExport: containerExport,
  ContainerInspect: containerInspectHandler,
  ContainerKill: containerKill,
  ContainerList: containerList,
  ContainerLogs: containerLogs,
  ContainerPause: containerPause,
  ContainerPrune: containerPrune,
  ContainerRename: containerRename,
  ContainerResize: containerResize,
  ContainerRestart: containerRestart,
  ContainerStart: containerStart,
  ContainerStats: containerStats,
  ContainerStop: containerStop,
  ContainerTop: containerTop,
  ContainerUnpause: containerUnpause,
  ContainerUpdate: containerUpdate,
  ContainerWait: containerWait,
  PutContainerArchive: putContainerArchive,
};
