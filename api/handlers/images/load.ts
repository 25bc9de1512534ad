import { jsonStream, type Handler } from '../../handler.ts';
import { bodyOf } from '../../hijack.ts';
import { platformQuery } from './platform.ts';

/** Loads the images of an archive; errors arrive in the stream. Quiet unless told otherwise, as on dockerd. */
export const imageLoad: Handler<'ImageLoad'> = ({ engine, query, version, signal, req }) => {
  const platform = version.atLeast(48) ? platformQuery(query.platform) : undefined;
  return jsonStream(async (out) => {
    // Records leave in order, and the load waits for none of them but at the end.
    let sent = Promise.resolve();
    const progress = (record: object): void => {
      sent = sent.then(() => out.record(record));
      sent.catch(() => {});
    };
    try {
      await engine.images.load(bodyOf(req), { signal, quiet: query.quiet ?? true, progress, platform });
    } finally {
      await sent;
    }
  });
};
