import { type Handler, noContent } from '../../handler.ts';

/** Lets a paused container go on. 500 when it is not paused, as the reference answers. */
export const containerUnpause: Handler<'ContainerUnpause'> = async ({ engine, params }) => {
  await engine.containers.unpause(params.id);
  return noContent();
};
