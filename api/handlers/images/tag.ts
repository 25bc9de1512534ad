import { empty, type Handler } from '../../handler.ts';
import { nameQuery } from './name.ts';

/** Gives an image another name. Without `repo` nothing happens, as on dockerd. */
export const imageTag: Handler<'ImageTag'> = ({ engine, params, query }) => {
  const name = nameQuery(query.repo, query.tag);
  if (!name) return empty(200);
  engine.images.tag(params.name, name);
  return empty(201);
};
