import { EngineError, invalidArgument, messageOf } from '../../errors.ts';
import { checkEndpoint, isMac, type EndpointTarget } from '../../networks/endpoint-config.ts';
import type { EndpointRequest } from '../../networks/service.ts';
import type { CreateBody } from '../service.ts';

/**
 * Checks the endpoints of NetworkingConfig. No network has to exist for it (that is found at start).
 * @param target  what is known of the network of that name or id
 * @throws invalid-argument with the reference's texts
 */
export function verifyEndpoints(body: CreateBody, target: (nameOrId: string) => EndpointTarget): void {
  const primary = target(body.HostConfig?.NetworkMode || 'default').name;
  if (body.MacAddress && !isMac(body.MacAddress))
    throw invalidArgument(`invalid config for network ${primary}: invalid MAC address ${body.MacAddress}`);
  const endpoints = (body.NetworkingConfig?.EndpointsConfig ?? {}) as Record<string, EndpointRequest | null>;
  for (const [given, endpoint] of Object.entries(endpoints)) {
    if (!endpoint) continue;
    const network = target(given);
    try {
      checkEndpoint(network, endpoint);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      throw invalidArgument(`invalid config for network ${network.name}: ${messageOf(error)}`, error);
    }
  }
}
