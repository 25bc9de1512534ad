import { join } from 'node:path';
import { ContentStore } from '../content/store.ts';
import { executorApply } from '../diff/apply.ts';
import { executorDiff } from '../diff/diff.ts';
import type { EventBus } from '../events/bus.ts';
import type { Executor } from '../host/executor.ts';
import type { Database } from '../metadata/database.ts';
import type { Owner } from '../oci/id-mapping.ts';
import { OverlaySnapshotter } from '../snapshots/overlay.ts';
import type { Snapshotter } from '../snapshots/snapshotter.ts';
import type { ImagesDeps } from './deps.ts';
import { Images } from './images.ts';
import type { ImageUser } from './service.ts';
import { ImageStore } from './store.ts';
import { LayerUnpacker } from './unpack.ts';

export interface CreateImagesOptions {
  db: Database;
  dataRoot: string;
  executor: Pick<Executor, 'request'>;
  events: EventBus;
  /** Which containers stand on which image; may be asked as soon as requests are served. */
  users(): Iterable<ImageUser>;
  version: string;
  /** Registries without TLS, and mirrors of Docker Hub. */
  registries: ImagesDeps['registries'];
  /** Of what layers do not say an owner of. */
  owner: Owner;
}

/**
 * Builds the images service with what is below it. Before requests are served: `snapshotter.repair(...)`, then
 * `images.repair()`.
 */
export function createImages({
  db,
  dataRoot,
  executor,
  events,
  users,
  version,
  registries,
  owner,
}: CreateImagesOptions): {
  images: Images;
  snapshotter: Snapshotter;
} {
  const store = new ImageStore(db);
  const snapshotter = new OverlaySnapshotter({
    dataRoot,
    db,
    owner,
    trees: {
      remove: async (path) => {
        await executor.request('tree.remove', { path }, { deadlineMs: 0 });
      },
      measure: async (path) => {
        // As long as it takes: a container may hold millions of files.
        const { bytes, inodes } = await executor.request<{ bytes: number; inodes: number }>(
          'tree.size',
          { path },
          { deadlineMs: 0 },
        );
        return { sizeBytes: bytes, inodes };
      },
    },
    // The image may have been removed while the container was there.
    released: (chain) => {
      if (!store.needsChain(chain)) images.collectSoon();
    },
  });
  const content = new ContentStore({ root: join(dataRoot, 'content') });
  const apply = executorApply(executor);
  const images = new Images({
    store,
    content,
    snapshotter,
    apply,
    diff: executorDiff(executor),
    unpacker: new LayerUnpacker({ snapshotter, content, apply }),
    events,
    users,
    version,
    registries,
  });
  return { images, snapshotter };
}
