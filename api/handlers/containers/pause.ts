import { type Handler, noContent } from '../../handler.ts';

/** Freezes every process of a container. 409 when it does not run or is paused. */
export const containerPause: Handler<'ContainerPause'> = async ({ engine, params }) => {
  await engine.containers.pause(params.id);
  return noContent();
};
