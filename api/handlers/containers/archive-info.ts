import { empty, type Handler } from '../../handler.ts';
import { requirePath } from './archive-path.ts';

/** What is at a path, in a header. 404 when nothing is. */
export const containerArchiveInfo: Handler<'ContainerArchiveInfo'> = async ({
  engine,
  params,
  query,
  signal,
}) => {
  const stat = await engine.files.stat(params.id, requirePath(query.path), signal);
  return empty(200, { 'X-Docker-Container-Path-Stat': stat });
};
