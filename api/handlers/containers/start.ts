import { type Handler, noContent } from '../../handler.ts';

/** Starts a container. 304 when it runs, 400 when its command cannot be run, 404, 409 while paused or being removed. */
export const containerStart: Handler<'ContainerStart'> = async ({ engine, params }) => {
  await engine.containers.start(params.id);
  return noContent();
};
