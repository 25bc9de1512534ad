import type { Platform } from '../../../src/oci/descriptor.ts';
import { isDigest } from '../../../src/oci/digest.ts';
import { parsePlatform } from '../../../src/oci/platform.ts';
import { parseReference, withTag, type Reference } from '../../../src/oci/reference.ts';
import { fetchArchive } from '../../../src/registry/archive.ts';
import { jsonStream, type Context, type Handler, type Reply } from '../../handler.ts';
import { bodyOf } from '../../hijack.ts';
import { withProgress } from '../../progress.ts';
import { registryAuth } from '../../registry-auth.ts';
import { nameQuery } from './name.ts';

type CreateContext = Context<'ImageCreate'>;

/** Pulls an image, or makes one of a root file system's tar. */
export const imageCreate: Handler<'ImageCreate'> = (context) => {
  const { query, version } = context;
  const platform = version.atLeast(32) && query.platform ? parsePlatform(query.platform) : undefined;
  return query.fromImage ? pull(context, platform) : importArchive(context, platform);
};

async function pull(
  { engine, query, signal, req }: CreateContext,
  platform: Platform | undefined,
): Promise<Reply> {
  const reference = referenceToPull(query.fromImage ?? '', query.tag ?? '');
  const prepared = await engine.images.preparePull(reference, {
    credentials: registryAuth(req),
    platform,
    signal,
  });
  return jsonStream((out) => withProgress(out, (progress) => engine.images.pull(prepared, signal, progress)));
}

/** `docker pull -a` sends a name with a colon at its end; what is called a tag may be a digest. */
function referenceToPull(fromImage: string, tag: string): Reference {
  const reference = parseReference(fromImage.replace(/:$/, ''));
  if (tag === '') return reference;
  return isDigest(tag) ? { ...reference, tag: undefined, digest: tag } : withTag(reference, tag);
}

async function importArchive(
  { engine, query, signal, req }: CreateContext,
  platform: Platform | undefined,
): Promise<Reply> {
  const name = nameQuery(query.repo, query.tag);
  const source = query.fromSrc ?? '';
  const options = {
    name,
    message: query.message || `Imported from ${source}`,
    changes: query.changes ?? [],
    platform,
    signal,
  };
  if (source === '-') {
    const status = await engine.images.import(bodyOf(req), options);
    return jsonStream((out) => out.record({ status }));
  }
  const { url, body } = await fetchArchive(source, signal);
  return jsonStream(async (out) => {
    await out.record({ status: `Downloading from ${url}` });
    await out.record({ status: await engine.images.import(body, options) });
  });
}
