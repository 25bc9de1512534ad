import type { ContentStore } from '../content/store.ts';
import type { ApplyLayer } from '../diff/apply.ts';
import type { EventBus } from '../events/bus.ts';
import type { Snapshotter } from '../snapshots/snapshotter.ts';
import type { ImageUser } from './service.ts';
import type { ImageStore } from './store.ts';

/** What the parts of the images service work with. */
export interface ImagesDeps {
  store: ImageStore;
  content: ContentStore;
  snapshotter: Snapshotter;
  apply: ApplyLayer;
  events: EventBus;
  /** Which containers stand on which image, now. */
  users(): Iterable<ImageUser>;
  /** This engine's version, for the configs it makes. */
  version: string;
}

/** Publishes `image <action>`; without a name of its own an event carries the image's id as the name, as dockerd's do. */
export function publishImage(
  deps: Pick<ImagesDeps, 'events' | 'store'>,
  action: string,
  id: string,
  name = id,
): void {
  const labels = deps.store.findRecord(id)?.config.config?.Labels ?? {};
  deps.events.publish('image', action, id, { ...labels, name });
}
