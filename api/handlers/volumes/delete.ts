import { noContent, type Handler } from '../../handler.ts';
import { usersOf } from './users.ts';

/** Removes a volume with its content. 404 no such volume, unless forced; 409 while a container has it, forced or not. */
export const volumeDelete: Handler<'VolumeDelete'> = async ({ engine, params, query }) => {
  const { volumes, events } = engine;
  if (query.force && !volumes.find(params.name)) return noContent();
  await volumes.remove(params.name, usersOf(engine, params.name));
  events.publish('volume', 'destroy', params.name, { driver: 'local' });
  return noContent();
};
