import { created, type Handler } from '../../handler.ts';
import { nameQuery } from './name.ts';

/** Makes an image of a container. */
export const imageCommit: Handler<'ImageCommit'> = async ({ engine, query, search, body, signal }) => {
  const name = nameQuery(query.repo, query.tag);
  // A body without a setting is none.
  const config = body && Object.keys(body).length > 0 ? body : undefined;
  const id = await engine.commits.commit(query.container ?? '', {
    name,
    author: query.author ?? '',
    comment: query.comment ?? '',
    // Clients repeat it, whatever the description says.
    changes: search.getAll('changes'),
    config,
    pause: query.pause ?? true,
    signal,
  });
  return created({ Id: id });
};
