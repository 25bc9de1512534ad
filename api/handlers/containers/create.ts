import { type Handler, created } from '../../handler.ts';
import { createBodyAt } from '../../wire/container-create.ts';

/** Makes a container. 400 for what is wrong with it, 404 no such image, 409 name in use. */
export const containerCreate: Handler<'ContainerCreate'> = async ({ engine, query, body, version }) => {
  const { id, warnings } = await engine.containers.create({
    name: query.name,
    platform: query.platform,
    body: createBodyAt(body, version),
  });
  return created({ Id: id, Warnings: warnings });
};
