import type { Handlers } from '../../handler.ts';
import { noLogs } from '../swarm/logs.ts';
import { noList, notAManager } from '../swarm/outside.ts';

/** The operations of the tag Task, on a node that is in no swarm. */
export const handlers: Handlers = {
  TaskList: noList,
  TaskInspect: notAManager,
  TaskLogs: noLogs,
};
