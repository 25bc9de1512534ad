import { json, type Handler } from '../../handler.ts';

/** Removes a name of an image, and the image with its last one. */
export const imageDelete: Handler<'ImageDelete'> = async ({ engine, params, query }) =>
  json(await engine.images.remove(params.name, { force: query.force ?? false, prune: !(query.noprune ?? false) }));
