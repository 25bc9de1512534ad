import { invalidArgument } from '../../../src/errors.ts';
import { json, type Handler } from '../../handler.ts';

/** Removes a name of an image, and the image with its last one. */
export const imageDelete: Handler<'ImageDelete'> = async ({ engine, params, query }) => {
  if (params.name.trim() === '') throw invalidArgument('image name cannot be blank');
  return json(
    await engine.images.remove(params.name, {
      force: query.force ?? false,
      prune: !(query.noprune ?? false),
    }),
  );
};
