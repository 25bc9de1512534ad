import { unimplemented } from '../../../src/errors.ts';
import { empty, json, noContent, type Handler, type OperationId } from '../../handler.ts';

/** Refuses what belongs to the experimental mode, which the daemon was not started in, before anything else is looked at. */
const experimental =
  <Op extends OperationId>(handler: Handler<Op>): Handler<Op> =>
  (context) => {
    if (!context.engine.config.experimental)
      throw unimplemented(
        'This experimental feature is disabled by default. Start the Docker daemon in experimental mode in order to enable it.',
      );
    return handler(context);
  };

/** The checkpoints of a container. 404, 500 when the directory asked for is not there. */
export const checkpointList = experimental<'CheckpointList'>(async ({ engine, params, query }) => {
  const names = await engine.containers.checkpoints.list(params.id, query.dir);
  return json(names.map((Name) => ({ Name })));
});

/** Writes a running container to disk. 404, 409 when it does not run, 500 for all else, as the reference has it. */
export const checkpointCreate = experimental<'CheckpointCreate'>(async ({ engine, params, body }) => {
  await engine.containers.checkpoints.create(params.id, {
    name: body?.CheckpointID ?? '',
    directory: body?.CheckpointDir,
    exit: body?.Exit ?? false,
  });
  return empty(201);
});

/** Removes a checkpoint. 404 for the container, 500 for the checkpoint. */
export const checkpointDelete = experimental<'CheckpointDelete'>(async ({ engine, params, query }) => {
  await engine.containers.checkpoints.remove(params.id, params.checkpoint, query.dir);
  return noContent();
});
