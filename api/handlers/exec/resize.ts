import { empty, type Handler } from '../../handler.ts';
import { sizeOf } from '../../terminal-size.ts';

/** Sets the size of a command's terminal, waiting up to 10 s for its start: 200. 400 size, 404 no such exec or ended. */
export const execResize: Handler<'ExecResize'> = async ({ engine, params, search }) => {
  const { height, width } = sizeOf(search);
  await engine.exec.resize(engine.exec.getActive(params.id), height, width);
  return empty(200);
};
