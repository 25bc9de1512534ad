import { containerInspect } from '../../wire/container-inspect.ts';
import { type Handler, json } from '../../handler.ts';

/** All that is known of a container; with `size`, what it takes on disk. 404 no such container. */
export const containerInspectHandler: Handler<'ContainerInspect'> = async ({ engine, params, query }) => {
  const container = engine.containers.get(params.id);
  const sizes = query.size ? await engine.containers.sizes(container) : undefined;
  return json(
    containerInspect(engine.containers, container, { sizes, execIds: engine.exec.idsOf(container.id) }),
  );
};
