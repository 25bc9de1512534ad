import { rm } from 'node:fs/promises';
import { conflict, internal, isKind, messageOf } from '../../errors.ts';
import { faultPoint } from '../../faults.ts';
import { logger } from '../../log.ts';
import type { Container } from '../container.ts';
import type { ContainerDeps } from '../deps.ts';
import { publishContainerEvent } from '../events.ts';
import { Links } from '../links.ts';
import type { ContainerPaths } from '../paths.ts';
import type { RemoveOptions } from '../service.ts';
import type { ContainerStore } from '../store.ts';
import { withContainerLock } from './lock.ts';
import type { RestartTimers } from './restart-policy.ts';
import type { ContainerStopper } from './stop.ts';

const log = logger('containers');

/**
 * Removes containers. The row goes first, with one commit: from then on there is no such container, and what a crash
 * leaves of its files has no row and is swept at the next start. Only volumes go before, because nothing else names them; the
 * state says so, and the next daemon finishes what was begun.
 */
export class ContainerRemover {
  readonly #deps: Pick<ContainerDeps, 'events' | 'networks' | 'snapshotter' | 'volumes'>;
  readonly #store: ContainerStore;
  readonly #links: Links;
  readonly #paths: ContainerPaths;
  readonly #stopper: ContainerStopper;
  readonly #timers: RestartTimers;
  readonly #removing = new Set<string>();

  constructor(
    deps: Pick<ContainerDeps, 'events' | 'networks' | 'snapshotter' | 'volumes'>,
    store: ContainerStore,
    paths: ContainerPaths,
    { stopper, timers }: { stopper: ContainerStopper; timers: RestartTimers },
  ) {
    this.#deps = deps;
    this.#store = store;
    this.#links = new Links(store);
    this.#paths = paths;
    this.#stopper = stopper;
    this.#timers = timers;
  }

  /** True from the moment a removal has begun. */
  isRemoving(id: string): boolean {
    return this.#removing.has(id);
  }

  /**
   * Removes a container that does not run, or with `force` any.
   * @throws conflict with the reference's texts
   */
  async remove(container: Container, shown: string, options: RemoveOptions): Promise<void> {
    const { id } = container;
    if (options.link) {
      if (!shown.replace(/^\//, '').includes('/'))
        throw internal('Conflict, cannot remove the default link name of the container');
      return this.#links.remove(shown);
    }
    if (this.#removing.has(id)) throw conflict(`removal of container ${shown} is already in progress`);
    if (!options.force) refuseLive(container, shown);
    this.#removing.add(id);
    try {
      this.#timers.reset(id);
      // From here on no start begins; one that had begun already is ended once it is through.
      do {
        if (options.force) await this.#stopper.killNow(container);
      } while (!(await withContainerLock(id, () => this.#erase(container, shown, options))));
    } finally {
      this.#removing.delete(id);
    }
  }

  /** Returns false when the container runs although it is to go. */
  async #erase(container: Container, shown: string, { volumes, force }: RemoveOptions): Promise<boolean> {
    const { id } = container;
    if (this.#store.find(id) !== container) return true;
    if (container.running && force) return false;
    if (!force) refuseLive(container, shown);
    if (volumes && container.record.anonymousVolumes.length > 0) {
      // A container without its volumes is none: from here on the next daemon finishes it.
      this.#store.move(container, { status: 'removing' });
      await this.#removeVolumes(container);
    }
    faultPoint('remove:volumes');
    this.#store.delete(container);
    faultPoint('remove:deleted');
    this.#deps.networks.forget(id);
    this.#links.forget(id);
    // The kill of a removal by force has left its word here.
    this.#timers.reset(id);
    await this.#cleanUp(id);
    faultPoint('remove:cleaned');
    publishContainerEvent(this.#deps.events, container, 'destroy');
    log.info('container removed', { container: id });
    container.emit('removed');
    return true;
  }

  async #cleanUp(id: string): Promise<void> {
    const steps = [
      this.#deps.snapshotter.remove(id),
      rm(this.#paths.directory(id), { recursive: true, force: true }),
    ];
    for (const result of await Promise.allSettled(steps))
      if (result.status === 'rejected')
        log.error('files of a removed container are left until the next start', {
          container: id,
          error: messageOf(result.reason),
        });
  }

  /** Volumes without a name of their own that no other container uses. */
  async #removeVolumes({ id, record }: Container): Promise<void> {
    for (const name of record.anonymousVolumes) {
      const used = this.#store
        .all()
        .some((other) => other.id !== id && other.record.mounts.some(({ Name }) => Name === name));
      if (used) continue;
      await this.#deps.volumes.remove(name, []).catch((error: unknown) => {
        if (!isKind(error, 'not-found'))
          log.error('volume of a container could not be removed', {
            container: id,
            volume: name,
            error: messageOf(error),
          });
      });
    }
  }
}

function refuseLive({ state }: Container, shown: string): void {
  const why: Record<string, string> = {
    running: 'container is running: stop the container before removing or force remove',
    paused: 'container is paused and must be unpaused first',
    restarting: 'container is restarting: stop the container before removing or force remove',
  };
  const text = why[state.status];
  if (text !== undefined) throw conflict(`cannot remove container "${shown}": ${text}`);
}
