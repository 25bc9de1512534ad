import { invalidArgument, permissionDenied } from '../../../src/errors.ts';
import { type Handler, noContent } from '../../handler.ts';

/** Starts a container. 304 when it runs, 400 when its command cannot be run, 404, 409 while paused or being removed. */
export const containerStart: Handler<'ContainerStart'> = async ({ engine, params, query, req }) => {
  // Old clients sent a host configuration here. Some still send an empty object, which was always let through.
  const { 'content-length': length, 'transfer-encoding': encoding } = req.headers;
  if (Number(length ?? 0) > 7 || encoding !== undefined)
    throw invalidArgument(
      'starting container with non-empty request body was deprecated since API v1.22 and removed in v1.24',
    );
  const { checkpoint, 'checkpoint-dir': directory } = query;
  if (directory) throw permissionDenied('custom checkpointdir is not supported');
  if (checkpoint && !engine.config.experimental)
    throw invalidArgument('checkpoint is only supported in experimental mode');
  await engine.containers.start(params.id, checkpoint || undefined);
  return noContent();
};
