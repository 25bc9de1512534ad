import { internal } from '../../../src/errors.ts';
import { parseAnyReference } from '../../../src/oci/reference.ts';
import { json, type Handler } from '../../handler.ts';
import { registryAuth } from '../../registry-auth.ts';

/** What a registry has under a name. */
export const distributionInspect: Handler<'DistributionInspect'> = async ({
  engine,
  params,
  signal,
  req,
}) => {
  const any = parseAnyReference(params.name);
  if (any.kind === 'id') throw internal('no manifest found for full image ID');
  const credentials = registryAuth(req);
  const { descriptor, platforms } = await engine.images.inspectRemote(any.named, { credentials, signal });
  return json({ Descriptor: descriptor, Platforms: platforms });
};
