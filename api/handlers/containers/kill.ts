import { type Handler, noContent } from '../../handler.ts';

/** Sends a signal, SIGKILL unless told otherwise. 400 no such signal, 409 not running. */
export const containerKill: Handler<'ContainerKill'> = async ({ engine, params, query }) => {
  await engine.containers.kill(params.id, query.signal);
  return noContent();
};
