import { conflict, internal, isKind, messageOf } from '../../errors.ts';
import { faultPoint } from '../../faults.ts';
import { logger } from '../../log.ts';
import type { ShimClient } from '../../runtime/shim-client.ts';
import type { Container } from '../container.ts';
import type { ContainerDeps } from '../deps.ts';
import { publishContainerEvent } from '../events.ts';
import { withContainerLock } from '../lifecycle/lock.ts';
import { ended } from '../lifecycle/stop.ts';
import type { ContainerPaths } from '../paths.ts';
import type { ContainerStore } from '../store.ts';
import { findCriu } from './criu.ts';
import { CheckpointPlace, verifyCheckpointName } from './place.ts';

const log = logger('checkpoints');

/** The shim gives CRIU ten minutes, and says so when they are over. */
const writeDeadlineMs = 630_000;
/** Of a container that CRIU has killed. */
const endDeadlineMs = 10_000;

export interface CheckpointRequest {
  name: string;
  /** Instead of the container's own directory. */
  directory: string | undefined;
  /** The container ends with it. */
  exit: boolean;
}

/** Checkpoints of containers: their processes, written to disk by CRIU. */
export class ContainerCheckpoints {
  readonly #events: ContainerDeps['events'];
  readonly #store: ContainerStore;
  readonly #paths: ContainerPaths;

  constructor({ events }: Pick<ContainerDeps, 'events'>, store: ContainerStore, paths: ContainerPaths) {
    this.#events = events;
    this.#store = store;
    this.#paths = paths;
  }

  /** Names of a container's checkpoints, sorted. Throws as CheckpointPlace. */
  list(nameOrId: string, directory: string | undefined): Promise<string[]> {
    return this.#place(this.#store.get(nameOrId), directory, nameOrId).list();
  }

  async remove(nameOrId: string, name: string, directory: string | undefined): Promise<void> {
    await this.#place(this.#store.get(nameOrId), directory, nameOrId).remove(name);
  }

  /**
   * Writes a container that runs, or is paused, to disk. It shows as paused meanwhile. With `exit` it has ended when this
   * returns; when it fails the container goes on.
   * @throws conflict when it does not run; internal with what the reference, or CRIU, says
   */
  async create(nameOrId: string, request: CheckpointRequest): Promise<void> {
    const container = this.#store.get(nameOrId);
    await withContainerLock(container.id, async () => {
      const { shim } = container;
      if (!container.running || !shim) throw conflict(`container ${container.id} is not running`);
      verifyCheckpointName(request.name);
      const place = this.#place(container, request.directory, nameOrId);
      // The reference's texts differ in this, too.
      let word = 'cannot';
      try {
        await place.write(request.name, async (directory, into) => {
          word = 'Cannot';
          const criu = await findCriu();
          await this.#write(container, shim, { criu, directory, into, exit: request.exit });
        });
      } catch (error) {
        throw internal(`${word} checkpoint container ${nameOrId}: ${messageOf(error)}`, error);
      }
      log.info('checkpoint written', { container: container.id, checkpoint: request.name });
      publishContainerEvent(this.#events, container, 'checkpoint');
    });
    // Its end is recorded under the lock.
    if (request.exit && !(await ended(container, endDeadlineMs)))
      throw internal(`container ${container.id} did not end with its checkpoint`);
  }

  /** The directory of a checkpoint to start from. Throws internal when there is none of that name. */
  find(container: Container, name: string): Promise<string> {
    return this.#place(container, undefined, `/${container.name}`).get(name);
  }

  async #write(
    container: Container,
    shim: ShimClient,
    params: { criu: string; directory: string; into: string; exit: boolean },
  ): Promise<void> {
    const ran = container.state.status === 'running';
    if (ran) this.#show(container, 'paused');
    let gone = false;
    try {
      const asked = shim.checkpoint(params, { deadlineMs: writeDeadlineMs });
      faultPoint('checkpoint:asked');
      await asked;
      gone = params.exit;
    } catch (error) {
      gone = isKind(error, 'unavailable') && !shim.connected;
      throw error;
    } finally {
      if (ran && !gone) this.#show(container, 'running');
    }
  }

  #show(container: Container, status: 'running' | 'paused'): void {
    if (container.state.status === status) return;
    this.#store.move(container, { status });
    publishContainerEvent(this.#events, container, status === 'paused' ? 'pause' : 'unpause');
  }

  #place({ id }: Container, directory: string | undefined, owner: string): CheckpointPlace {
    return new CheckpointPlace(this.#paths.checkpoints(id), directory, owner);
  }
}
