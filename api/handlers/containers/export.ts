import { sendArchive } from '../../archive-stream.ts';
import type { Handler } from '../../handler.ts';

/** The root filesystem as a tar. */
export const containerExport: Handler<'ContainerExport'> = ({ engine, params, req, res, signal }) =>
  sendArchive(
    { req, res, signal, directory: `${engine.config.execRoot}/relays` },
    'application/octet-stream',
    undefined,
    (to) => engine.files.export(params.id, to, signal),
  );
