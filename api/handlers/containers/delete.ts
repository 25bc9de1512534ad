import { type Handler, noContent } from '../../handler.ts';

/** Removes a container, with `v` its nameless volumes, with `force` though it runs. 409 when it runs. */
export const containerDelete: Handler<'ContainerDelete'> = async ({ engine, params, query }) => {
  const { force = false, v: volumes = false, link = false } = query;
  await engine.containers.remove(params.id, { force, volumes, link });
  return noContent();
};
