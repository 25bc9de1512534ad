import type { EventBus } from '../events/bus.ts';
import type { Container } from './container.ts';

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
