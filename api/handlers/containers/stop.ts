import { type Handler, noContent } from '../../handler.ts';

/** Asks a container to end, and ends it when `t` seconds have passed. 304 when it does not run. */
export const containerStop: Handler<'ContainerStop'> = async ({ engine, params, query }) => {
  await engine.containers.stop(params.id, { timeoutSeconds: query.t, signal: query.signal });
  return noContent();
};
