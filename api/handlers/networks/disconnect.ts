import { empty, type Handler } from '../../handler.ts';

/** Takes a container off a network, running or not. */
export const networkDisconnect: Handler<'NetworkDisconnect'> = async ({ engine, params, body }) => {
  const { Container: container = '', Force: force = false } = body ?? {};
  await engine.containers.membership.disconnect(params.id, container, { force });
  return empty();
};
