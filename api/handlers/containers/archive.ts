import { sendArchive } from '../../archive-stream.ts';
import type { Handler } from '../../handler.ts';
import { requirePath } from './archive-path.ts';

/** What is at a path, as a tar. 404 when nothing is. */
export const containerArchive: Handler<'ContainerArchive'> = ({
  engine,
  params,
  query,
  req,
  res,
  signal,
}) => {
  const path = requirePath(query.path);
  return sendArchive(
    { req, res, signal, directory: `${engine.config.execRoot}/relays` },
    'application/x-tar',
    () => engine.files.stat(params.id, path, signal),
    (to) => engine.files.get(params.id, path, to, signal),
  );
};
