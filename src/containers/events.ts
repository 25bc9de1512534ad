import type { EventBus } from '../events/bus.ts';
import type { NetworkService } from '../networks/service.ts';
import type { Container } from './container.ts';
import { sandboxRequest } from './network-request.ts';

/**
 * Publishes `container <action>`. The attributes are the container's labels, its image and name, then `more`.
 */
export function publishContainerEvent(
  events: EventBus,
  container: Container,
  action: string,
  more: Record<string, string> = {},
): void {
  const { config, name, id } = container;
  events.publish('container', action, id, { ...config.Labels, ...more, image: config.Image, name });
}

/** Publishes `network connect` or `network disconnect` for one network. */
export function publishNetworkEvent(
  { events, networks }: { events: EventBus; networks: Pick<NetworkService, 'get'> },
  { id }: Container,
  action: 'connect' | 'disconnect',
  network: string,
): void {
  const { Id, Name, Driver } = networks.get(network);
  events.publish('network', action, Id, { container: id, name: Name, type: Driver });
}

/** Publishes `network connect` or `network disconnect` for each network the container is on at this moment. */
export function publishNetworkEvents(
  { events, networks }: { events: EventBus; networks: Pick<NetworkService, 'settings' | 'driverOf'> },
  container: Container,
  action: 'connect' | 'disconnect',
): void {
  for (const [name, { NetworkID }] of Object.entries(networks.settings(sandboxRequest(container)).Networks)) {
    const type = networks.driverOf(NetworkID);
    if (type !== undefined)
      events.publish('network', action, NetworkID, { container: container.id, name, type });
  }
}
