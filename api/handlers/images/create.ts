import { unimplemented } from '../../../src/errors.ts';
import { parsePlatform } from '../../../src/oci/platform.ts';
import { jsonStream, type Handler } from '../../handler.ts';
import { bodyOf } from '../../hijack.ts';
import { nameQuery } from './name.ts';

/** Pulls an image, or makes one of a root file system's tar. */
export const imageCreate: Handler<'ImageCreate'> = async ({ engine, query, version, signal, req }) => {
  const platform = version.atLeast(32) && query.platform ? parsePlatform(query.platform) : undefined;
  if (query.fromImage)
    throw unimplemented(
      `pulling ${query.fromImage}: registries are not supported yet; use "docker load" with an archive`,
    );
  const name = nameQuery(query.repo, query.tag);
  if (query.fromSrc !== '-')
    throw unimplemented(
      `importing from an address is not supported: ${query.fromSrc ?? ''}; send the archive with fromSrc=-`,
    );
  const id = await engine.images.import(bodyOf(req), {
    name,
    message: query.message || 'Imported from -',
    changes: query.changes ?? [],
    platform,
    signal,
  });
  return jsonStream(async (out) => {
    await out.record({ status: id });
  });
};
