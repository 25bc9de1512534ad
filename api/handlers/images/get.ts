import { pipeline } from 'node:stream/promises';
import type { Engine } from '../../../src/engine.ts';
import { stream, type Handler, type Reply } from '../../handler.ts';
import { platformQuery, requirePlatform } from './platform.ts';

/** One image, or all tags of one repository, as an archive. */
export const imageGet: Handler<'ImageGet'> = ({ engine, params, query, signal }) =>
  archive(engine, [params.name], query.platform, signal);

/** Several images in one archive. */
export const imageGetAll: Handler<'ImageGetAll'> = ({ engine, query, signal }) =>
  archive(engine, query.names ?? [], query.platform, signal);

async function archive(
  engine: Engine,
  names: string[],
  platformText: string | undefined,
  signal: AbortSignal,
): Promise<Reply> {
  const platform = platformQuery(platformText);
  const content = await engine.images.save(names, signal);
  if (platform) for (const name of names) requirePlatform(engine.images.resolve(name), name, platform);
  return stream('application/x-tar', (out) => pipeline(content, out.body, { end: false, signal }));
}
