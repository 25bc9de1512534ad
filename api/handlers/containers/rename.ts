import { type Handler, noContent } from '../../handler.ts';

/** Renames a container, running or not. 400 for a bad name, 409 name in use. */
export const containerRename: Handler<'ContainerRename'> = async ({ engine, params, query }) => {
  await engine.containers.rename(params.id, query.name ?? '');
  return noContent();
};
