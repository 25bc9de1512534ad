import { invalidArgument } from '../../../src/errors.ts';
import { receiveArchive, sendArchive } from '../../archive-stream.ts';
import { empty, type Context, type Handler } from '../../handler.ts';
import { parseBoolean } from '../../query.ts';

/** Where relays for clients over TLS have their sockets. */
const relays = ({ engine }: Pick<Context<'ContainerArchive'>, 'engine'>): string =>
  `${engine.config.execRoot}/relays`;

/** @throws invalid-argument in dockerd's words, the missing space included */
function requirePath(path: string | undefined): string {
  if (!path) throw invalidArgument('bad parameter: pathcannot be empty');
  return path;
}

/** What is at a path, in a header. 404 when nothing is. */
export const containerArchiveInfo: Handler<'ContainerArchiveInfo'> = async ({
  engine,
  params,
  query,
  signal,
}) => {
  const stat = await engine.files.stat(params.id, requirePath(query.path), signal);
  return empty(200, { 'X-Docker-Container-Path-Stat': stat });
};

/** What is at a path, as a tar. */
export const containerArchive: Handler<'ContainerArchive'> = (context) => {
  const { engine, params, query, req, res, signal } = context;
  const path = requirePath(query.path);
  return sendArchive(
    { req, res, signal, directory: relays(context) },
    'application/x-tar',
    () => engine.files.stat(params.id, path, signal),
    (to) => engine.files.get(params.id, path, to, signal),
  );
};

/** Unpacks a tar in a directory. */
export const putContainerArchive: Handler<'PutContainerArchive'> = async (context) => {
  const { engine, params, query, req, signal } = context;
  const path = requirePath(query.path);
  const options = {
    keepKind: parseBoolean(query.noOverwriteDirNonDir ?? ''),
    asUser: parseBoolean(query.copyUIDGID ?? ''),
  };
  await receiveArchive({ req, directory: relays(context) }, (from) =>
    engine.files.put(params.id, path, from, options, signal),
  );
  return empty(200);
};

/** The root filesystem as a tar. */
export const containerExport: Handler<'ContainerExport'> = (context) => {
  const { engine, params, req, res, signal } = context;
  return sendArchive(
    { req, res, signal, directory: relays(context) },
    'application/octet-stream',
    undefined,
    (to) => engine.files.export(params.id, to, signal),
  );
};
