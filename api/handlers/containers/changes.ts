import { json, type Handler } from '../../handler.ts';

/** Changed files of a container; `null` when there are none. 404 no such container. */
export const containerChanges: Handler<'ContainerChanges'> = async ({ engine, params, signal }) => {
  const changes = await engine.files.changes(params.id, signal);
  return json(changes.length > 0 ? changes.map(({ Path, Kind }) => ({ Path, Kind })) : null);
};
