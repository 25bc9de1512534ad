import { invalidArgument } from '../../../src/errors.ts';
import { json, type Handler } from '../../handler.ts';
import { imageInspect as wire } from '../../wire/image.ts';
import { platformQuery, requirePlatform } from './platform.ts';

/** All that is known of one image. */
export const imageInspect: Handler<'ImageInspect'> = ({ engine, params, query, version }) => {
  const platform = version.atLeast(49) ? platformQuery(query.platform) : undefined;
  if (platform && query.manifests)
    throw invalidArgument('conflicting options: manifests and platform options cannot both be set');
  const image = engine.images.resolve(params.name);
  requirePlatform(image, params.name, platform);
  return json(wire(image, engine.images.graphDriver(image), version));
};
