import { parseReference, withTag } from '../../../src/oci/reference.ts';
import { jsonStream, type Handler } from '../../handler.ts';
import { withProgress } from '../../progress.ts';
import { registryAuth } from '../../registry-auth.ts';
import { platformQuery, requirePlatform } from './platform.ts';

/** Pushes an image to the registry its name says; failures arrive in the stream, as on dockerd. */
export const imagePush: Handler<'ImagePush'> = ({ engine, params, query, version, signal, req }) => {
  const named = parseReference(params.name);
  const reference = query.tag ? withTag(named, query.tag) : named;
  const platform = version.atLeast(46) ? platformQuery(query.platform) : undefined;
  return jsonStream((out) =>
    withProgress(out, async (progress) => {
      if (platform) requirePlatform(engine.images.resolve(params.name), params.name, platform);
      await engine.images.push(reference, { credentials: registryAuth(req), signal, progress });
    }),
  );
};
