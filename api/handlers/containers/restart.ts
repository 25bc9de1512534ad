import { type Handler, noContent } from '../../handler.ts';

/** Stops a container as `stop` does when it runs, then starts it. */
export const containerRestart: Handler<'ContainerRestart'> = async ({ engine, params, query }) => {
  await engine.containers.restart(params.id, {
    timeoutSeconds: query.t,
    signal: query.signal,
  });
  return noContent();
};
