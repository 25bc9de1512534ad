import { receiveArchive } from '../../archive-stream.ts';
import { empty, type Handler } from '../../handler.ts';
import { parseBoolean } from '../../query.ts';
import { requirePath } from './archive-path.ts';

/** Unpacks a tar in a directory. 404 when it is not there, 400 when it is none or read-only. */
export const putContainerArchive: Handler<'PutContainerArchive'> = async ({
  engine,
  params,
  query,
  req,
  signal,
}) => {
  const path = requirePath(query.path);
  const options = {
    keepKind: parseBoolean(query.noOverwriteDirNonDir ?? ''),
    asUser: parseBoolean(query.copyUIDGID ?? ''),
  };
  await receiveArchive({ req, directory: `${engine.config.execRoot}/relays` }, (from) =>
    engine.files.put(params.id, path, from, options, signal),
  );
  return empty(200);
};
