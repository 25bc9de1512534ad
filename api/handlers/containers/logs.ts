import { invalidArgument } from '../../../src/errors.ts';
import { stream, type Handler } from '../../handler.ts';
import { streamType } from '../../streams.ts';

/**
 * The log of a container, now or as it goes on. 400 no stream chosen, 404 no such container, 409 being removed, 500 bad time,
 * 501 nothing kept that could be read.
 */
export const containerLogs: Handler<'ContainerLogs'> = ({
  engine,
  params,
  query,
  search,
  version,
  signal,
}) => {
  const { stdout = false, stderr = false, follow = false, timestamps = false } = query;
  if (!stdout && !stderr) throw invalidArgument('Bad parameters: you must choose at least one stream');
  const { framed, chunks } = engine.logs.open(
    params.id,
    {
      stdout,
      stderr,
      follow,
      timestamps,
      details: query.details ?? false,
      since: search.get('since') ?? '',
      until: search.get('until') ?? '',
      tail: search.get('tail') ?? '',
    },
    signal,
  );
  return stream(streamType(framed, version), async (out) => {
    for await (const chunk of chunks) await out.write(chunk);
  });
};
