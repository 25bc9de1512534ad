import type { EndpointRequest } from '../../../src/networks/service.ts';
import { empty, type Handler } from '../../handler.ts';

/** Puts a container on a network, running or not. 403 when it is there already, or its address is taken. */
export const networkConnect: Handler<'NetworkConnect'> = async ({ engine, params, body }) => {
  const { Container: container = '', EndpointConfig: endpoint = {} } = body ?? {};
  await engine.containers.membership.connect(params.id, container, endpoint as EndpointRequest);
  return empty();
};
