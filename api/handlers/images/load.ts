import { jsonStream, type Handler } from '../../handler.ts';
import { bodyOf } from '../../hijack.ts';
import { withProgress } from '../../progress.ts';
import { platformQuery } from './platform.ts';

/** Loads the images of an archive; errors arrive in the stream. Quiet unless told otherwise, as on dockerd. */
export const imageLoad: Handler<'ImageLoad'> = ({ engine, query, version, signal, req }) => {
  const platform = version.atLeast(48) ? platformQuery(query.platform) : undefined;
  const quiet = query.quiet ?? true;
  return jsonStream((out) =>
    withProgress(out, (progress) => engine.images.load(bodyOf(req), { signal, quiet, progress, platform })),
  );
};
