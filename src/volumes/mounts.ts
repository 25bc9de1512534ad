import { internal, messageOf } from '../errors.ts';
import { ExecutorError, type Executor } from '../host/executor.ts';
import { logger } from '../log.ts';
import { isMounted, mountFailure, unresolved, volumeMount, type VolumeMount } from './local-options.ts';
import type { Volume } from './service.ts';

const log = logger('volumes');

/** A share on another machine may take its time. */
const mountDeadlineMs = 90_000;

/**
 * The file systems behind volumes that are more than a directory: each is mounted while somebody uses it. Who uses one is known
 * in memory only; after a restart the containers that run are told again (`hold`), and the rest is unmounted (`settle`).
 */
export class VolumeMounts {
  readonly #executor: Pick<Executor, 'request'>;
  readonly #users = new Map<string, Set<string>>();

  constructor(executor: Pick<Executor, 'request'>) {
    this.#executor = executor;
  }

  /**
   * Mounts the volume for this user, unless it is already. A volume that is a directory needs nothing.
   * @throws internal with the reference's text
   */
  async hold(volume: Volume, user: string): Promise<void> {
    if (!isMounted(volume.options)) return;
    const { options, path } = volume;
    const prefix = `error while mounting volume '${path}': `;
    await locked(volume.name, async () => {
      const users = this.#users.get(volume.name) ?? new Set();
      const mount = await volumeMount(options).catch((error: unknown) => {
        throw internal(prefix + messageOf(error), error);
      });
      try {
        const parameters = { target: path, ...mount };
        await this.#executor.request('volume.mount', parameters, { deadlineMs: mountDeadlineMs });
      } catch (error) {
        throw internal(prefix + wordsOf(error, path, mount), error);
      }
      this.#users.set(volume.name, users.add(user));
    });
  }

  /** Ends this user's use; the last one's end unmounts. Never throws: what stays mounted is said in the log. */
  async release(volume: Volume, user: string): Promise<void> {
    if (!isMounted(volume.options)) return;
    await locked(volume.name, async () => {
      const users = this.#users.get(volume.name);
      if (!users?.delete(user) || users.size > 0) return;
      this.#users.delete(volume.name);
      await this.#unmount(volume);
    });
  }

  /** Unmounts what nobody uses: left by a daemon that was killed. */
  async settle(volumes: readonly Volume[]): Promise<void> {
    const unused = volumes.filter(({ name, options }) => isMounted(options) && !this.#users.has(name));
    await Promise.all(
      unused.map((volume) =>
        locked(volume.name, async () => {
          if (!this.#users.has(volume.name)) await this.#unmount(volume);
        }),
      ),
    );
  }

  /**
   * Runs `work` with what has to be mounted at the volume's path for it, undefined for a plain directory; nobody begins or ends a
   * use meanwhile.
   * @throws what work throws; internal with the reference's text for a failure of stage `volume`
   */
  async during<T>(volume: Volume, work: (mount: VolumeMount | undefined) => Promise<T>): Promise<T> {
    if (!isMounted(volume.options)) return work(undefined);
    const { options } = volume;
    // A name that is not known fails where it is mounted for real.
    const mount = await volumeMount(options).catch(() => unresolved(options));
    return locked(volume.name, async () => {
      try {
        return await work(mount);
      } catch (error) {
        if (!(error instanceof ExecutorError) || error.stage !== 'volume') throw error;
        throw internal(wordsOf(error, volume.path, mount), error);
      }
    });
  }

  async #unmount({ name, path }: Volume): Promise<void> {
    await this.#executor.request('volume.unmount', { target: path }).catch((error: unknown) => {
      log.error('volume stays mounted', { volume: name, error: messageOf(error) });
    });
  }
}

function wordsOf(error: unknown, path: string, mount: VolumeMount): string {
  const why = messageOf(error);
  return why.startsWith('mount: ') ? mountFailure(path, mount, why.slice('mount: '.length)) : why;
}

function locked<T>(name: string, work: () => Promise<T>): Promise<T> {
  return navigator.locks.request(`volume:${name}`, work) as Promise<T>;
}
