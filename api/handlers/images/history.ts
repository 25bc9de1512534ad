import { json, type Handler } from '../../handler.ts';
import { imageHistory as wire } from '../../wire/image.ts';
import { platformQuery, requirePlatform } from './platform.ts';

/** How an image was made, newest step first. */
export const imageHistory: Handler<'ImageHistory'> = ({ engine, params, query, version }) => {
  const platform = version.atLeast(48) ? platformQuery(query.platform) : undefined;
  requirePlatform(engine.images.resolve(params.name), params.name, platform);
  return json(engine.images.history(params.name).map(wire));
};
