import { resizeContainer } from '../../../src/containers/resize.ts';
import { empty, type Handler } from '../../handler.ts';
import { sizeOf } from '../../terminal-size.ts';

/** Sets the size of a container's terminal: 200. 400 size, 404 no such container, 409 not running. */
export const containerResize: Handler<'ContainerResize'> = async ({ engine, params, search }) => {
  const { height, width } = sizeOf(search);
  await resizeContainer(engine.containers, params.id, height, width);
  return empty(200);
};
