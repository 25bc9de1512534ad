import {
  EngineError,
  conflict,
  internal,
  isKind,
  messageOf,
  notModified,
  unavailable,
} from '../../errors.ts';
import { logger } from '../../log.ts';
import type { Container } from '../container.ts';
import { publishContainerEvent } from '../events.ts';
import type { ContainerDeps } from '../deps.ts';
import type { StopOptions } from '../service.ts';
import { parseSignal, sigkill, sigterm } from '../signals.ts';
import type { ContainerStore } from '../store.ts';
import { runsOrWill, withContainerLock } from './lock.ts';
import type { RestartTimers } from './restart-policy.ts';

const log = logger('containers');

const defaultTimeoutSeconds = 10;
/** A process that SIGKILL does not end in this time hangs in the kernel. */
const killDeadlineMs = 10_000;
const highestSignal = 64;

/** Ends runs: kill, stop. No lock is held while waiting for a process. */
export class ContainerStopper {
  readonly #events: ContainerDeps['events'];
  readonly #store: ContainerStore;
  readonly #timers: RestartTimers;

  constructor(deps: Pick<ContainerDeps, 'events'>, store: ContainerStore, timers: RestartTimers) {
    this.#events = deps.events;
    this.#store = store;
    this.#timers = timers;
  }

  /**
   * Sends a signal; for SIGKILL also waits for the end.
   * @throws invalid-argument for the signal; conflict when it does not run. Texts begin as the reference's do.
   */
  async kill(container: Container, shown: string, given: string | undefined): Promise<void> {
    const prefix = `cannot kill container: ${shown}: `;
    const signal = killSignal(given, prefix);
    if (!(await runsOrWill(container))) throw conflict(`${prefix}container ${container.id} is not running`);
    try {
      await this.#signal(container, signal, this.#endsIt(container, signal));
    } catch (error) {
      throw prefixed(error, prefix);
    }
    if (signal === sigkill && !(await ended(container, killDeadlineMs)))
      throw internal(`${prefix}tried to kill container, but did not receive an exit event`);
  }

  /**
   * Asks the process to end, and ends it when it has not in time.
   * @throws not-modified when it does not run
   */
  async stop(container: Container, shown: string, options: StopOptions): Promise<void> {
    if (await this.#stopRestarting(container)) return;
    if (!(await runsOrWill(container))) throw notModified('container already stopped');
    await this.#halt(container, shown, options);
    publishContainerEvent(this.#events, container, 'stop');
  }

  async #halt(container: Container, shown: string, options: StopOptions): Promise<void> {
    const prefix = `cannot stop container: ${shown}: `;
    const signal = stopSignal(container, options.signal, prefix);
    const { StopTimeout } = container.config;
    const seconds = options.timeoutSeconds ?? StopTimeout ?? defaultTimeoutSeconds;
    try {
      await this.#signal(container, signal, true);
      if (await ended(container, seconds < 0 ? Infinity : seconds * 1000)) return;
      log.info('container did not stop in time, killing it', { container: container.id, seconds });
      await this.#signal(container, sigkill, true);
      if (await ended(container, killDeadlineMs)) return;
    } catch (error) {
      if (!container.running) return;
      throw prefixed(error, prefix);
    }
    throw unavailable(`${prefix}tried to kill container, but did not receive an exit event`);
  }

  /** Kills without regard to anything, for removal and exit; waits for the end. */
  async killNow(container: Container): Promise<void> {
    if (!container.running) return;
    try {
      await this.#signal(container, sigkill, true);
    } catch (error) {
      if (!container.running) return;
      throw error;
    }
    if (!(await ended(container, killDeadlineMs)))
      throw unavailable(`tried to kill container, but did not receive an exit event`);
  }

  /** A container between two runs is stopped by not running it again. */
  async #stopRestarting(container: Container): Promise<boolean> {
    if (container.state.status !== 'restarting') return false;
    return await withContainerLock(container.id, async () => {
      if (container.state.status !== 'restarting') return false;
      this.#timers.reset(container.id);
      this.#store.move(container, { status: 'exited', manuallyStopped: true });
      container.emit('exited', { code: container.state.exitCode, at: 0n, oomKilled: false });
      publishContainerEvent(this.#events, container, 'stop');
      return true;
    });
  }

  /** The process is going to end by the user's wish: the restart policy is told before. */
  async #signal(container: Container, signal: number, meantToEnd: boolean): Promise<void> {
    const { shim } = container;
    if (!shim) throw conflict(`container ${container.id} is not running`);
    if (meantToEnd && !container.state.manuallyStopped && container.hostConfig.RestartPolicy.Name !== 'no')
      await withContainerLock(container.id, async () => {
        if (container.running) this.#store.move(container, { manuallyStopped: true });
      });
    publishContainerEvent(this.#events, container, 'kill', { signal: String(signal) });
    await shim.kill(signal);
    // A frozen process gets the signal when it thaws.
    if (meantToEnd && container.state.status === 'paused') await shim.resume().catch(ignoreEnd(container));
  }

  #endsIt({ config }: Container, signal: number): boolean {
    const own = config.StopSignal ? parseSignal(config.StopSignal) : sigterm;
    return signal === sigkill || signal === own;
  }
}

function ignoreEnd(container: Container): (error: unknown) => void {
  return (error) => {
    if (container.running)
      log.warn('could not thaw a container that is to end', {
        container: container.id,
        error: messageOf(error),
      });
  };
}

function killSignal(given: string | undefined, prefix: string): number {
  if (given === undefined || given === '') return sigkill;
  if (/^[+-]?\d+$/.test(given)) {
    const number = Number(given);
    if (number === 0) return sigkill;
    if (number < 0 || number > highestSignal)
      throw new EngineError(
        'invalid-argument',
        `${prefix}the linux daemon does not support signal ${number}`,
      );
    return number;
  }
  try {
    return parseSignal(given);
  } catch (error) {
    throw prefixed(error, prefix);
  }
}

function stopSignal({ config }: Container, given: string | undefined, prefix: string): number {
  try {
    return given ? parseSignal(given) : config.StopSignal ? parseSignal(config.StopSignal) : sigterm;
  } catch (error) {
    // The reference answers 500 here.
    throw internal(prefix + messageOf(error), error);
  }
}

function prefixed(error: unknown, prefix: string): EngineError {
  const kind = error instanceof EngineError ? error.kind : 'internal';
  if (isKind(error, 'not-modified')) return error;
  return new EngineError(kind, prefix + messageOf(error), { cause: error });
}

/** Waits until the container does not run. Resolves false when it still does after `timeoutMs`. */
export function ended(container: Container, timeoutMs: number): Promise<boolean> {
  if (!container.running) return Promise.resolve(true);
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const over = (): void => resolve(true);
  const timer = Number.isFinite(timeoutMs) ? setTimeout(() => resolve(false), timeoutMs) : undefined;
  container.once('exited', over);
  return promise.finally(() => {
    clearTimeout(timer);
    container.off('exited', over);
  });
}
