import type { ContentStore } from '../content/store.ts';
import type { ApplyLayer } from '../diff/apply.ts';
import type { DiffLayer } from '../diff/diff.ts';
import type { EventBus } from '../events/bus.ts';
import type { Snapshotter } from '../snapshots/snapshotter.ts';
import type { ImageUser } from './service.ts';
import type { ImageStore } from './store.ts';
import type { LayerUnpacker } from './unpack.ts';

/** What the parts of the images service work with. */
export interface ImagesDeps {
  store: ImageStore;
  content: ContentStore;
  snapshotter: Snapshotter;
  apply: ApplyLayer;
  diff: DiffLayer;
  unpacker: LayerUnpacker;
  events: EventBus;
  /** Which containers stand on which image, now. */
  users(): Iterable<ImageUser>;
  /** This engine's version, for the configs it makes. */
  version: string;
  /** Registries without TLS, and mirrors of Docker Hub. */
  registries: { readonly insecure: readonly string[]; readonly mirrors: readonly string[] };
}

/**
 * Publishes `image <action>` of an image; without a name of its own the event carries the id as the name, as dockerd's do. Where
 * the event's subject is a name (pull, push), `imageId` tells whose labels go with it.
 */
export function publishImage(
  deps: Pick<ImagesDeps, 'events' | 'store'>,
  action: string,
  id: string,
  name = id,
  imageId = id,
): void {
  const labels = deps.store.findRecord(imageId)?.config.config?.Labels ?? {};
  deps.events.publish('image', action, id, { ...labels, name });
}
