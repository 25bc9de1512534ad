import type { Handlers } from '../../handler.ts';
import { containerExec } from './create.ts';
import { execInspect } from './inspect.ts';
import { execResize } from './resize.ts';
import { execStart } from './start.ts';

/** The operations of the tag Exec. */
export const handlers: Handlers = {
  ContainerExec: containerExec,
  ExecInspect: execInspect,
  ExecResize: execResize,
  ExecStart: execStart,
};
